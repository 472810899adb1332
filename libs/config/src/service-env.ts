import { z } from 'zod';
import { httpUrl, jwkJson, jwksJson, port, postgresUrl } from './env-types.ts';
import { eventLogEnv } from './event-log-env.ts';

export const eventWaitMs = z.coerce
  .number()
  .int()
  .min(0)
  .max(60_000)
  .default(3_000)
  .describe('How long a command waits for an event that is in flight (ADR 0013).');

/** What every process reads, the gateway's too. */
export const processEnv = {
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('production')
    .describe('In production failpoints, development tokens and the explorer stay off.'),
  HOST: z.string().default('127.0.0.1').describe('Address on which it listens.'),
  PORT: port.describe('Port on which it listens; 0 takes a free one.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('What is logged, as JSON lines.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl
    .optional()
    .describe('Where spans are sent; without it none are made.'),
  ONECOUNT_PARENT_PID: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('Set by `npm start`: when that process is gone, this one drains and ends.'),
};

/** What every subgraph reads from its environment; spread into `z.object({ ...serviceEnv, … })`. */
export const serviceEnv = {
  ...processEnv,
  DATABASE_URL: postgresUrl.describe(
    'PostgreSQL as the service role; `?sslmode=verify-full&sslrootcert=…` for TLS.',
  ),
  DATABASE_SESSION_URL: postgresUrl
    .optional()
    .describe(
      'Behind a pooler in transaction mode: PostgreSQL itself, for the relay of the outbox, whose lock lives as long as its session.',
    ),
  DATABASE_POOL_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(10)
    .describe(
      'Connections of one process for requests and events; the relay of the outbox has one more.',
    ),
  TIMEOUT_FACTOR: z.coerce
    .number()
    .min(1)
    .max(100)
    .default(1)
    .describe(
      'On a slow or crowded machine: the database and other services are waited for this many times as long.',
    ),
  MIGRATION_DATABASE_URL: postgresUrl
    .optional()
    .describe('For `migrate.ts` alone: PostgreSQL as the owner of the database.'),
  ...eventLogEnv,
  INTERNAL_SIGNING_KEY: jwkJson
    .optional()
    .describe('Private Ed25519 JWK by which the service calls others; catalog and pos need one.'),
  INTERNAL_TRUSTED_KEYS: jwksJson.describe(
    'JWK set of those whose internal tokens are accepted, `kid` `<service>` or `<service>.<id>`, two of each at most.',
  ),
  FAILPOINT_DIR: z.string().optional().describe('Tests alone; refused in production.'),
  INTROSPECTION: z.stringbool().default(false).describe('Whether the schema can be asked for.'),
};

export type ServiceConfig = z.infer<z.ZodObject<typeof serviceEnv>>;
