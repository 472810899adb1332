import { sql, type Tx } from '@onecount/db';
import { foldedIdentifier, identifierOf } from '@onecount/refusal';
import type { Tracking } from '../../kernel/stock-item/stock-item.ts';
import type { DifferenceRow, TransferLineRow, TransferRow, TransferStatus } from './transfer.ts';

const columns = `
  t.id, t.status, t.from_location_id AS "fromLocationId", t.to_location_id AS "toLocationId", t.note,
  t.created_by AS "createdBy", t.created_at AS "createdAt", t.dispatched_by AS "dispatchedBy",
  t.dispatched_at AS "dispatchedAt", t.ended_by AS "endedBy", t.ended_at AS "endedAt"`;

const insertStatement = sql(
  'inventory.transfer-insert',
  `INSERT INTO transfer (tenant_id, from_location_id, to_location_id, note, created_by)
   VALUES ($1, $2, $3, $4, $5) RETURNING id`,
);

export async function insertTransfer(
  tx: Tx,
  transfer: { fromLocationId: string; toLocationId: string; note: string | null; actor: string },
): Promise<string> {
  const { fromLocationId, toLocationId, note, actor } = transfer;
  const values = [tx.tenantId, fromLocationId, toLocationId, note, actor];
  const [row] = await tx.query<{ id: string }>(insertStatement, values);
  return row!.id;
}

const lockStatement = sql(
  'inventory.transfer-lock',
  `SELECT ${columns} FROM transfer t WHERE t.tenant_id = $1 AND t.id = $2 FOR UPDATE`,
);

/** The row that every change of a transfer and of its lines begins with. */
export async function lockTransfer(tx: Tx, id: string): Promise<TransferRow | undefined> {
  const [row] = await tx.query<TransferRow>(lockStatement, [tx.tenantId, id]);
  return row;
}

const byIdsStatement = sql(
  'inventory.transfer-by-ids',
  `SELECT ${columns} FROM transfer t WHERE t.tenant_id = $1 AND t.id = ANY ($2::uuid[])`,
);

export function selectTransfers(tx: Tx, ids: readonly string[]): Promise<TransferRow[]> {
  return tx.query<TransferRow>(byIdsStatement, [tx.tenantId, ids]);
}

export type TransferFilter = {
  status: TransferStatus | null;
  fromLocationId: string | null;
  toLocationId: string | null;
};

const pageStatement = sql(
  'inventory.transfer-page',
  `SELECT ${columns} FROM transfer t
   WHERE t.tenant_id = $1 AND ($2::uuid IS NULL OR t.id < $2) AND ($3::text IS NULL OR t.status = $3)
     AND ($4::uuid IS NULL OR t.from_location_id = $4) AND ($5::uuid IS NULL OR t.to_location_id = $5)
   ORDER BY t.id DESC LIMIT $6`,
);

/** Newest first. */
export function selectTransferPage(
  tx: Tx,
  page: { before: string | undefined; limit: number; filter: TransferFilter },
): Promise<TransferRow[]> {
  const { status, fromLocationId, toLocationId } = page.filter;
  return tx.query<TransferRow>(pageStatement, [
    tx.tenantId,
    page.before ?? null,
    status,
    fromLocationId,
    toLocationId,
    page.limit,
  ]);
}

const lineColumns = `
  n.id, n.transfer_id AS "transferId", n.stock_item_id AS "stockItemId", n.serial_unit_id AS "serialUnitId",
  n.quantity, n.dispatched, n.received, n.returned, n.missing,
  n.dispatched - n.received - n.returned - n.missing AS "inTransit"`;

const linesStatement = sql(
  'inventory.transfer-lines',
  `SELECT ${lineColumns} FROM transfer_line n WHERE n.tenant_id = $1 AND n.transfer_id = $2 ORDER BY n.id`,
);

/** All lines of a transfer, at most `linesMax` by what its service lets in. */
export function selectLines(tx: Tx, transferId: string): Promise<TransferLineRow[]> {
  return tx.query<TransferLineRow>(linesStatement, [tx.tenantId, transferId]);
}

const linePagesStatement = sql(
  'inventory.transfer-line-pages',
  `SELECT p.* FROM unnest($2::uuid[]) AS k (transfer)
   CROSS JOIN LATERAL (
     SELECT ${lineColumns} FROM transfer_line n
     WHERE n.tenant_id = $1 AND n.transfer_id = k.transfer AND ($3::uuid IS NULL OR n.id > $3)
     ORDER BY n.id LIMIT $4) p`,
);

