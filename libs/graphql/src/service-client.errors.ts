import { errorCodes, isErrorCode, type ErrorCode } from './error-codes.ts';

/** A call to another service that brought no answer. `extensions` let it pass through GraphQL unmasked. */
export class ServiceCallError extends Error {
  override readonly name: string = 'ServiceCallError';
  readonly service: string;
  readonly extensions: { code: ErrorCode; service: string };

  constructor(service: string, code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.service = service;
    this.extensions = { code, service };
  }
}

/** Not reached, or broken off. Whether the command was carried out is unknown: ask again with the same key. */
export class ServiceUnavailableError extends ServiceCallError {
  override readonly name = 'ServiceUnavailableError';
  constructor(service: string, options?: ErrorOptions) {
    super(service, errorCodes.subgraphUnavailable, `${service} is not available.`, options);
  }
}

/** No answer in time. Whether the command was carried out is unknown: ask again with the same key. */
export class ServiceTimeoutError extends ServiceCallError {
  override readonly name = 'ServiceTimeoutError';
  constructor(service: string, timeoutMs: number) {
    super(service, errorCodes.subgraphTimeout, `${service} did not answer within ${timeoutMs} ms.`);
  }
}

/** The service answered with a GraphQL error; `code` is its code. Refusals of the business are data, not this. */
export class ServiceRefusedError extends ServiceCallError {
  override readonly name = 'ServiceRefusedError';
  readonly code: ErrorCode;
  constructor(service: string, given: { code: unknown; message: string }) {
    const code = isErrorCode(given.code) ? given.code : errorCodes.internalServerError;
    const message =
      code === errorCodes.unauthenticated
        ? `${service} does not accept requests of this service at the moment.`
        : `${service}: ${given.message}`;
    super(service, passedOn(code), message);
    this.code = code;
  }
}

// That our own call was malformed or not allowed is our bug, not the client's: it is masked. That our token is not accepted
// is neither's: the clocks or the keys differ, and until somebody mends that the service is away for us.
function passedOn(code: ErrorCode): ErrorCode {
  if (code === errorCodes.unauthenticated) return errorCodes.subgraphUnavailable;
  const isForClient = code === errorCodes.badUserInput || code === errorCodes.limitExceeded;
  const isOutage = code === errorCodes.subgraphTimeout || code === errorCodes.subgraphUnavailable;
  return isForClient || isOutage ? code : errorCodes.internalServerError;
}
