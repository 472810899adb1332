import { isMainThread } from 'node:worker_threads';
import pino from 'pino';
import { currentRequest } from './request-context.ts';

export type Logger = pino.Logger;
export type LoggerOptions = {
  service: string;
  level?: string;
  /** Tests read the lines; processes write to standard output. */
  destination?: pino.DestinationStream;
};

// Credentials and whatever identifies a customer. Wildcards reach one level, which covers a logged
// request, its headers and a logged input; the rule stays: log ids, not documents.
const secretNames = [
  'authorization',
  'cookie',
  'token',
  'accessToken',
  'password',
  'secret',
  'privateKey',
  'customer',
  'customerName',
  'email',
  'phone',
  'address',
];
const redactPaths = secretNames.flatMap((name) => [
  name,
  `*.${name}`,
  `headers.${name}`,
  `*.headers.${name}`,
  `variables.input.${name}`,
]);

export function createLogger(options: LoggerOptions): Logger {
  const settings: pino.LoggerOptions = {
    level: options.level ?? 'info',
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: redactPaths, censor: '[redacted]' },
    serializers: { err: serializeError },
    mixin: requestFields,
  };
  // Written at once: what a process says last is there, and where nobody reads any more the stream knows it
  // before `fatal` flushes, which would try again for ever.
  return pino(settings, options.destination ?? ownOutput());
}

// A thread's output goes to whoever started it, not into the output of the whole process.
const ownOutput = (): pino.DestinationStream =>
  isMainThread ? pino.destination({ fd: 1, sync: true }) : process.stdout;

function requestFields(): object {
  const request = currentRequest();
  if (!request) return {};
  return {
    requestId: request.requestId,
    tenantId: request.tenantId,
    traceId: request.trace?.traceId,
  };
}

// pg puts the offending row into `detail` and `where`; a customer's data must not reach the log that way.
const quietFields = new Set(['detail', 'where', 'parameters', 'query', 'driverError', 'nodes']);

function serializeError(err: unknown): unknown {
  if (!(err instanceof Error)) return err;
  const plain = pino.stdSerializers.err(err) as unknown as Record<string, unknown>;
  return Object.fromEntries(Object.entries(plain).filter(([name]) => !quietFields.has(name)));
}
