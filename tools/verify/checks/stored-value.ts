import { sqlCheck, type Check } from '../violation.ts';

/** I5: what a gift card or a store credit has is what its ledger says, and each sale moved it once. */
export const storedValue: Check[] = [
  sqlCheck({
    promise: 'I5',
    name: 'the balance of every gift card and store credit is the sum of its ledger, entry by entry',
    service: 'pos',
    text: `SELECT v.tenant_id, v.id, v.balance_minor, v.entries, count(e.number) AS counted, coalesce(sum(e.amount_minor), 0) AS summed
           FROM stored_value v
           LEFT JOIN (SELECT e.*, sum(e.amount_minor) OVER (PARTITION BY e.tenant_id, e.stored_value_id ORDER BY e.number) AS so_far
                        FROM stored_value_entry e) e ON e.tenant_id = v.tenant_id AND e.stored_value_id = v.id
           GROUP BY 1, 2, 3, 4
           HAVING coalesce(sum(e.amount_minor), 0) <> v.balance_minor OR count(e.number) <> v.entries
             OR bool_or(e.so_far <> e.balance_minor)`,
  }),
  sqlCheck({
    promise: 'I5',
    name: 'every tender of a card or credit was taken once, and given back once if its sale is void',
    service: 'pos',
    text: `SELECT t.tenant_id, t.sale_id, t.position, s.status, t.amount_minor, e.spent, e.given_back FROM sale_tender t
           JOIN sale s ON s.tenant_id = t.tenant_id AND s.id = t.sale_id
           CROSS JOIN LATERAL (
             SELECT coalesce(sum(x.amount_minor) FILTER (WHERE x.kind = 'SPENT'), 0) AS spent,
                    coalesce(sum(x.amount_minor) FILTER (WHERE x.kind = 'GIVEN_BACK'), 0) AS given_back
               FROM stored_value_entry x
              WHERE x.tenant_id = t.tenant_id AND x.sale_id = t.sale_id AND x.tender_position = t.position) e
           WHERE t.stored_value_id IS NOT NULL AND (e.spent <> -t.amount_minor
             OR e.given_back <> CASE s.status WHEN 'VOIDED' THEN t.amount_minor ELSE 0 END)`,
  }),
  sqlCheck({
    promise: 'I5',
    name: 'a gift card got what its line was sold for, once, and nothing of a sale that is not committed',
    service: 'pos',
    text: `SELECT l.tenant_id, l.sale_id, l.id, s.status, l.total_minor, e.sold FROM sale_line l
           JOIN sale s ON s.tenant_id = l.tenant_id AND s.id = l.sale_id
           CROSS JOIN LATERAL (
             SELECT coalesce(sum(x.amount_minor), 0) AS sold FROM stored_value_entry x
              WHERE x.tenant_id = l.tenant_id AND x.sale_id = l.sale_id AND x.line_id = l.id AND x.kind = 'SOLD') e
           WHERE l.gift_card_id IS NOT NULL
             AND e.sold <> CASE s.status WHEN 'COMMITTED' THEN l.total_minor ELSE 0 END`,
  }),
];
