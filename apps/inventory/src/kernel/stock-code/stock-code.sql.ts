import { sql, type Database, type Tx } from '@onecount/db';
import { codeKey, foldedIdentifier, identifierOf, isStorable } from '@onecount/refusal';
import type { CodeTarget, StockCodeChangeRow, StockCodeKind, StockCodeRow } from './stock-code.ts';

export type { CodeTarget };

// What a text may stand for, the one rule: a code that we gave, then what names one unit, then what names
// an item. The more exact wins: where a piece of its own has its SKU as stock number, the scan names the
// piece. A piece that was collapsed into a quantity bears its number still, and is one of its item. Each text is looked
// for as a code (a GTIN in any of its forms), as what is compared without case, and as it is kept. Whole keys on one
// index each: one code costs four probes, 10,000 cost 40,000.
const candidates = `
  SELECT a.text, c.stock_item_id AS item, c.serial_unit_id AS unit, 1 AS rank
  FROM asked a JOIN stock_code c ON c.tenant_id = $1 AND c.code_key = a.code
  UNION ALL SELECT a.text, n.stock_item_id, CASE WHEN n.status = 'SCRAPPED' AND EXISTS (
    SELECT FROM serial_unit_change x WHERE x.tenant_id = $1 AND x.serial_unit_id = n.id AND x.kind = 'COLLAPSED')
    THEN NULL ELSE n.id END, 2
  FROM asked a JOIN serial_unit n ON n.tenant_id = $1 AND n.stock_number_key = a.folded
  UNION ALL SELECT a.text, s.stock_item_id, s.id, 3
  FROM asked a JOIN serial_unit s ON s.tenant_id = $1 AND s.serial = a.kept
  UNION ALL SELECT a.text, i.id, NULL, 4
  FROM asked a JOIN stock_item i ON i.tenant_id = $1 AND i.sku_key = a.folded`;
const asked = `asked AS MATERIALIZED (
     SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS a (text, code, folded, kept))`;
const formsOf = (texts: readonly string[]): string[][] => [
  [...texts],
  texts.map(codeKey),
  texts.map(foldedIdentifier),
  texts.map(identifierOf),
];

// Only a serial can stand for several units: codes, stock numbers and SKUs are unique in the tenant. Such
// a serial is nobody's, even where a SKU is written alike: a count must not take a piece for a quantity.
const resolveStatement = sql(
  'inventory.stock-codes-resolve',
  `WITH ${asked}
   SELECT text, min(item::text) AS "stockItemId", min(unit::text) AS "serialUnitId"
   FROM (SELECT t.*, min(rank) OVER (PARTITION BY text) AS best FROM (${candidates}) t) b
   WHERE rank = best GROUP BY text HAVING count(*) = 1`,
);

/** What each of the codes names, of thousands in one statement. Absent: it names nothing, or more than one thing. */
export async function resolveCodes(
  tx: Tx,
  codes: readonly string[],
): Promise<Map<string, CodeTarget>> {
  // A text that cannot be stored is nobody's; in the batch it would fail the others.
  const texts = [...new Set(codes.filter(isStorable))];
  const rows = await tx.query<CodeTarget & { text: string }>(resolveStatement, [
    tx.tenantId,
    ...formsOf(texts),
  ]);
  return new Map(
    rows.map(({ text, stockItemId, serialUnitId }) => [text, { stockItemId, serialUnitId }]),
  );
}

export type ScanTarget = {
  sku: string;
  serialUnitId: string | null;
  stockItemId: string;
  isSold: boolean;
  /** Two of one rank bear the same serial. */
  rank: number;
};

// At a till a piece that is sold cannot be the one in the hand, unless nothing else has the name.
const sellableStatement = sql(
  'inventory.stock-code-sellable',
  `WITH ${asked}
   SELECT i.sku, t.unit AS "serialUnitId", i.id AS "stockItemId", coalesce(u.status = 'SOLD', false) AS "isSold",
     t.rank
   FROM (${candidates}) t
   JOIN stock_item i ON i.tenant_id = $1 AND i.id = t.item
   LEFT JOIN serial_unit u ON u.tenant_id = $1 AND u.id = t.unit
   WHERE $6 OR t.unit IS NOT NULL AND t.rank IN (2, 3)
   ORDER BY "isSold", t.rank, i.sku LIMIT 10`,
);

