import { gauge } from '@onecount/telemetry';

export type LiveLimits = { connectionsMax: number; tenantConnectionsMax: number };

/** Half for one tenant at most: no shop takes all the places of a process. */
export const defaultLiveLimits: LiveLimits = { connectionsMax: 5_000, tenantConnectionsMax: 2_500 };

const connections = gauge({
  name: 'onecount_gateway_live_connections',
  help: 'Clients of live counts that are connected to this process.',
});

/** Who is connected; each place is given back once. */
export function createLiveConnections({ connectionsMax, tenantConnectionsMax }: LiveLimits) {
  const byTenant = new Map<string, number>();
  let total = 0;
  const change = (tenantId: string, by: 1 | -1): void => {
    total += by;
    const count = (byTenant.get(tenantId) ?? 0) + by;
    if (count === 0) byTenant.delete(tenantId);
    else byTenant.set(tenantId, count);
    connections.set(total);
  };
  return {
    /** How to give the place back; undefined when the process or the tenant has none left. */
    take(tenantId: string): (() => void) | undefined {
      const isFull = total >= connectionsMax;
      if (isFull || (byTenant.get(tenantId) ?? 0) >= tenantConnectionsMax) return undefined;
      change(tenantId, 1);
      let isGiven = true;
      return () => {
        if (isGiven) change(tenantId, -1);
        isGiven = false;
      };
    },
  };
}
