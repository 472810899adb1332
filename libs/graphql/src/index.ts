export {
  callerOfRequest,
  requireInternalToken,
  type VerifyInternalToken,
} from './authentication.ts';
export { createBoundedMap } from './bounded-map.ts';
export { closeGently } from './close-gently.ts';
export {
  connectionFrom,
  decodeCursor,
  encodeCursor,
  pageArgs,
  type Connection,
  type CursorPart,
  type PageInfo,
} from './connection.ts';
export { inOrder } from './in-order.ts';
export { createContext, type BatchFunction, type SubgraphContext } from './context.ts';
export { errorCodeFacts, errorCodes, isErrorCode, type ErrorCode } from './error-codes.ts';
export { createErrorFormatter, maskedError, type ErrorFormatter } from './error-format.ts';
export { createExecutor, type ExecutionRequest, type Executor } from './executor.ts';
export { badInput, forbidden, graphqlError, limitExceeded } from './graphql.errors.ts';
export {
  answerNotFound,
  answerUnavailable,
  createHttpErrorHandler,
  httpError,
  type HttpError,
} from './http-errors.ts';
export { parseJsonBodies } from './json-body.ts';
export { limitRules, subgraphLimits, type QueryLimits } from './limits.ts';
export { operationKey, operationRequestOf, type OperationRequest } from './operation-request.ts';
export { requestRules } from './request-rules.ts';
export { isCalendarDay, scalarResolvers } from './scalars.ts';
export { assertScopes } from './scopes.ts';
export {
  createServiceClient,
  type ServiceClient,
  type ServiceClientOptions,
  type ServiceOperation,
} from './service-client.ts';
export {
  ServiceCallError,
  ServiceRefusedError,
  ServiceTimeoutError,
  ServiceUnavailableError,
} from './service-client.errors.ts';
export { sharedTypeDefs } from './shared-schema.ts';
export { buildSubgraph, type Resolvers } from './subgraph-schema.ts';
export {
  createSubgraphServer,
  type SubgraphServer,
  type SubgraphServerOptions,
} from './subgraph-server.ts';
