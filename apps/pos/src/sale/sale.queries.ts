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

const lockStatement = sql(
  'pos.sale-lock',
  'SELECT id FROM sale WHERE tenant_id = $1 AND id = $2 FOR UPDATE',
);

/** The sale, locked. Read after the lock: a statement that has waited sees it as it was before. */
export async function lockSale(tx: Tx, saleId: string): Promise<Sale | undefined> {
  const locked = await tx.query(lockStatement, [tx.tenantId, saleId]);
  return locked.length > 0 ? (await salesByIds(tx, [saleId]))[0] : undefined;
}

export type SaleFilter = {
  status?: string | null;
  channel?: string | null;
  receiptNumber?: string | null;
  externalId?: string | null;
  registerId?: string | null;
  leaseId?: string | null;
  locationId?: string | null;
  locationCode?: string | null;
  cashier?: string | null;
  openedFrom?: string | null;
  openedTo?: string | null;
  serialUnitId?: string | null;
  serial?: string | null;
  sku?: string | null;
  text?: string | null;
};

/** By whom, every id that means one customer; from the customer only. */
type SaleConditions = SaleFilter & { customerIds?: readonly string[] };

// Sales with a line as asked, found by the line's index.
const withLine = (condition: string) =>
  `s.id IN (SELECT l.sale_id FROM sale_line l WHERE l.tenant_id = s.tenant_id AND ${condition})`;
// The piece of a line of one is in the line, those of a line of several are beside it.
const withPiece = (condition: string) =>
  `s.id IN (SELECT l.sale_id FROM sale_line l WHERE l.tenant_id = $1 AND ${condition}
     UNION ALL SELECT l.sale_id FROM sale_line_unit l WHERE l.tenant_id = $1 AND ${condition})`;
const bySku = (p: string) => withLine(`identifier_key(l.sku) = identifier_key(${p})`);
const bySerial = (p: string) => withPiece(`identifier_key(l.serial) = identifier_key(${p})`);

const conditions: Record<keyof SaleConditions, (parameter: string) => string> = {
  status: (p) => `s.status = ${p}`,
  channel: (p) => `s.channel = ${p}`,
  receiptNumber: (p) => `s.receipt_number = ${p}`,
  externalId: (p) => `s.external_id = ${p}`,
  registerId: (p) => `s.register_id = ${p}::uuid`,
  leaseId: (p) => `s.lease_id = ${p}::uuid`,
  locationId: (p) => `s.location_id = ${p}::uuid`,
  locationCode: (p) => `lower(s.location_code) = lower(${p})`,
  customerIds: (p) => `s.customer_id = ANY (${p}::uuid[])`,
  cashier: (p) => `s.opened_by = ${p}`,
  openedFrom: (p) => `s.opened_at >= ${p}::timestamptz`,
  openedTo: (p) => `s.opened_at < ${p}::timestamptz`,
  serialUnitId: (p) => withPiece(`l.serial_unit_id = ${p}::uuid`),
  serial: bySerial,
  sku: bySku,
  text: (p) => `(s.receipt_number = ${p} OR s.external_id = ${p} OR ${bySku(p)} OR ${bySerial(p)})`,
};
const names = Object.keys(conditions) as (keyof SaleConditions)[];

/**
 * Newest first; `openedAt` with microseconds, for the cursor. Each set of filters is a text of its own, so that each has
 * the index that serves it, and unnamed: thousands of sets would stay prepared in every connection.
 */
export function salePage(
  tx: Tx,
  filter: SaleConditions,
  page: { after: string[] | undefined; limit: number; includesEmpty: boolean },
): Promise<{ sale: Sale; openedAt: string }[]> {
  const values: unknown[] = [tx.tenantId, page.limit];
  const bound = (value: unknown) => `$${values.push(value)}`;
  const given = names.filter((name) => filter[name] !== null && filter[name] !== undefined);
  const texts = ['s.tenant_id = $1', ...given.map((name) => conditions[name](bound(filter[name])))];
  if (!page.includesEmpty)
    texts.push(
      `(s.status <> 'OPEN' OR EXISTS (
        SELECT FROM sale_line l WHERE l.tenant_id = s.tenant_id AND l.sale_id = s.id))`,
    );
  const [openedAt, id] = page.after ?? [];
  if (page.after)
    texts.push(`(s.opened_at, s.id) < (${bound(openedAt)}::timestamptz, ${bound(id)}::uuid)`);
  const text = `SELECT sale_view(s) AS sale, s.opened_at::text AS "openedAt" FROM sale s
    WHERE ${texts.join(' AND ')} ORDER BY s.opened_at DESC, s.id DESC LIMIT $2`;
  return tx.query(text, values);
}

const byUnitsStatement = sql(
  'pos.sales-by-units',
  `SELECT l.serial_unit_id AS "unitId", sale_view(s) AS sale FROM (
      SELECT sale_id, serial_unit_id FROM sale_line WHERE tenant_id = $1 AND serial_unit_id = ANY ($2)
      UNION ALL SELECT sale_id, serial_unit_id FROM sale_line_unit WHERE tenant_id = $1 AND serial_unit_id = ANY ($2)) l
     JOIN sale s ON s.tenant_id = $1 AND s.id = l.sale_id
    WHERE s.status = 'COMMITTED' ORDER BY s.committed_at DESC`,
);

/** Committed sales only: a basket or a lost checkout is no history of the piece. */
export function salesByUnits(
  tx: Tx,
  unitIds: readonly string[],
): Promise<{ unitId: string; sale: Sale }[]> {
  return tx.query(byUnitsStatement, [tx.tenantId, unitIds]);
}
