import {
  callerOfRequest,
  errorCodes,
  httpError,
  requireInternalToken,
  type VerifyInternalToken,
} from '@onecount/graphql';
import { serviceScope } from '@onecount/identity';
import type { Logger } from '@onecount/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Of the tokens, only one that the operator's own key has signed carries it. */
const operatorScope = serviceScope('operator');

/** What an address has as `onRequest` that is for whoever runs the system, who belongs to no tenant. */
export const operatorOnly = (verify: VerifyInternalToken, log: Logger) => [
  requireInternalToken(verify, log),
  requireOperator,
];

async function requireOperator(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (callerOfRequest(request).scopes.has(operatorScope)) return undefined;
  const message = "This address answers only with a token of the operator's key.";
  return reply.code(403).send(httpError(errorCodes.forbidden, message));
}
