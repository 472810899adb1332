import { sqlCheck, type Check } from '../violation.ts';

/** I5: what the shop owes to owners of pieces is what its ledger says, once for each piece that it sold. */
export const consignments: Check[] = [
  sqlCheck({
    promise: 'I5',
    name: 'what is owed to an owner is the sum of the entries, each with the balance that it left',
    service: 'pos',
    text: `SELECT c.tenant_id, c.agreement_id, c.currency_code, c.balance_minor, e.sum, e.n FROM consignment_account c
           CROSS JOIN LATERAL (
             SELECT coalesce(sum(x.amount_minor), 0) AS sum, count(*) AS n, bool_and(x.is_right) AS is_right FROM (
               SELECT y.amount_minor, y.balance_minor = sum(y.amount_minor) OVER (ORDER BY y.number) AS is_right
                 FROM consignment_entry y WHERE y.tenant_id = c.tenant_id AND y.agreement_id = c.agreement_id
                  AND y.currency_code = c.currency_code) x) e
           WHERE c.balance_minor <> e.sum OR c.entries <> e.n OR NOT coalesce(e.is_right, true)`,
  }),
  sqlCheck({
    promise: 'I5',
    name: 'a piece of somebody else is sold as often as its entries say',
    service: 'pos',
    text: `SELECT p.tenant_id, p.id, p.sold_quantity, e.sold FROM consignment_piece p
           CROSS JOIN LATERAL (
             SELECT coalesce(sum(CASE x.kind WHEN 'SOLD' THEN x.quantity ELSE -x.quantity END), 0) AS sold
               FROM consignment_entry x WHERE x.tenant_id = p.tenant_id AND x.piece_id = p.id) e
           WHERE p.sold_quantity <> e.sold`,
  }),
  sqlCheck({
    promise: 'I5',
    name: 'a unit that was sold while it was in consignment is owed once',
    service: 'pos',
    text: `SELECT s.tenant_id, l.id AS line_id, p.id AS piece_id, e.n FROM consignment_piece p
           JOIN sale_line l ON l.tenant_id = p.tenant_id AND l.serial_unit_id = p.serial_unit_id
           JOIN sale s ON s.tenant_id = l.tenant_id AND s.id = l.sale_id AND s.status = 'COMMITTED'
            AND s.committed_at > p.added_at
           CROSS JOIN LATERAL (SELECT count(*) AS n FROM consignment_entry x WHERE x.tenant_id = p.tenant_id
             AND x.sale_id = s.id AND x.line_id = l.id AND x.piece_id = p.id AND x.kind = 'SOLD') e
           WHERE e.n <> 1 AND NOT EXISTS (SELECT FROM consignment_return r WHERE r.tenant_id = p.tenant_id
             AND r.piece_id = p.id AND r.status = 'RETURNED' AND r.returned_at < s.committed_at)
             AND NOT EXISTS (SELECT FROM consignment_entry b WHERE b.tenant_id = p.tenant_id AND b.piece_id = p.id
               AND b.kind = 'SOLD' AND b.recorded_at < s.committed_at AND b.line_id <> l.id AND NOT EXISTS (
                 SELECT FROM consignment_entry t WHERE t.tenant_id = p.tenant_id AND t.piece_id = p.id
                  AND t.kind = 'TAKEN_BACK' AND t.line_id = b.line_id))`,
  }),
];
