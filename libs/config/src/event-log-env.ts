import { z } from 'zod';
import { postgresUrl } from './env-types.ts';
import { kafkaEnv } from './kafka-env.ts';

/** Which event log serves, and how: what every service reads, and every tool that looks into its log. */
export const eventLogEnv = {
  ...kafkaEnv,
  EVENT_LOG_URL: postgresUrl
    .optional()
    .describe(
      'The embedded event log in place of Kafka, a PostgreSQL database of its own: for development.',
    ),
  KAFKA_SESSION_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(2_000)
    .max(300_000)
    .default(10_000)
    .describe(
      'How long the partitions of a consumer that was killed wait before another one gets them.',
    ),
  KAFKA_PARTITIONS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(24)
    .describe(
      'Partitions of a topic when it is made: the most processes of a service that can apply events at a time.',
    ),
  TOPIC_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]*$/, 'has characters that Kafka refuses in a topic name')
    .default('')
    .describe('Put before every topic and group, so that systems can share a cluster.'),
};

export type EventLogConfig = z.infer<z.ZodObject<typeof eventLogEnv>>;
