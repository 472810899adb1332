import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isConnectionFailure, isContention } from '@onecount/outage';
import { currentRequest, type Logger } from '@onecount/telemetry';
import { errorCodes, isErrorCode, type ErrorCode } from './error-codes.ts';

export type ErrorFormatter = (
  formatted: GraphQLFormattedError,
  error: unknown,
) => GraphQLFormattedError;

/**
 * The only way an error leaves a process: a code of the closed set with its message and data, or, for
 * everything that we did not throw on purpose, one sentence with the request id. The log has the rest.
 */
export function createErrorFormatter(log: Logger): ErrorFormatter {
  return (formatted, error) => {
    const cause = rootCause(error);
    const code = codeOf(formatted, cause);
    if (code === errorCodes.internalServerError)
      return { ...place(formatted), ...unexpected(cause, formatted, log) };
    const message =
      code === errorCodes.limitExceeded ? withoutPrefix(formatted.message) : formatted.message;
    return { ...place(formatted), message, extensions: { ...publicData(formatted), code } };
  };
}

export function maskedError(): GraphQLFormattedError {
  return {
    message: 'Something went wrong on our side. Give the request id when you ask about it.',
    extensions: {
      code: errorCodes.internalServerError,
      requestId: currentRequest()?.requestId,
    },
  };
}

// PostgreSQL takes no NUL, as text (22021) or in JSON (22P05). Services refuse it where they name the
// field; this is for every other text of a request. By shape: services without a database load this too.
function isUnstorableText(cause: unknown): boolean {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return cause instanceof Error && (code === '22021' || code === '22P05');
}

const unstorableText = {
  message: 'A text of the request has a character that cannot be stored (NUL).',
  extensions: { code: errorCodes.badUserInput },
};

// What was not thrown on purpose: a text that nobody can store, a database that is busy or away, or a bug.
function unexpected(
  cause: unknown,
  { path }: GraphQLFormattedError,
  log: Logger,
): GraphQLFormattedError {
  if (isUnstorableText(cause)) return unstorableText;
  if (isContention(cause)) {
    log.warn({ err: cause, path }, 'a field waited too long for the database');
    return waitedTooLong;
  }
  if (isConnectionFailure(cause)) {
    log.warn(
      { reason: (cause as Error).message, path },
      'a field found the database or another part away',
    );
    return partAway;
  }
  log.error({ err: cause, path }, 'a field failed unexpectedly');
  return maskedError();
}

// The same request carries the same idempotency key, so that neither sentence has to speak of mutations.
const waitedTooLong = {
  message: 'The database was too busy with these rows. Send the same request again.',
  extensions: { code: errorCodes.subgraphTimeout },
};
const partAway = {
  message:
    'What this needs is not available at the moment. Send the same request again after a pause.',
  extensions: { code: errorCodes.subgraphUnavailable },
};

function rootCause(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? error.originalError : error;
}

// A limit rule reports its own code, which Apollo overwrites with that of the failing phase: the cause wins.
function codeOf(formatted: GraphQLFormattedError, cause: unknown): ErrorCode {
  const own = (cause as { extensions?: { code?: unknown } } | undefined)?.extensions?.code;
  if (own === errorCodes.limitExceeded) return own;
  if (formatted.message.includes('Document contains more that')) return errorCodes.limitExceeded;
  const code = formatted.extensions?.['code'];
  return isErrorCode(code) ? code : errorCodes.internalServerError;
}

function withoutPrefix(message: string): string {
  return message.replace(/^Syntax Error: /, '');
}

function place(
  formatted: GraphQLFormattedError,
): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return {
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
  };
}

function publicData(formatted: GraphQLFormattedError): Record<string, unknown> {
  const { stacktrace: _stack, http: _http, ...data } = formatted.extensions ?? {};
  return data;
}
