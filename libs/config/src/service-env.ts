import { z } from 'zod';
import { httpUrl, jwkJson, jwksJson, port, postgresUrl } from './env-types.ts';
import { kafkaEnv } from './kafka-env.ts';

/** For services that answer from copies: how long a command waits for an event that is in flight (ADR 0013). */
export const eventWaitMs = z.coerce.number().int().min(0).max(60_000).default(3_000);

/** What every subgraph reads from its environment; spread into `z.object({ ...serviceEnv, … })`. */
export const serviceEnv = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DATABASE_URL: postgresUrl,
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(200).default(10),
  /** On a slow or crowded machine: the database and other services are waited for this many times as long. */
  TIMEOUT_FACTOR: z.coerce.number().min(1).max(100).default(1),
  MIGRATION_DATABASE_URL: postgresUrl.optional(),
  ...kafkaEnv,
  EVENT_LOG_URL: postgresUrl.optional(),
  /** How long the partitions of a consumer that was killed wait before another one, or its successor, gets them. */
  KAFKA_SESSION_TIMEOUT_MS: z.coerce.number().int().min(2_000).max(300_000).default(10_000),
  KAFKA_PARTITIONS: z.coerce.number().int().min(1).max(1000).default(24),
  TOPIC_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]*$/, 'has characters that Kafka refuses in a topic name')
    .default(''),
  INTERNAL_SIGNING_KEY: jwkJson.optional(),
  INTERNAL_TRUSTED_KEYS: jwksJson,
  FAILPOINT_DIR: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  INTROSPECTION: z.stringbool().default(false),
  /** The launcher on a developer's machine: when it disappears, the service drains and ends. */
  ONECOUNT_PARENT_PID: z.coerce.number().int().positive().optional(),
};

export type ServiceConfig = z.infer<z.ZodObject<typeof serviceEnv>>;
