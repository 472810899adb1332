import type { ReceivedMessage } from '@onecount/messaging';
import type { Sources, VerifiedService } from '../sources.ts';
import { verifiedServices } from '../sources.ts';
import { sqlCheck, type Check } from '../violation.ts';
import { differences } from './no-sale-lost.ts';

async function overServices(
  sources: Sources,
  text: string,
  describe: (service: VerifiedService, row: Record<string, unknown>) => string,
): Promise<string[]> {
  const found = await Promise.all(
    verifiedServices.map(async (service) =>
      (await sources.rows(service, text)).map((row) => describe(service, row)),
    ),
  );
  return found.flat();
}

const unpublished = (sources: Sources): Promise<string[]> =>
  overServices(
    sources,
    `SELECT event_id, type, refused_reason FROM outbox
     WHERE published_at IS NULL AND occurred_at < now() - interval '5 seconds'`,
    (service, row) => `${service}: ${JSON.stringify(row)}`,
  );

const deadEvents = (sources: Sources): Promise<string[]> =>
  overServices(
    sources,
    `SELECT consumer, event_id, reason FROM dead_event
     WHERE replayed_at IS NULL AND discarded_at IS NULL`,
    (service, row) => `${service}: ${JSON.stringify(row)}`,
  );

const compacted = 'inventory.stock-level-changed';

async function missingFromTopics(sources: Sources): Promise<string[]> {
  const messages = await sources.messages();
  if (messages === null) return [];
  const known = new Set(messages.map((message) => message.headers['ce_id']));
  const missing = await overServices(
    sources,
    `SELECT event_id, type FROM outbox WHERE published_at IS NOT NULL AND type <> '${compacted}'`,
    (service, row) =>
      known.has(String(row['event_id'])) ? '' : `${service}: ${JSON.stringify(row)}`,
  );
  return missing.filter((line) => line !== '');
}

/** A redelivery repeats an older sequence, so only the first time that an event stands there counts. */
async function outOfOrder(sources: Sources): Promise<string[]> {
  const seen = new Set<string>();
  const newest = new Map<string, number>();
  return ((await sources.messages()) ?? []).flatMap((message: ReceivedMessage) => {
    const id = message.headers['ce_id'] ?? '';
    if (seen.has(id)) return [];
    seen.add(id);
    const key = `${message.topic} ${message.key}`;
    const sequence = Number(message.headers['ce_sequence']);
    const before = newest.get(key) ?? -1;
    newest.set(key, Math.max(before, sequence));
    return sequence < before ? [`${key}: sequence ${sequence} after ${before}`] : [];
  });
}

type Counter = { variant_id: string; quantity: number };

async function wrongSalesCounters(sources: Sources): Promise<string[]> {
  const sold = await sources.rows<Counter>(
    'pos',
    `SELECT l.variant_id, sum(l.quantity) AS quantity FROM sale_line l
     JOIN sale s ON s.tenant_id = l.tenant_id AND s.id = l.sale_id
     WHERE s.status = 'COMMITTED' AND l.variant_id IS NOT NULL GROUP BY 1`,
  );
  const counted = await sources.rows<Counter>(
    'catalog',
    'SELECT variant_id, quantity_sold AS quantity FROM variant_sales',
  );
  const toMap = (rows: Counter[]) =>
    new Map(rows.map((row) => [row.variant_id, Number(row.quantity)]));
  return differences(
    toMap(sold),
    toMap(counted),
    (variant, left, right) => `variant ${variant}: ${left} sold, ${right} counted`,
  );
}

/** I5: every event reached the log at least once and in order, and took effect once. */
export const exactlyOnce: Check[] = [
  { promise: 'I5', name: 'no event waits unpublished or was refused', find: unpublished },
  { promise: 'I5', name: 'no event is dead', find: deadEvents },
  { promise: 'I5', name: 'every outbox event is in its topic', find: missingFromTopics },
  { promise: 'I5', name: 'events stand in order per key', find: outOfOrder },
  {
    promise: 'I5',
    name: 'catalog has counted every sold line once',
    find: wrongSalesCounters,
  },
  sqlCheck({
    promise: 'I5',
    name: 'a unit has at most one SOLD record per sale',
    service: 'passport',
    text: `SELECT tenant_id, serial_unit_id, reference_id, count(*) AS records FROM lifecycle_record
           WHERE kind = 'SOLD' GROUP BY 1, 2, 3 HAVING count(*) > 1`,
  }),
];
