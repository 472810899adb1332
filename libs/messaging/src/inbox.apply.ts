import type { Database, Tx } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { runInTrace } from '@onecount/telemetry';
import type { Effect, EventHandler } from './inbox.ts';
import { markStatement } from './inbox.sql.ts';
import { inboxApplied, inboxDuplicate } from './messaging.metrics.ts';

/** Where a transaction stands: the effect that is being applied, or none while it locks, marks or commits. */
export type Progress = { at?: Effect | undefined };

/**
 * The effects of one tenant and their marks in one transaction: whatever is delivered how often, an effect
 * happens once. Those of one key must stand in their order. `alongside` runs in the same transaction, also
 * when every effect had been applied before.
 */
export async function applyEffects(
  db: Database,
  effects: readonly Effect[],
  { progress = {}, alongside }: { progress?: Progress; alongside?: (tx: Tx) => Promise<void> } = {},
): Promise<void> {
  crashAt('inbox.before-effect');
  const fresh = await db.inTransaction(effects[0]!.event.tenantId, async (tx) => {
    progress.at = undefined;
    const unmarked = await mark(tx, effects);
    await lockAll(tx, unmarked);
    for (const set of setsOf(unmarked)) {
      progress.at = set.length === 1 ? set[0] : undefined;
      // A set has one trace, that of its first event.
      await inTraceOf(set[0]!.event, () => applySet(tx, set));
    }
    progress.at = undefined;
    await alongside?.(tx);
    crashAt('inbox.before-commit');
    return unmarked;
  });
  crashAt('inbox.after-commit');
  for (const { event } of fresh) inboxApplied.inc({ type: event.type });
  inboxDuplicate.inc(effects.length - fresh.length);
}

/** Those that nobody had marked, each once, by the keys of their events: rows that a key names are locked in this order. */
async function mark(tx: Tx, effects: readonly Effect[]): Promise<Effect[]> {
  const rows = await tx.query<{ consumer: string; event_id: string }>(markStatement, [
    tx.tenantId,
    effects.map(({ handler }) => handler.consumer),
    effects.map(({ event }) => event.id),
  ]);
  const marked = new Set(rows.map(({ consumer, event_id }) => `${consumer} ${event_id}`));
  return effects
    .filter(({ handler, event }) => marked.delete(`${handler.consumer} ${event.id}`))
    .sort((a, b) => compare(a.event.aggregateId, b.event.aggregateId));
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** Handler by handler in the order of their names, so that two groups lock alike. */
async function lockAll(tx: Tx, effects: readonly Effect[]): Promise<void> {
  const byHandler = [...Map.groupBy(effects, ({ handler }) => handler)];
  const several = byHandler.filter(([{ lock }, list]) => lock && list.length > 1);
  for (const [handler, list] of several.sort(([a], [b]) => compare(nameOf(a), nameOf(b)))) {
    await handler.lock?.(
      tx,
      list.map(({ event }) => event),
    );
  }
}

/** One after another, but for those that their handler takes in one go. */
function setsOf(effects: readonly Effect[]): Effect[][] {
  const { together = [], single = [] } = Object.groupBy(effects, ({ handler }) =>
    handler.handleAll ? 'together' : 'single',
  );
  const sets = [...Map.groupBy(together, ({ handler }) => handler)];
  sets.sort(([a], [b]) => compare(nameOf(a), nameOf(b)));
  return [...sets.map(([, list]) => list), ...single.map((effect) => [effect])];
}

async function applySet(tx: Tx, set: readonly Effect[]): Promise<void> {
  const { handler, event } = set[0]!;
  if (set.length === 1) return handler.handle(tx, event);
  return handler.handleAll!(
    tx,
    set.map((effect) => effect.event),
  );
}

const nameOf = ({ consumer, type }: EventHandler) => `${consumer} ${type}`;

const inTraceOf = <T>({ id, tenantId, traceparent }: Effect['event'], run: () => T): T =>
  runInTrace({ requestId: id, tenantId, traceparent }, run);
