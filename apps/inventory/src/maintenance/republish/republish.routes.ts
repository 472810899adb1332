import {
  callerOfRequest,
  errorCodes,
  httpError,
  requireInternalToken,
  type VerifyInternalToken,
} from '@onecount/graphql';
import { serviceScope } from '@onecount/identity';
import { isUuid } from '@onecount/refusal';
import type { Logger } from '@onecount/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkKinds, type RepublishService } from './republish.service.ts';

/** Of the tokens, only one that the operator's own key has signed carries it. */
const operatorScope = serviceScope('operator');

type Options = { republishes: RepublishService; verify: VerifyInternalToken; log: Logger };

/** `npm run republish`: for whoever runs the system, who belongs to no tenant. */
export function addRepublishRoutes(app: FastifyInstance, options: Options): void {
  const { republishes, verify, log } = options;
  const onRequest = [requireInternalToken(verify, log), requireOperator];
  app.post('/republish', { onRequest }, async (request, reply) => {
    const { tenantId, ...body } = (request.body ?? {}) as Record<string, unknown>;
    const kinds = {
      levels: body['levels'] === true,
      units: body['units'] === true,
      movements: body['movements'] === true,
    };
    const problem =
      tenantId !== undefined && !isUuid(tenantId)
        ? 'tenantId is not the id of a tenant.'
        : checkKinds(kinds)?.message;
    if (problem !== undefined)
      return reply.code(400).send(httpError(errorCodes.badUserInput, problem));
    const tenants = await republishes.requestAs('operator', {
      tenantId: tenantId as string | undefined,
      kinds,
    });
    log.info({ tenants, ...kinds }, 'events are published once more');
    return { tenants };
  });
}

async function requireOperator(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (callerOfRequest(request).scopes.has(operatorScope)) return undefined;
  const message = "This address answers only with a token of the operator's key.";
  return reply.code(403).send(httpError(errorCodes.forbidden, message));
}