/** What a scanned code, or a serial value alone, may stand for when it is to be sold; best first. */
export function resolveSellable(
  db: Database,
  scan: { tenantId: string; text: string; isAnyCode: boolean },
): Promise<ScanTarget[]> {
  return db.read(scan.tenantId, (tx) =>
    tx.query<ScanTarget>(sellableStatement, [
      scan.tenantId,
      ...formsOf([scan.text]),
      scan.isAnyCode,
    ]),
  );
}

const columns = `c.code, c.kind, c.stock_item_id AS "stockItemId", c.serial_unit_id AS "serialUnitId", c.created_at AS "since"`;

// The last change knows retired codes, which have no row of their own.
const byCodesStatement = sql(
  'inventory.stock-codes-by-code',
  `SELECT h.code, h.kind, h.to_stock_item_id AS "stockItemId", h.to_serial_unit_id AS "serialUnitId", h.occurred_at AS "since"
   FROM unnest($2::text[]) AS k (code_key)
   CROSS JOIN LATERAL (
     SELECT * FROM stock_code_change x WHERE x.tenant_id = $1 AND x.code_key = k.code_key ORDER BY x.position DESC LIMIT 1) h`,
);

/** The codes that were ever assigned, live or retired. */
export function selectCodes(tx: Tx, codes: readonly string[]): Promise<StockCodeRow[]> {
  return tx.query<StockCodeRow>(byCodesStatement, [tx.tenantId, codes.map(codeKey)]);
}

const liveStatement = sql(
  'inventory.stock-code-live',
  `SELECT ${columns} FROM stock_code c WHERE c.tenant_id = $1 AND c.code_key = $2 FOR UPDATE`,
);

/** The code if it is live, locked. */
export async function lockCode(tx: Tx, code: string): Promise<StockCodeRow | undefined> {
  const [row] = await tx.query<StockCodeRow>(liveStatement, [tx.tenantId, codeKey(code)]);
  return row;
}

const ofItemsStatement = sql(
  'inventory.stock-codes-of-items',
  `SELECT c.* FROM unnest($2::uuid[]) AS k (id)
   CROSS JOIN LATERAL (
     SELECT ${columns} FROM stock_code c
     WHERE c.tenant_id = $1 AND c.stock_item_id = k.id AND c.serial_unit_id IS NULL
     ORDER BY c.created_at, c.code LIMIT 100) c`,
);
const ofUnitsStatement = sql(
  'inventory.stock-codes-of-units',
  `SELECT c.* FROM unnest($2::uuid[]) AS k (id)
   CROSS JOIN LATERAL (
     SELECT ${columns} FROM stock_code c WHERE c.tenant_id = $1 AND c.serial_unit_id = k.id
     ORDER BY c.created_at, c.code LIMIT 100) c`,
);

/** The live codes of each of the items as such. */
export function selectCodesOfItems(tx: Tx, ids: readonly string[]): Promise<StockCodeRow[]> {
  return tx.query<StockCodeRow>(ofItemsStatement, [tx.tenantId, ids]);
}

/** The live codes of each of the units. */
export function selectCodesOfUnits(tx: Tx, ids: readonly string[]): Promise<StockCodeRow[]> {
  return tx.query<StockCodeRow>(ofUnitsStatement, [tx.tenantId, ids]);
}

const historyStatement = sql(
  'inventory.stock-code-history',
  `SELECT h.position, h.code, h.change, h.kind, h.from_stock_item_id AS "fromStockItemId",
     h.from_serial_unit_id AS "fromSerialUnitId", h.to_stock_item_id AS "toStockItemId",
     h.to_serial_unit_id AS "toSerialUnitId", h.note, h.actor, h.occurred_at AS "occurredAt"
   FROM stock_code_change h
   WHERE h.tenant_id = $1 AND h.code_key = $2 AND ($3::bigint IS NULL OR h.position < $3)
   ORDER BY h.position DESC LIMIT $4`,
);

