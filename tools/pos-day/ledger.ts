import type { Sources } from '../verify/sources.ts';

/** What the database has of a day, summed up from its documents. */
export type Ledger = {
  soldMinor: number;
  /** What was kept of cash and of cards, refunds taken out. */
  cashMinor: number;
  cardMinor: number;
  /** Taken back, as a whole or in part. */
  returnedMinor: number;
  postVoidedMinor: number;
};

/** Of one tenant, or of all there are. */
export async function ledgerOf(sources: Sources, tenantId?: string): Promise<Ledger> {
  const [row] = await sources.rows<Ledger>(
    'pos',
    `WITH sold AS (SELECT * FROM sale WHERE status = 'COMMITTED' AND ($1::uuid IS NULL OR tenant_id = $1)),
          tender AS (SELECT t.kind, t.amount_minor FROM sale_tender t JOIN sold s ON s.tenant_id = t.tenant_id AND s.id = t.sale_id
            UNION ALL SELECT 'CASH', -change_minor FROM sold
            UNION ALL SELECT kind, -amount_minor FROM sale_return_refund WHERE $1::uuid IS NULL OR tenant_id = $1),
          back AS (SELECT kind, total_minor FROM sale_return WHERE $1::uuid IS NULL OR tenant_id = $1)
     SELECT (SELECT coalesce(sum(total_minor), 0)::float8 FROM sold) AS "soldMinor",
            (SELECT coalesce(sum(amount_minor), 0)::float8 FROM tender WHERE kind = 'CASH') AS "cashMinor",
            (SELECT coalesce(sum(amount_minor), 0)::float8 FROM tender WHERE kind = 'CARD') AS "cardMinor",
            (SELECT coalesce(sum(total_minor), 0)::float8 FROM back WHERE kind <> 'POST_VOID') AS "returnedMinor",
            (SELECT coalesce(sum(total_minor), 0)::float8 FROM back WHERE kind = 'POST_VOID') AS "postVoidedMinor"`,
    [tenantId ?? null],
  );
  return row!;
}
