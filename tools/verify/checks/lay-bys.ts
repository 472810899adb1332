import type { Sources } from '../sources.ts';
import { sqlCheck, type Check } from '../violation.ts';

type OpenLayBy = { sale_id: string };

// Its claim may be under way as long as a checkout's may.
const graceSeconds = 15;

/** I3 and I5: a lay-by is paid by its payments, each once, and has its stock for as long as it is open. */
export const layBys: Check[] = [
  sqlCheck({
    promise: 'I5',
    name: 'what was paid of a lay-by is its payments, and its tenders, and all of it when it is sold',
    service: 'pos',
    text: `SELECT b.tenant_id, b.sale_id, s.status, b.total_minor, b.paid_minor, p.paid, t.tendered FROM lay_by b
           JOIN sale s ON s.tenant_id = b.tenant_id AND s.id = b.sale_id
           CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount_minor), 0) AS paid FROM lay_by_payment x
             WHERE x.tenant_id = b.tenant_id AND x.sale_id = b.sale_id) p
           CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount_minor), 0) AS tendered FROM sale_tender x
             WHERE x.tenant_id = b.tenant_id AND x.sale_id = b.sale_id) t
           WHERE (p.paid, t.tendered) <> (b.paid_minor, b.paid_minor) OR b.total_minor <> s.total_minor
              OR (s.status = 'COMMITTED' AND b.paid_minor <> s.total_minor)`,
  }),
  sqlCheck({
    promise: 'I3',
    name: 'a lay-by ends with its sale, and its schedule comes to its total',
    service: 'pos',
    text: `SELECT b.tenant_id, b.sale_id, s.status, b.outcome, i.through FROM lay_by b
           JOIN sale s ON s.tenant_id = b.tenant_id AND s.id = b.sale_id
           CROSS JOIN LATERAL (SELECT b.deposit_minor + coalesce(sum(x.amount_minor), 0) AS through FROM lay_by_instalment x
             WHERE x.tenant_id = b.tenant_id AND x.sale_id = b.sale_id) i
           WHERE (s.status = 'PENDING') <> (b.outcome IS NULL)
              OR (s.status = 'COMMITTED') <> (b.outcome IS NOT DISTINCT FROM 'COMPLETED') OR i.through <> b.total_minor`,
  }),
  { promise: 'I3', name: 'inventory has the claim of every open lay-by', find: unclaimed },
];

async function unclaimed(sources: Sources): Promise<string[]> {
  const open = await sources.rows<OpenLayBy>(
    'pos',
    `SELECT b.sale_id FROM lay_by b JOIN sale s ON s.tenant_id = b.tenant_id AND s.id = b.sale_id
      WHERE b.outcome IS NULL AND s.pending_at < now() - interval '${graceSeconds} seconds'
        AND EXISTS (SELECT FROM sale_line l WHERE l.tenant_id = s.tenant_id AND l.sale_id = s.id AND l.tracking <> 'NONE')`,
  );
  const claims = await sources.rows<OpenLayBy>(
    'inventory',
    `SELECT sale_id::text FROM sale_claim WHERE status IN ('CLAIMED', 'APPLIED')`,
  );
  const claimed = new Set(claims.map(({ sale_id }) => sale_id));
  return open
    .filter(({ sale_id }) => !claimed.has(sale_id))
    .map(({ sale_id }) => `lay-by ${sale_id} is open, and nothing is claimed for it`);
}
