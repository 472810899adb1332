import type { ServiceDeps } from '@onecount/service';
import type { Config } from '../config.ts';
import { createHoldService } from './hold/hold.service.ts';
import { createSignal } from './signal.ts';

export type Shared = ReturnType<typeof createShared>;

/** What every noun of this app may ask for as it starts. */
export function createShared(deps: ServiceDeps<Config>) {
  const { config, db, log, backgroundLog, tail, verifyInternalToken, wakeRelay } = deps;
  const stockChanged = createSignal();
  const lowStockDue = createSignal();
  // A third of the pool stays for reads, events and administration.
  const inFlightMax = Math.max(1, Math.floor((config.DATABASE_POOL_MAX * 2) / 3));
  const onChange = () => stockChanged.emit();
  return {
    config,
    db,
    log,
    tail,
    verifyInternalToken,
    wakeRelay,
    stockChanged,
    lowStockDue,
    /** To be called after a change of stock was committed. */
    onChange,
    onError: (err: unknown) => backgroundLog.error({ err }, 'a background task failed'),
    // One for all: it batches the holds of an item in this process, whoever places them.
    holds: createHoldService({ db, inFlightMax, onChange }),
  };
}
