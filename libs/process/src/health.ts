import type { FastifyInstance } from 'fastify';
import { metrics } from '@onecount/telemetry';

/**
 * `failed` of a part that is not needed for answering (the event log) degrades the service but does not
 * take it out of rotation: a sale commits into the outbox while Kafka is away.
 */
export type PartReport = { status: 'ok' | 'starting' | 'failed'; reason?: string };
export type HealthPart = { name: string; isRequired: boolean; check(): Promise<PartReport> };
export type HealthReport = {
  service: string;
  status: 'ready' | 'degraded' | 'starting' | 'draining' | 'failed';
  parts: Record<string, PartReport>;
};

export type Health = {
  report(): Promise<HealthReport>;
  /** From here on the service says that it goes away. */
  drain(): void;
};

const checkTimeoutMs = 2000;

export function createHealth(service: string, parts: HealthPart[]): Health {
  let isDraining = false;
  return {
    drain: () => void (isDraining = true),
    async report() {
      const reports = await Promise.all(parts.map((part) => boundedCheck(part)));
      const status = isDraining ? 'draining' : statusOf(parts, reports);
      return {
        service,
        status,
        parts: Object.fromEntries(parts.map((part, index) => [part.name, reports[index]!])),
      };
    },
  };
}

function statusOf(parts: HealthPart[], reports: PartReport[]): HealthReport['status'] {
  const required = reports.filter((_, index) => parts[index]?.isRequired);
  if (required.some((report) => report.status === 'failed')) return 'failed';
  if (reports.some((report) => report.status === 'starting')) return 'starting';
  return reports.some((report) => report.status === 'failed') ? 'degraded' : 'ready';
}

// A part that hangs is a part that failed: the probe must answer within its own time limit.
async function boundedCheck(part: HealthPart): Promise<PartReport> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PartReport>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'failed', reason: 'no answer' }), checkTimeoutMs);
  });
  try {
    return await Promise.race([part.check(), late]);
  } catch {
    // The reason stays in the log: a probe is read without authentication.
    return { status: 'failed' };
  } finally {
    clearTimeout(timer);
  }
}

/** `/health/live`, `/health/ready`, `/metrics`; whoever is degraded is still worth sending requests to. */
export function addHealthRoutes(
  app: FastifyInstance,
  health: { report(): Promise<{ status: string }> },
): void {
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const report = await health.report();
    const isServing = report.status === 'ready' || report.status === 'degraded';
    // So that whoever started a process knows its answer from that of another one at the same address.
    reply.header('onecount-pid', process.pid);
    return reply.code(isServing ? 200 : 503).send(report);
  });
  app.get('/metrics', async (_request, reply) => {
    reply.header('content-type', metrics.contentType);
    return metrics.metrics();
  });
}