export function selectCodeHistory(
  tx: Tx,
  page: { code: string; before: string | undefined; limit: number },
): Promise<StockCodeChangeRow[]> {
  const values = [tx.tenantId, codeKey(page.code), page.before ?? null, page.limit];
  return tx.query<StockCodeChangeRow>(historyStatement, values);
}

export type CodeDocument = { actor: string; note: string | null };

const assignStatement = sql(
  'inventory.stock-code-assign',
  `INSERT INTO stock_code (tenant_id, code, kind, stock_item_id, serial_unit_id, actor, note)
   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING code`,
);

/** False when the code is live already. */
export async function insertCode(
  tx: Tx,
  code: { code: string; kind: StockCodeKind } & CodeTarget & CodeDocument,
): Promise<boolean> {
  const { kind, stockItemId, serialUnitId, actor, note } = code;
  const values = [tx.tenantId, code.code, kind, stockItemId, serialUnitId, actor, note];
  return (await tx.query(assignStatement, values)).length === 1;
}

const moveStatement = sql(
  'inventory.stock-code-move',
  `UPDATE stock_code SET stock_item_id = $3, serial_unit_id = $4, actor = $5, note = $6
   WHERE tenant_id = $1 AND code = ANY ($2::text[]) AND (stock_item_id, serial_unit_id) IS DISTINCT FROM ($3, $4)`,
);

/** Makes live codes name something else; those that name it already stay as they are. */
export async function moveCodes(
  tx: Tx,
  codes: readonly string[],
  to: CodeTarget & CodeDocument,
): Promise<void> {
  const { stockItemId, serialUnitId, actor, note } = to;
  await tx.query(moveStatement, [tx.tenantId, codes, stockItemId, serialUnitId, actor, note]);
}

// The history takes the actor from the row, so it is written there first.
const signStatement = sql(
  'inventory.stock-code-sign',
  'UPDATE stock_code SET actor = $3, note = $4 WHERE tenant_id = $1 AND code = ANY ($2::text[])',
);
const deleteStatement = sql(
  'inventory.stock-code-delete',
  'DELETE FROM stock_code WHERE tenant_id = $1 AND code = ANY ($2::text[])',
);

/** Takes live codes out of use. */
export async function retireCodes(
  tx: Tx,
  codes: readonly string[],
  { actor, note }: CodeDocument,
): Promise<void> {
  await tx.query(signStatement, [tx.tenantId, codes, actor, note]);
  await tx.query(deleteStatement, [tx.tenantId, codes]);
}

const targetItemStatement = sql(
  'inventory.stock-code-target-item',
  `SELECT i.id AS "stockItemId", NULL AS "serialUnitId" FROM stock_item i
   WHERE i.tenant_id = $1 AND i.id = $2 FOR SHARE OF i`,
);
const targetUnitStatement = sql(
  'inventory.stock-code-target-unit',
  `SELECT i.id AS "stockItemId", u.id AS "serialUnitId" FROM serial_unit u
   JOIN stock_item i ON i.tenant_id = u.tenant_id AND i.id = u.stock_item_id
   WHERE u.tenant_id = $1 AND u.id = $2 FOR SHARE OF i`,
);

/** What a code is to name, its item shared: a conversion does not take the unit away meanwhile. */
export async function shareTarget(
  tx: Tx,
  target: { stockItemId?: string | null; serialUnitId?: string | null },
): Promise<CodeTarget | undefined> {
  const [found] = target.serialUnitId
    ? await tx.query<CodeTarget>(targetUnitStatement, [tx.tenantId, target.serialUnitId])
    : await tx.query<CodeTarget>(targetItemStatement, [tx.tenantId, target.stockItemId]);
  return found;
}
