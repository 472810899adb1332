import { createInternalTokenSigner } from '@onecount/identity';
import type { DeadEvent, Discard, ReplayResult } from '@onecount/messaging';

export type DeadEventList = {
  total: number;
  /** As in an answer: times are text. */
  deadEvents: (Omit<DeadEvent, 'diedAt' | 'discardedAt'> & {
    diedAt: string;
    discardedAt: string | null;
  })[];
};

export type DeadEventClient = {
  /** Those that wait for a replay, or those that were put away. */
  list(of?: { areDiscarded: boolean }): Promise<DeadEventList>;
  /** All, or the one with this id. */
  replay(id?: string): Promise<ReplayResult>;
  /** How many were put away: 1, or 0 when none waits under this id. */
  discard(of: Discard): Promise<{ discarded: number }>;
};

/** The service does not do what it was asked to; the message is for the terminal. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
}

// A token of ours belongs to some tenant by its form; the operator belongs to none.
const noTenant = '00000000-0000-0000-0000-000000000000';

/** The dead events of one service, as whoever runs the system. Throws ServiceError. */
export function createDeadEventClient(options: {
  service: string;
  url: string;
  privateJwk: Record<string, unknown>;
}): DeadEventClient {
  const { service, url, privateJwk } = options;
  const signer = createInternalTokenSigner({ service: 'operator', privateJwk });

  async function ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const request = { audience: service, tenantId: noTenant, subject: 'operator', scopes: [] };
    const authorization = `Bearer ${await signer.tokenFor(request)}`;
    const response = await fetch(new URL(path, url), {
      method,
      headers: { authorization, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }).catch((err: unknown) => {
      const { cause, message } = err as Error & { cause?: { code?: string } };
      throw new ServiceError(`${service} does not answer at ${url}: ${cause?.code ?? message}`);
    });
    const answer = (await response.json()) as T & { errors?: { message: string }[] };
    if (response.ok) return answer;
    const reason = answer.errors?.[0]?.message ?? `HTTP ${response.status}`;
    throw new ServiceError(`${service}: ${reason}`);
  }

  return {
    list: (of) => ask('GET', `/dead-events?discarded=${of?.areDiscarded ?? false}`),
    replay: (id) => ask('POST', '/dead-events/replay', { id }),
    discard: (of) => ask('POST', '/dead-events/discard', of),
  };
}
