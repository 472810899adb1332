import type { Sources } from '../sources.ts';
import { sqlCheck, type Check } from '../violation.ts';
import { differences } from './no-sale-lost.ts';

type LineRow = { return_id: string; line_id: string; quantity: number };

/** I5: what came back is counted again once, and given back once; never more of it than there was. */
export const returns: Check[] = [
  { promise: 'I5', name: 'inventory has applied every return exactly once', find: wrongReturns },
  sqlCheck({
    promise: 'I5',
    name: 'what came back is what the ledger received under the sale',
    service: 'inventory',
    text: `SELECT r.tenant_id, r.return_id, r.position, r.quantity, m.quantity AS moved FROM sale_return_line r
           LEFT JOIN movement m ON m.tenant_id = r.tenant_id AND m.id = r.movement_id AND m.reason = 'RETURN'
             AND m.stock_item_id = r.stock_item_id AND m.reference_kind = 'SALE' AND m.reference_id = r.sale_id::text
           WHERE m.quantity IS DISTINCT FROM r.quantity`,
  }),
  sqlCheck({
    promise: 'I5',
    name: 'of no sale more came back than it took',
    service: 'inventory',
    text: `SELECT tenant_id, reference_id AS sale_id, stock_item_id, sum(quantity) AS left_over FROM movement
           WHERE reference_kind = 'SALE' AND reason IN ('SALE', 'SALE_CORRECTION', 'RETURN')
           GROUP BY 1, 2, 3 HAVING sum(quantity) > 0`,
  }),
  sqlCheck({
    promise: 'I5',
    name: 'of no line more came back than was sold, by the line as by the returns',
    service: 'pos',
    text: `SELECT l.tenant_id, l.id, l.quantity, l.returned_quantity, coalesce(sum(r.quantity), 0) AS returned FROM sale_line l
           LEFT JOIN sale_return_line r ON r.tenant_id = l.tenant_id AND r.sale_id = l.sale_id AND r.line_id = l.id
           WHERE l.returned_quantity > 0 OR r.line_id IS NOT NULL
           GROUP BY 1, 2, 3, 4 HAVING coalesce(sum(r.quantity), 0) <> l.returned_quantity OR l.returned_quantity > l.quantity`,
  }),
  sqlCheck({
    promise: 'I5',
    name: 'of no tender more was given back than it paid, by the tender as by the refunds',
    service: 'pos',
    text: `SELECT t.tenant_id, t.sale_id, t.position, t.amount_minor, t.refunded_minor, coalesce(sum(f.amount_minor), 0) AS refunded
           FROM sale_tender t
           LEFT JOIN sale_return_refund f ON f.tenant_id = t.tenant_id AND f.sale_id = t.sale_id AND f.tender_position = t.position
           WHERE t.refunded_minor > 0 OR f.sale_id IS NOT NULL
           GROUP BY 1, 2, 3, 4, 5 HAVING coalesce(sum(f.amount_minor), 0) <> t.refunded_minor OR t.refunded_minor > t.amount_minor`,
  }),
  sqlCheck({
    promise: 'I5',
    name: 'a return gives back what it says, and is one event',
    service: 'pos',
    text: `SELECT r.tenant_id, r.id, r.total_minor, f.refunded, o.events FROM sale_return r
           CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount_minor), 0) AS refunded FROM sale_return_refund x
             WHERE x.tenant_id = r.tenant_id AND x.return_id = r.id) f
           CROSS JOIN LATERAL (SELECT count(*) AS events FROM outbox x WHERE x.tenant_id = r.tenant_id
             AND x.type = 'pos.sale-returned' AND x.data ->> 'returnId' = r.id::text) o
           WHERE r.total_minor <> f.refunded OR (o.events <> 1 AND r.returned_at > now() - interval '6 days')`,
  }),
];

/** I3: what goes out in an exchange and what comes back for it are there together or not at all. */
export const exchanges: Check[] = [
  sqlCheck({
    promise: 'I3',
    name: 'an exchange has both documents or neither, and what comes back pays what it says',
    service: 'pos',
    text: `SELECT e.tenant_id, e.sale_id, e.return_id, s.status, r.number, paid.minor AS paid, given.minor AS given FROM sale_exchange e
           JOIN sale s ON s.tenant_id = e.tenant_id AND s.id = e.sale_id
           LEFT JOIN sale_return r ON r.tenant_id = e.tenant_id AND r.id = e.return_id
           CROSS JOIN LATERAL (SELECT coalesce(sum(t.amount_minor), 0) AS minor FROM sale_tender t
             WHERE t.tenant_id = e.tenant_id AND t.sale_id = e.sale_id AND t.kind = 'EXCHANGE') paid
           CROSS JOIN LATERAL (SELECT coalesce(sum(f.amount_minor), 0) AS minor FROM sale_return_refund f
             WHERE f.tenant_id = e.tenant_id AND f.return_id = e.return_id AND f.kind = 'EXCHANGE') given
           WHERE (s.status = 'COMMITTED') <> (r.id IS NOT NULL) OR (r.id IS NOT NULL AND paid.minor <> given.minor)
              OR s.exchange_of IS DISTINCT FROM e.returned_sale_id`,
  }),
];

async function wrongReturns(sources: Sources): Promise<string[]> {
  const returned = await sources.rows<LineRow>(
    'pos',
    `SELECT r.return_id, r.line_id, sum(r.quantity) AS quantity FROM sale_return_line r
     JOIN sale_line l ON l.tenant_id = r.tenant_id AND l.sale_id = r.sale_id AND l.id = r.line_id
     WHERE l.tracking <> 'NONE' GROUP BY 1, 2`,
  );
  const applied = await sources.rows<LineRow>(
    'inventory',
    'SELECT return_id, line_id, sum(quantity) AS quantity FROM sale_return_line GROUP BY 1, 2',
  );
  const byLine = (rows: LineRow[]) =>
    new Map(rows.map((row) => [`${row.return_id}/${row.line_id}`, Number(row.quantity)]));
  return differences(
    byLine(returned),
    byLine(applied),
    (line, said, done) => `return line ${line}: ${said} came back, ${done} counted again`,
  );
}
