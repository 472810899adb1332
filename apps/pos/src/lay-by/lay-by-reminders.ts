import { sql, type Database, type Tx } from '@onecount/db';
import { newEvent } from '@onecount/events';
import { appendEvents } from '@onecount/messaging';
import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';
import type { Logger } from '@onecount/telemetry';

const batchMax = 100;
const intervalMs = 60_000;

// Without a lock: whoever tells it looks again, in the transaction of the event. The clock is the database's.
const isComing = `b.reminded_for IS DISTINCT FROM b.next_due_at
  AND b.next_due_at <= now() + make_interval(days => b.reminder_days)`;
const isOverdue = 'b.overdue_for IS DISTINCT FROM b.next_due_at AND b.next_due_at <= now()';

const dueStatement = sql(
  'pos.lay-by-reminders-due',
  `SELECT tenant_id, sale_id FROM lay_by b
    WHERE b.outcome IS NULL AND (${isComing} OR ${isOverdue}) ORDER BY b.next_due_at LIMIT $1`,
);
// What is overdue already is told as that alone.
const tellStatement = sql(
  'pos.lay-by-remind',
  `UPDATE lay_by b SET version = b.version + 1, reminded_for = b.next_due_at,
          overdue_for = CASE WHEN b.next_due_at <= now() THEN b.next_due_at ELSE b.overdue_for END
    WHERE b.tenant_id = $1 AND b.sale_id = $2 AND b.outcome IS NULL AND (${isComing} OR ${isOverdue})
   RETURNING b.version, b.next_due_at AS "dueAt", b.next_due_at <= now() AS "isOverdue"`,
);

export type LayByRemindersDeps = {
  db: Database;
  log: Logger;
  backgroundLog: ServiceDeps['backgroundLog'];
  wakeRelay(): void;
};

/** Says once for each instalment that it is due soon, and once that it is overdue. */
export function createLayByReminders(
  deps: LayByRemindersDeps,
): Worker & { remind(): Promise<number> } {
  const remind = () => remindOnce(deps);
  const worker = createWorker({
    name: 'lay-by-reminders',
    intervalMs,
    run: async () => {
      while ((await remind()) === batchMax);
    },
    onError: (err) => deps.backgroundLog.error({ err }, 'lay-bys were not reminded of'),
  });
  return { ...worker, remind };
}

/** Returns how many it told. */
async function remindOnce({ db, log, wakeRelay }: LayByRemindersDeps): Promise<number> {
  type Due = { tenant_id: string; sale_id: string };
  const due = await db.asSystem('sweeper', (tx) => tx.query<Due>(dueStatement, [batchMax]));
  let count = 0;
  for (const { tenant_id: tenantId, sale_id: saleId } of due) {
    try {
      if (await db.inTransaction(tenantId, (tx) => tell(tx, saleId))) count += 1;
    } catch (err) {
      log.error({ err, saleId }, 'a lay-by was not reminded of');
    }
  }
  if (count > 0) wakeRelay();
  return count;
}

async function tell(tx: Tx, saleId: string): Promise<boolean> {
  type Told = { version: number; dueAt: Date; isOverdue: boolean };
  const [told] = await tx.query<Told>(tellStatement, [tx.tenantId, saleId]);
  if (!told) return false;
  const { version, dueAt, isOverdue: overdue } = told;
  const kind = overdue ? 'OVERDUE' : 'COMING';
  const reminder = newEvent('pos.lay-by-reminder-due', {
    ...{ tenantId: tx.tenantId, aggregateId: saleId, sequence: version },
    data: { saleId, version, kind, dueAt: dueAt.toISOString() },
  });
  await appendEvents(tx, [reminder]);
  return true;
}
