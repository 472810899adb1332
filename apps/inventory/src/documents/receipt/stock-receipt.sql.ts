import { sql, type Tx } from '@onecount/db';
import { identifierOf } from '@onecount/refusal';
import type { StockReceiptLineRow, StockReceiptRow, StockReceiptStatus } from './stock-receipt.ts';

const columns = `
  r.id, r.status, r.supplier, r.document_number AS "documentNumber", r.location_id AS "locationId", r.note,
  r.created_by AS "createdBy", r.created_at AS "createdAt", r.closed_by AS "closedBy", r.closed_at AS "closedAt"`;

export type NewStockReceipt = {
  id: string;
  status: 'EXPECTED' | 'CLOSED';
  supplier: string;
  documentNumber: string | null;
  locationId: string;
  note: string | null;
  actor: string;
};

const insertStatement = sql(
  'inventory.stock-receipt-insert',
  `INSERT INTO stock_receipt (tenant_id, id, status, supplier, document_number, location_id, note, created_by, closed_by, closed_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $3 = 'CLOSED' THEN $8 END, CASE WHEN $3 = 'CLOSED' THEN clock_timestamp() END)`,
);

/** Throws a violation of stock_receipt_document for a number that the supplier's goods came under before. */
export async function insertStockReceipt(tx: Tx, receipt: NewStockReceipt): Promise<void> {
  const { id, status, supplier, documentNumber, locationId, note, actor } = receipt;
  const number = documentNumber && identifierOf(documentNumber);
  const values = [id, status, supplier, number, locationId, note, actor];
  await tx.query(insertStatement, [tx.tenantId, ...values]);
}

export type NewStockReceiptLine = {
  stockItemId: string;
  expected: number;
  received: number;
  unitCostMinor: number | null;
  unitCostCurrency: string | null;
};

const insertLinesStatement = sql(
  'inventory.stock-receipt-line-insert',
  `INSERT INTO stock_receipt_line (tenant_id, stock_receipt_id, line, stock_item_id, expected, received, unit_cost_minor, unit_cost_currency)
   SELECT $1, $2, n.line, n.item, n.expected, n.received, n.cost, n.currency
   FROM ROWS FROM (jsonb_to_recordset($3) AS ("stockItemId" uuid, expected integer, received integer, "unitCostMinor" bigint,
     "unitCostCurrency" text)) WITH ORDINALITY AS n (item, expected, received, cost, currency, line)`,
);

export async function insertStockReceiptLines(
  tx: Tx,
  id: string,
  lines: readonly NewStockReceiptLine[],
): Promise<void> {
  await tx.query(insertLinesStatement, [tx.tenantId, id, JSON.stringify(lines)]);
}

const lockStatement = sql(
  'inventory.stock-receipt-lock',
  `SELECT ${columns} FROM stock_receipt r WHERE r.tenant_id = $1 AND r.id = $2 FOR UPDATE`,
);

/** The row that every change of a receipt begins with. */
export async function lockStockReceipt(tx: Tx, id: string): Promise<StockReceiptRow | undefined> {
  const [row] = await tx.query<StockReceiptRow>(lockStatement, [tx.tenantId, id]);
  return row;
}

const linesStatement = sql(
  'inventory.stock-receipt-lines',
  `SELECT n.stock_receipt_id AS "stockReceiptId", n.line, n.stock_item_id AS "stockItemId", i.sku, n.expected, n.received,
     n.unit_cost_minor AS "unitCostMinor", n.unit_cost_currency AS "unitCostCurrency"
   FROM stock_receipt_line n JOIN stock_item i ON i.tenant_id = n.tenant_id AND i.id = n.stock_item_id
   WHERE n.tenant_id = $1 AND n.stock_receipt_id = ANY ($2::uuid[])
   ORDER BY n.stock_receipt_id, n.line`,
);

export function selectStockReceiptLines(
  tx: Tx,
  ids: readonly string[],
): Promise<StockReceiptLineRow[]> {
  return tx.query<StockReceiptLineRow>(linesStatement, [tx.tenantId, ids]);
}

const addStatement = sql(
  'inventory.stock-receipt-add',
  `UPDATE stock_receipt_line n SET received = n.received + a.quantity
   FROM unnest($3::uuid[], $4::integer[]) AS a (item, quantity)
   WHERE n.tenant_id = $1 AND n.stock_receipt_id = $2 AND n.stock_item_id = a.item`,
);

/** One entry for each item. */
export async function addReceived(
  tx: Tx,
  id: string,
  arrived: readonly { stockItemId: string; quantity: number }[],
): Promise<void> {
  const items = arrived.map(({ stockItemId }) => stockItemId);
  await tx.query(addStatement, [tx.tenantId, id, items, arrived.map(({ quantity }) => quantity)]);
}

const statusStatement = sql(
  'inventory.stock-receipt-status',
  `UPDATE stock_receipt r SET status = $3, note = coalesce($5, r.note),
     closed_by = CASE WHEN $3 IN ('CLOSED', 'CANCELLED') THEN $4 END,
     closed_at = CASE WHEN $3 IN ('CLOSED', 'CANCELLED') THEN clock_timestamp() END
   WHERE r.tenant_id = $1 AND r.id = $2`,
);

/** `note` null leaves the one that is there. */
export async function setStockReceiptStatus(
  tx: Tx,
  id: string,
  change: { status: StockReceiptStatus; actor: string; note: string | null },
): Promise<void> {
  await tx.query(statusStatement, [tx.tenantId, id, change.status, change.actor, change.note]);
}

const byIdsStatement = sql(
  'inventory.stock-receipt-by-ids',
  `SELECT ${columns} FROM stock_receipt r WHERE r.tenant_id = $1 AND r.id = ANY ($2::uuid[])`,
);

export function selectStockReceipts(tx: Tx, ids: readonly string[]): Promise<StockReceiptRow[]> {
  return tx.query<StockReceiptRow>(byIdsStatement, [tx.tenantId, ids]);
}

const byDocumentStatement = sql(
  'inventory.stock-receipt-by-document',
  `SELECT r.id FROM stock_receipt r
   WHERE r.tenant_id = $1 AND lower(r.supplier) = lower($2) AND r.document_key = identifier_key($3) AND r.status <> 'CANCELLED'`,
);

export async function selectByDocument(
  tx: Tx,
  document: { supplier: string; documentNumber: string },
): Promise<string | null> {
  const values = [tx.tenantId, document.supplier, document.documentNumber];
  const [row] = await tx.query<{ id: string }>(byDocumentStatement, values);
  return row?.id ?? null;
}

export type StockReceiptFilter = {
  status: StockReceiptStatus | null;
  supplier: string | null;
  locationId: string | null;
};

const pageStatement = sql(
  'inventory.stock-receipt-page',
  `SELECT ${columns} FROM stock_receipt r
   WHERE r.tenant_id = $1 AND ($2::uuid IS NULL OR r.id < $2) AND ($3::text IS NULL OR r.status = $3)
     AND ($4::text IS NULL OR lower(r.supplier) = lower($4)) AND ($5::uuid IS NULL OR r.location_id = $5)
   ORDER BY r.id DESC LIMIT $6`,
);

/** Newest first. */
export function selectStockReceiptPage(
  tx: Tx,
  page: { before: string | undefined; limit: number; filter: StockReceiptFilter },
): Promise<StockReceiptRow[]> {
  const { status, supplier, locationId } = page.filter;
  const values = [tx.tenantId, page.before ?? null, status, supplier, locationId, page.limit];
  return tx.query<StockReceiptRow>(pageStatement, values);
}
