import type { FastifyReply, FastifyRequest } from 'fastify';
import { TokenError, TokenExpired, TokenMissing, type Caller } from '@onecount/identity';
import type { Logger } from '@onecount/telemetry';
import { errorCodes } from './error-codes.ts';
import { httpError, type HttpError } from './http-errors.ts';

export type VerifyInternalToken = (token: string | undefined) => Promise<Caller>;

const bearer = 'Bearer ';
const callers = new WeakMap<FastifyRequest, Caller>();

/** A hook before the body is read: who has no valid internal token costs us no parsing and learns no schema. */
export function requireInternalToken(verify: VerifyInternalToken, log: Logger) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const header = request.headers.authorization;
    const token = header?.startsWith(bearer) ? header.slice(bearer.length) : undefined;
    try {
      callers.set(request, await verify(token));
      return undefined;
    } catch (err) {
      if (!(err instanceof TokenError)) throw err;
      log.warn({ reason: err.name }, 'a request without a valid internal token was refused');
      return reply.code(401).send(unauthenticated(err));
    }
  };
}

export function callerOfRequest(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error('The request has passed no authentication.');
  return caller;
}

function unauthenticated(err: TokenError): HttpError {
  if (err instanceof TokenMissing) {
    return httpError(
      errorCodes.unauthenticated,
      'This service answers only with an internal token.',
    );
  }
  if (err instanceof TokenExpired) {
    return httpError(errorCodes.unauthenticated, 'The internal token has expired.');
  }
  return httpError(errorCodes.unauthenticated, 'The internal token is not valid for this service.');
}
