import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isConnectionFailure } from '@onecount/outage';
import type { Logger } from '@onecount/telemetry';
import { errorCodes, type ErrorCode } from './error-codes.ts';
import { maskedError } from './error-format.ts';
import { MalformedTextError } from './json-body.ts';

/** Failures before GraphQL has the same shape as those inside it: a client reads one format. */
export type HttpError = { errors: { message: string; extensions: { code: ErrorCode } }[] };

export function httpError(code: ErrorCode, message: string): HttpError {
  return { errors: [{ message, extensions: { code } }] };
}

export function createHttpErrorHandler(options: { log: Logger; bodyBytesMax: number }) {
  return (err: FastifyError, _request: FastifyRequest, reply: FastifyReply): void => {
    const status = err.statusCode ?? 500;
    if (status === 413) {
      const message = `The request body is larger than ${options.bodyBytesMax / 1024} KB.`;
      void reply.code(413).send(httpError(errorCodes.limitExceeded, message));
    } else if (status === 415) {
      const message = 'The content type must be application/json.';
      void reply.code(415).send(httpError(errorCodes.badRequest, message));
    } else if (err instanceof MalformedTextError) {
      void reply.code(400).send(httpError(errorCodes.badUserInput, err.message));
    } else if (status >= 400 && status < 500) {
      const message = 'The request body is not valid JSON.';
      void reply.code(400).send(httpError(errorCodes.badRequest, message));
    } else if (isConnectionFailure(err)) {
      options.log.warn({ reason: err.message }, 'a request found the database away');
      void answerUnavailable(reply);
    } else {
      options.log.error({ err }, 'a request failed unexpectedly');
      void reply.code(500).send({ errors: [maskedError()] });
    }
  };
}

/** 503: nothing is wrong with the request, and it can be answered after a pause. */
export function answerUnavailable(reply: FastifyReply): FastifyReply {
  const message = 'A part that this needs is not available at the moment. Send it again.';
  return reply
    .code(503)
    .header('retry-after', String(retrySeconds))
    .send(httpError(errorCodes.serviceUnavailable, message));
}

const retrySeconds = 2;

export function answerNotFound(_request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(404).send(httpError(errorCodes.badRequest, 'There is nothing at this address.'));
}
