import { randomUUID } from 'node:crypto';
import type { Database } from '@onecount/db';
import { gauge, type Logger } from '@onecount/telemetry';
import { createTicker } from '../ticker.ts';
import {
  countDifferences,
  recordCheck,
  selectNextToCheck,
  type CheckPlace,
} from './ledger-check.sql.ts';

const differences = gauge({
  name: 'onecount_ledger_differences',
  help: 'Differences between the count and its own rows that are there, over all tenants.',
});

const beginning = '00000000-0000-0000-0000-000000000000';

type Step = { next: CheckPlace; found: number };

/** Checks the items behind `place`; at the end of all tenants the next place is the beginning. */
export async function checkNext(db: Database, place: CheckPlace, levelsMax: number): Promise<Step> {
  const items = await selectNextToCheck(db, place, levelsMax);
  const byTenant = Map.groupBy(items, ({ tenantId }) => tenantId);
  let found = 0;
  for (const [tenantId, ofTenant] of byTenant) {
    const stockItemIds = ofTenant.map(({ stockItemId }) => stockItemId);
    found += await recordCheck(db, { tenantId, stockItemIds });
  }
  return { next: items.at(-1) ?? { tenantId: beginning, stockItemId: beginning }, found };
}

/**
 * Walks over the levels of every tenant for ever, a few at a time. It begins anywhere: processes that are
 * often started anew, or several of one service, then come to different items and not to the first ones alone.
 */
export function createLedgerChecker(options: {
  db: Database;
  log: Pick<Logger, 'error'>;
  intervalMs: number;
  levelsMax: number;
  onFound(): void;
  onError(err: unknown): void;
}) {
  const { db, log, intervalMs, levelsMax, onFound, onError } = options;
  let place: CheckPlace = { tenantId: randomUUID(), stockItemId: beginning };
  return createTicker({
    name: 'ledger-checker',
    intervalMs,
    onError,
    async run() {
      const { next, found } = await checkNext(db, place, levelsMax);
      place = next;
      differences.set(await countDifferences(db));
      if (found === 0) return;
      log.error({ found }, 'the count differs from its own rows: see ledgerFindings');
      onFound();
    },
  });
}
