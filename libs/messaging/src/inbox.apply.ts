import type { Database, Tx } from '@onecount/db';
import type { DomainEvent } from '@onecount/events';
import { crashAt } from '@onecount/failpoint';
import { runInTrace } from '@onecount/telemetry';
import type { EventHandler } from './inbox.ts';
import { markStatement } from './inbox.sql.ts';
import { inboxApplied, inboxDuplicate } from './messaging.metrics.ts';

/**
 * Effect and mark in one transaction: whatever is delivered how often, the effect happens once.
 * `alongside` runs in the same transaction, also when the effect had been applied before.
 */
export async function applyEvent(
  db: Database,
  handler: EventHandler,
  event: DomainEvent,
  alongside?: (tx: Tx) => Promise<void>,
): Promise<void> {
  const { id, tenantId, traceparent } = event;
  crashAt('inbox.before-effect');
  const isFirst = await runInTrace({ requestId: id, tenantId, traceparent }, () =>
    db.inTransaction(tenantId, async (tx) => {
      const marked = await tx.query(markStatement, [tenantId, handler.consumer, id]);
      if (marked.length === 1) await handler.handle(tx, event);
      await alongside?.(tx);
      crashAt('inbox.before-commit');
      return marked.length === 1;
    }),
  );
  crashAt('inbox.after-commit');
  if (isFirst) inboxApplied.inc({ type: event.type });
  else inboxDuplicate.inc();
}