/** One page per transfer, in the order in which the lines were added. */
export function selectLinePages(
  tx: Tx,
  transferIds: readonly string[],
  page: { after: string | undefined; limit: number },
): Promise<TransferLineRow[]> {
  const values = [tx.tenantId, transferIds, page.after ?? null, page.limit];
  return tx.query<TransferLineRow>(linePagesStatement, values);
}

const totalsStatement = sql(
  'inventory.transfer-totals',
  `SELECT n.transfer_id AS id, count(*)::integer AS lines, sum(n.quantity)::integer AS quantity, sum(n.received)::integer AS received,
     sum(n.returned)::integer AS returned, sum(n.missing)::integer AS missing,
     sum(n.dispatched - n.received - n.returned - n.missing)::integer AS "inTransit"
   FROM transfer_line n WHERE n.tenant_id = $1 AND n.transfer_id = ANY ($2::uuid[]) GROUP BY 1`,
);

export type TransferTotals = {
  id: string;
  lines: number;
  quantity: number;
  received: number;
  returned: number;
  missing: number;
  inTransit: number;
};

export function selectTotals(tx: Tx, transferIds: readonly string[]): Promise<TransferTotals[]> {
  return tx.query<TransferTotals>(totalsStatement, [tx.tenantId, transferIds]);
}

const inTransitStatement = sql(
  'inventory.transfer-in-transit',
  `SELECT n.stock_item_id AS id, sum(n.dispatched - n.received - n.returned - n.missing)::integer AS quantity
   FROM transfer_line n
   WHERE n.tenant_id = $1 AND n.stock_item_id = ANY ($2::uuid[]) AND n.dispatched > n.received + n.returned + n.missing
   GROUP BY 1`,
);

/** Units on their way, by item; an item of which none is has no row. */
export function selectInTransit(
  tx: Tx,
  stockItemIds: readonly string[],
): Promise<{ id: string; quantity: number }[]> {
  return tx.query(inTransitStatement, [tx.tenantId, stockItemIds]);
}

const differencesStatement = sql(
  'inventory.transfer-differences',
  `SELECT d.id, d.transfer_line_id AS "transferLineId", d.outcome, d.quantity, d.reason, d.note, d.actor,
          d.cost_minor AS "costMinor", d.cost_currency AS "costCurrency", d.cost_quantity AS "costQuantity", d.occurred_at AS "occurredAt"
   FROM transfer_difference d WHERE d.tenant_id = $1 AND d.transfer_line_id = ANY ($2::uuid[]) ORDER BY d.id`,
);

export function selectDifferences(tx: Tx, lineIds: readonly string[]): Promise<DifferenceRow[]> {
  return tx.query<DifferenceRow>(differencesStatement, [tx.tenantId, lineIds]);
}

export type TransferItem = { id: string; sku: string; title: string; tracking: Tracking };

const itemsStatement = sql(
  'inventory.transfer-items',
  `SELECT id, sku, title, tracking FROM stock_item
   WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR SHARE`,
);

/** By id, as `lockItemsBySku` by SKU: no conversion changes how they are counted until this ends. */
export function lockItems(tx: Tx, ids: readonly string[]): Promise<TransferItem[]> {
  return tx.query<TransferItem>(itemsStatement, [tx.tenantId, ids]);
}

const unitsByNameStatement = sql(
  'inventory.transfer-units-by-name',
  `SELECT u.id, u.stock_item_id AS "stockItemId", u.serial, u.stock_number AS "stockNumber" FROM serial_unit u
   WHERE u.tenant_id = $1 AND u.serial = ANY ($2::text[])
   UNION SELECT u.id, u.stock_item_id, u.serial, u.stock_number FROM serial_unit u
   WHERE u.tenant_id = $1 AND u.stock_number_key = ANY ($3::text[])`,
);

export type NamedUnit = {
  id: string;
  stockItemId: string;
  serial: string | null;
  stockNumber: string | null;
};

/** Units with one of these serials or stock numbers, of any item. */
export function selectUnitsByName(tx: Tx, names: readonly string[]): Promise<NamedUnit[]> {
  if (names.length === 0) return Promise.resolve([]);
  return tx.query<NamedUnit>(unitsByNameStatement, [
    tx.tenantId,
    names.map(identifierOf),
    names.map(foldedIdentifier),
  ]);
}
