import { sql, type Tx } from '@onecount/db';
import type { Sale } from './sale.ts';

// Reads for the graph; not on the path of a sale.

const byIdsStatement = sql(
  'pos.sales-by-ids',
  'SELECT sale_view(s) AS sale FROM sale s WHERE s.tenant_id = $1 AND s.id = ANY ($2)',
);

export async function salesByIds(tx: Tx, ids: readonly string[]): Promise<Sale[]> {
  const rows = await tx.query<{ sale: Sale }>(byIdsStatement, [tx.tenantId, ids]);
  return rows.map((row) => row.sale);
}

const pageStatement = sql(
  'pos.sale-page',
  `SELECT sale_view(s) AS sale, s.opened_at::text AS "openedAt" FROM sale s
    WHERE s.tenant_id = $1
      AND ($2::timestamptz IS NULL OR (s.opened_at, s.id) < ($2, $3::uuid))
      AND ($4::text IS NULL OR s.status = $4)
      AND ($5::text IS NULL OR s.channel = $5)
    ORDER BY s.opened_at DESC, s.id DESC LIMIT $6`,
);

/** Newest first; `openedAt` with microseconds, for the cursor. */
export function salePage(
  tx: Tx,
  page: {
    after: string[] | undefined;
    limit: number;
    status?: string | null;
    channel?: string | null;
  },
): Promise<{ sale: Sale; openedAt: string }[]> {
  const [openedAt = null, id = null] = page.after ?? [];
  const { status = null, channel = null, limit } = page;
  return tx.query(pageStatement, [tx.tenantId, openedAt, id, status, channel, limit]);
}

const byUnitsStatement = sql(
  'pos.sales-by-units',
  `SELECT l.serial_unit_id AS "unitId", sale_view(s) AS sale
     FROM sale_line l JOIN sale s ON s.tenant_id = l.tenant_id AND s.id = l.sale_id
    WHERE l.tenant_id = $1 AND l.serial_unit_id = ANY ($2) AND s.status = 'COMMITTED'
    ORDER BY s.committed_at DESC`,
);

/** Committed sales only: a basket or a lost checkout is no history of the piece. */
export function salesByUnits(
  tx: Tx,
  unitIds: readonly string[],
): Promise<{ unitId: string; sale: Sale }[]> {
  return tx.query(byUnitsStatement, [tx.tenantId, unitIds]);
}
