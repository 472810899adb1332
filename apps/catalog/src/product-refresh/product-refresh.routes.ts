import type { Database } from '@onecount/db';
import { errorCodes, httpError, type VerifyInternalToken } from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import { operatorOnly } from '@onecount/service';
import type { Logger } from '@onecount/telemetry';
import type { FastifyInstance } from 'fastify';
import { republishProducts } from './product-refresh.service.ts';

type Options = { db: Database; verify: VerifyInternalToken; log: Logger; onRequest(): void };

/** `npm run republish -- --products`. */
export function addRepublishRoutes(app: FastifyInstance, options: Options): void {
  const { db, verify, log } = options;
  app.post('/republish', { onRequest: operatorOnly(verify, log) }, async (request, reply) => {
    const { tenantId } = (request.body ?? {}) as { tenantId?: unknown };
    if (tenantId !== undefined && !isUuid(tenantId)) {
      const problem = 'tenantId is not the id of a tenant.';
      return reply.code(400).send(httpError(errorCodes.badUserInput, problem));
    }
    const tenants = await republishProducts(db, tenantId);
    log.info({ tenants }, 'products are published once more');
    options.onRequest();
    return { tenants };
  });
}
