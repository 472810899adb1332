import { request } from 'undici';

export type SubgraphHealth = { status: 'up' } | { status: 'down'; reason: string };
export type HealthReport = {
  status: 'ready' | 'degraded' | 'unavailable';
  subgraphs: Record<string, SubgraphHealth>;
};

const timeoutMs = 1_000;
const keepMs = 1_000;

/**
 * Asks every subgraph whether it is ready. The answer is kept for a second: probes of many balancers
 * shall not become load on the subgraphs. Degraded is still worth sending requests to: what needs no
 * dead subgraph is answered whole.
 */
export function createSubgraphHealth(subgraphs: { name: string; url: string }[]) {
  let last: { at: number; report: Promise<HealthReport> } | undefined;
  return (): Promise<HealthReport> => {
    const now = performance.now();
    if (last === undefined || now - last.at > keepMs) last = { at: now, report: ask(subgraphs) };
    return last.report;
  };
}

async function ask(subgraphs: { name: string; url: string }[]): Promise<HealthReport> {
  const healths = await Promise.all(
    subgraphs.map(async ({ name, url }) => [name, await healthOf(url)] as const),
  );
  const upCount = healths.filter(([, health]) => health.status === 'up').length;
  return { status: statusOf(upCount, healths.length), subgraphs: Object.fromEntries(healths) };
}

function statusOf(upCount: number, count: number): HealthReport['status'] {
  if (upCount === count) return 'ready';
  return upCount === 0 ? 'unavailable' : 'degraded';
}

async function healthOf(url: string): Promise<SubgraphHealth> {
  try {
    const answer = await request(`${new URL(url).origin}/health/ready`, {
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body.dump();
    if (answer.statusCode === 200) return { status: 'up' };
    return { status: 'down', reason: `answers ${answer.statusCode}` };
  } catch (err) {
    return { status: 'down', reason: reasonOf(err as Error & { code?: string }) };
  }
}

// A closed list: messages of the network name addresses, and this page may be public.
function reasonOf(err: Error & { code?: string }): string {
  if (err.code === 'ECONNREFUSED') return 'refuses connections';
  if (err.code === 'ENOTFOUND' || err.code === 'EAI_AGAIN') return 'has no address';
  if (err.name === 'TimeoutError' || err.name === 'AbortError' || err.code?.includes('TIMEOUT')) {
    return `does not answer within ${timeoutMs} ms`;
  }
  return 'breaks connections off';
}
