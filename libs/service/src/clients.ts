import type { ServiceConfig } from '@onecount/config';
import { createServiceClient, type ServiceClient } from '@onecount/graphql';
import type { InternalTokenSigner } from '@onecount/identity';
import type { ServiceDeps, ServiceName } from './definition.ts';

export type Clients = { client: ServiceDeps['client']; close(): Promise<void> };

/** One client per called service and time limit; the address of `storefront-sync` is `STOREFRONT_SYNC_URL`. */
export function createClients(
  config: Pick<ServiceConfig, 'TIMEOUT_FACTOR'>,
  signer: InternalTokenSigner | undefined,
): Clients {
  const clients = new Map<string, ServiceClient>();
  return {
    client(name, { timeoutMs } = {}) {
      const key = `${name} ${timeoutMs ?? ''}`;
      const known = clients.get(key);
      if (known) return known;
      const url = addressOf(config, name);
      if (!signer) throw new Error(`INTERNAL_SIGNING_KEY is required to call ${name}`);
      const created = createServiceClient({
        ...{ url, audience: name, signer, timeoutMs, timeoutFactor: config.TIMEOUT_FACTOR },
      });
      clients.set(key, created);
      return created;
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}

function addressOf(config: object, name: ServiceName): string {
  const setting = `${name.toUpperCase().replaceAll('-', '_')}_URL`;
  const value = (config as Record<string, unknown>)[setting];
  if (typeof value !== 'string') throw new Error(`${setting} is required to call ${name}`);
  return value;
}
