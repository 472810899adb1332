import { answerUnavailable, errorCodes, httpError, type HttpError } from '@onecount/graphql';
import {
  TokenError,
  TokenInvalid,
  TokenKeysUnavailable,
  TokenMissing,
  type AccessIdentity,
  type AccessTokenVerifier,
} from '@onecount/identity';
import type { Logger } from '@onecount/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';

const identities = new WeakMap<FastifyRequest, AccessIdentity>();
const bearer = /^Bearer +([^\s]+)$/i;

/**
 * A hook before the body is read: who has no valid token costs no parsing. With `isOptional` (open
 * introspection) a missing token passes and the guard decides; a wrong one is refused all the same.
 */
export function requireAccessToken(options: {
  verify: AccessTokenVerifier;
  isOptional: boolean;
  log: Logger;
}) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    try {
      identities.set(request, await options.verify(tokenOf(request)));
      return undefined;
    } catch (err) {
      if (!(err instanceof TokenError)) throw err;
      if (err instanceof TokenMissing && options.isOptional) return undefined;
      return refuse(reply, err, options.log);
    }
  };
}

export function identityOf(request: FastifyRequest): AccessIdentity | undefined {
  return identities.get(request);
}

function tokenOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  const token = bearer.exec(header)?.[1];
  // Another scheme, or none, is not an absent token: with open introspection that would pass.
  if (token === undefined) throw new TokenInvalid('Authorization must be: Bearer <token>.');
  return token;
}

function refuse(reply: FastifyReply, err: TokenError, log: Logger): FastifyReply {
  if (err instanceof TokenKeysUnavailable) {
    log.error({ err }, 'the keys of the token issuer cannot be read');
    return answerUnavailable(reply);
  }
  const challenge = err instanceof TokenMissing ? 'Bearer' : 'Bearer error="invalid_token"';
  const body: HttpError = httpError(errorCodes.unauthenticated, err.message);
  return reply.code(401).header('www-authenticate', challenge).send(body);
}
