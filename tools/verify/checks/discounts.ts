import { sqlCheck, type Check } from '../violation.ts';

/** I3: what is taken off and what a code was used for stand and fall with the sale. */
export const discounts: Check[] = [
  sqlCheck({
    promise: 'I3',
    name: 'a promotion is taken as often as checkouts have it or sales had it, and no more than it may be',
    service: 'pos',
    text: `SELECT p.tenant_id, p.code, p.uses_taken, p.uses_max, count(u.sale_id) AS uses FROM promotion p
           LEFT JOIN promotion_use u ON u.tenant_id = p.tenant_id AND u.promotion_id = p.id AND u.state <> 'FREED'
           GROUP BY p.tenant_id, p.id, p.code, p.uses_taken, p.uses_max
           HAVING count(u.sale_id) <> p.uses_taken OR p.uses_taken > p.uses_max`,
  }),
  sqlCheck({
    promise: 'I3',
    name: 'a use of a promotion is what became of its sale',
    service: 'pos',
    text: `SELECT u.tenant_id, u.sale_id, u.promotion_id, u.state, s.status FROM promotion_use u
           JOIN sale s ON s.tenant_id = u.tenant_id AND s.id = u.sale_id
           WHERE u.state <> CASE s.status WHEN 'PENDING' THEN 'RESERVED' WHEN 'COMMITTED' THEN 'COUNTED' ELSE 'FREED' END`,
  }),
  sqlCheck({
    promise: 'I3',
    name: 'what is taken off a line is the shares of its discounts, and the shares are what each discount takes',
    service: 'pos',
    text: `SELECT l.tenant_id, l.sale_id, l.id, l.discount_minor AS off, coalesce(sum(x.amount_minor), 0) AS shares FROM sale_line l
           LEFT JOIN sale_discount_share x ON x.tenant_id = l.tenant_id AND x.sale_id = l.sale_id AND x.line_id = l.id
           GROUP BY l.tenant_id, l.sale_id, l.id, l.discount_minor HAVING l.discount_minor <> coalesce(sum(x.amount_minor), 0)
           UNION ALL
           SELECT d.tenant_id, d.sale_id, d.id, d.amount_minor, coalesce(sum(x.amount_minor), 0) FROM sale_discount d
           LEFT JOIN sale_discount_share x ON x.tenant_id = d.tenant_id AND x.sale_id = d.sale_id AND x.discount_id = d.id
           GROUP BY d.tenant_id, d.sale_id, d.id, d.amount_minor HAVING d.amount_minor <> coalesce(sum(x.amount_minor), 0)`,
  }),
];
