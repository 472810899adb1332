import { errorCodes, httpError, type VerifyInternalToken } from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import { operatorOnly } from '@onecount/service';
import type { Logger } from '@onecount/telemetry';
import type { FastifyInstance } from 'fastify';
import { checkKinds, type RepublishService } from './republish.service.ts';

type Options = { republishes: RepublishService; verify: VerifyInternalToken; log: Logger };

/** `npm run republish`: for whoever runs the system, who belongs to no tenant. */
export function addRepublishRoutes(app: FastifyInstance, options: Options): void {
  const { republishes, verify, log } = options;
  const onRequest = operatorOnly(verify, log);
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
