/** The closed set of `extensions.code`. A client may switch over it; anything else is a bug of ours. */
export const errorCodes = {
  unauthenticated: 'UNAUTHENTICATED',
  forbidden: 'FORBIDDEN',
  badUserInput: 'BAD_USER_INPUT',
  graphqlParseFailed: 'GRAPHQL_PARSE_FAILED',
  graphqlValidationFailed: 'GRAPHQL_VALIDATION_FAILED',
  operationResolutionFailure: 'OPERATION_RESOLUTION_FAILURE',
  limitExceeded: 'LIMIT_EXCEEDED',
  subgraphUnavailable: 'SUBGRAPH_UNAVAILABLE',
  subgraphTimeout: 'SUBGRAPH_TIMEOUT',
  badRequest: 'BAD_REQUEST',
  persistedQueryNotFound: 'PERSISTED_QUERY_NOT_FOUND',
  persistedQueryNotSupported: 'PERSISTED_QUERY_NOT_SUPPORTED',
  internalServerError: 'INTERNAL_SERVER_ERROR',
} as const;

export type ErrorCode = (typeof errorCodes)[keyof typeof errorCodes];

const known: ReadonlySet<unknown> = new Set(Object.values(errorCodes));

export function isErrorCode(value: unknown): value is ErrorCode {
  return known.has(value);
}
