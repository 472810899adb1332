import { GraphQLError } from 'graphql';
import { errorCodes, type ErrorCode } from './error-codes.ts';

export function graphqlError(
  code: ErrorCode,
  message: string,
  data: Record<string, unknown> = {},
): GraphQLError {
  return new GraphQLError(message, { extensions: { ...data, code } });
}

const shownLengthMax = 80;

/** How a rejected value is shown: as JSON, shortened, so that an answer never echoes a document. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > shownLengthMax ? `${text.slice(0, shownLengthMax)}…` : text;
}

/** Malformed input that no union member describes: an argument out of range, an id that is none. */
export function badInput(
  message: string,
  { field, value }: { field: string; value?: unknown },
): GraphQLError {
  return graphqlError(errorCodes.badUserInput, message, {
    field,
    ...(value === undefined ? {} : { value: shownValue(value) }),
  });
}

export function limitExceeded(message: string): GraphQLError {
  return graphqlError(errorCodes.limitExceeded, message);
}

export function forbidden(anyOf: readonly string[]): GraphQLError {
  return graphqlError(errorCodes.forbidden, `This needs the scope ${anyOf.join(' or ')}.`, {
    scopes: anyOf,
  });
}
