import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '@onecount/db';
import type { KnownUnit, UnitReference } from './known-unit.ts';
import { findUnit } from './known-unit.sql.ts';

const pollMs = 50;

/**
 * The unit, waiting up to `waitMs` for an event that may still be in flight. Polls outside any
 * transaction, so that nobody waits holding a connection.
 */
export async function awaitUnit(
  db: Database,
  request: { tenantId: string; reference: UnitReference; waitMs: number },
): Promise<KnownUnit | undefined> {
  const deadline = performance.now() + request.waitMs;
  for (;;) {
    const unit = await db.read(request.tenantId, (tx) => findUnit(tx, request.reference));
    if (unit || performance.now() >= deadline) return unit;
    await delay(pollMs);
  }
}
