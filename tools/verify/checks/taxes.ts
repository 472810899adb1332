import { sqlCheck, type Check } from '../violation.ts';

/** I3: a sale is whole with its tax: what its buyer owed is its lines, the tax on top of them and the rounding of cash. */
export const taxes: Check[] = [
  sqlCheck({
    promise: 'I3',
    name: 'the total of a sale is its lines, the tax that is added and what cash was rounded by',
    service: 'pos',
    text: `SELECT s.tenant_id, s.id, s.total_minor, l.minor AS lines, t.minor AS added, s.rounding_minor FROM sale s
           CROSS JOIN LATERAL (SELECT coalesce(sum(x.total_minor), 0) AS minor FROM sale_line x
             WHERE x.tenant_id = s.tenant_id AND x.sale_id = s.id) l
           CROSS JOIN LATERAL (SELECT coalesce(sum(x.added_minor), 0) AS minor FROM sale_tax x
             WHERE x.tenant_id = s.tenant_id AND x.sale_id = s.id) t
           WHERE s.status = 'COMMITTED' AND s.total_minor <> l.minor + t.minor + s.rounding_minor`,
  }),
  sqlCheck({
    promise: 'I3',
    name: 'what was paid for a taxed line is its net and its taxes',
    service: 'pos',
    text: `SELECT l.tenant_id, l.sale_id, l.id, l.total_minor, sum(t.tax_minor) AS tax, max(t.base_minor) AS net FROM sale_tax t
           JOIN sale s ON s.tenant_id = t.tenant_id AND s.id = t.sale_id AND s.status = 'COMMITTED'
           JOIN sale_line l ON l.tenant_id = t.tenant_id AND l.sale_id = t.sale_id AND l.id = t.line_id
           WHERE t.scheme <> 'MARGIN' GROUP BY 1, 2, 3, 4
           HAVING max(t.base_minor) + sum(t.tax_minor) <> l.total_minor + sum(t.added_minor)`,
  }),
  sqlCheck({
    promise: 'I5',
    name: 'of no tax more was given back than was charged, and all of it once all came back',
    service: 'pos',
    text: `SELECT t.tenant_id, t.sale_id, t.line_id, t.component, t.tax_minor, r.minor AS returned FROM sale_tax t
           JOIN sale s ON s.tenant_id = t.tenant_id AND s.id = t.sale_id AND s.status = 'COMMITTED'
           JOIN sale_line l ON l.tenant_id = t.tenant_id AND l.sale_id = t.sale_id AND l.id = t.line_id
           CROSS JOIN LATERAL (SELECT coalesce(sum(x.tax_minor), 0) AS minor,
               (SELECT coalesce(sum(b.quantity), 0) FROM sale_return_line b
                 WHERE b.tenant_id = t.tenant_id AND b.sale_id = t.sale_id AND b.line_id = t.line_id) AS back
             FROM sale_return_tax x
             WHERE x.tenant_id = t.tenant_id AND x.sale_id = t.sale_id AND x.line_id = t.line_id AND x.component = t.component) r
           WHERE r.minor > t.tax_minor OR (r.back = l.quantity AND r.minor <> t.tax_minor)`,
  }),
];
