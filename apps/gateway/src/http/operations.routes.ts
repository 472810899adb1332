import { metrics } from '@onecount/telemetry';
import type { FastifyInstance } from 'fastify';
import type { HealthReport } from '../subgraph/subgraph.health.ts';

/** Health and metrics. An ingress publishes /graphql only. */
export function addOperationsRoutes(
  app: FastifyInstance,
  options: { health(): Promise<HealthReport>; isDraining(): boolean },
): void {
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    if (options.isDraining()) return reply.code(503).send({ status: 'draining' });
    const report = await options.health();
    return reply.code(report.status === 'unavailable' ? 503 : 200).send(report);
  });
  app.get('/metrics', async (_request, reply) =>
    reply.header('content-type', metrics.contentType).send(await metrics.metrics()),
  );
}
