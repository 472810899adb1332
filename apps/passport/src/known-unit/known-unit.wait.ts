import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '@onecount/db';
import { isComplete, type KnownUnit, type UnitReference } from './known-unit.ts';
import { findUnit } from './known-unit.sql.ts';

const pollMs = 50;

/**
 * The unit, waiting for an event that may still be in flight: who receives a piece and asks for its
 * passport at once must not be told that there is no such piece. Polls outside any transaction, so
 * that nobody waits holding a connection. After `waitMs` returns what is known by then.
 */
export async function awaitUnit(
  db: Database,
  request: { tenantId: string; reference: UnitReference; waitMs: number },
): Promise<KnownUnit | undefined> {
  const deadline = performance.now() + request.waitMs;
  for (;;) {
    const unit = await db.read(request.tenantId, (tx) => findUnit(tx, request.reference));
    if (unit && isComplete(unit)) return unit;
    if (performance.now() >= deadline) return unit;
    await delay(pollMs);
  }
}
