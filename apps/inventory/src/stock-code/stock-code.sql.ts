import { sql, type Database, type Tx } from '@onecount/db';
import { isStorable } from '../input.ts';

// What a text may stand for, the one rule: a code that we gave, then what names one unit, then what names
// an item. The more exact wins: where a piece of its own has its SKU as stock number, the scan names the
// piece. Whole keys and an array on one index each: one code costs four probes, 10,000 cost 40,000.
const candidates = `
  SELECT c.code AS text, c.stock_item_id AS item, c.serial_unit_id AS unit, 1 AS rank
  FROM stock_code c WHERE c.tenant_id = $1 AND c.code = ANY ($2::text[])
  UNION ALL SELECT n.stock_number, n.stock_item_id, n.id, 2
  FROM serial_unit n WHERE n.tenant_id = $1 AND n.stock_number = ANY ($2::text[])
  UNION ALL SELECT s.serial, s.stock_item_id, s.id, 3
  FROM serial_unit s WHERE s.tenant_id = $1 AND s.serial = ANY ($2::text[])
  UNION ALL SELECT i.sku, i.id, NULL, 4
  FROM stock_item i WHERE i.tenant_id = $1 AND i.sku = ANY ($2::text[])`;

export type CodeTarget = { stockItemId: string; serialUnitId: string | null };

// Only a serial can stand for several units: codes, stock numbers and SKUs are unique in the tenant. Such
// a serial is nobody's, even where a SKU is written alike: a count must not take a piece for a quantity.
const resolveStatement = sql(
  'inventory.stock-codes-resolve',
  `SELECT text, min(item::text) AS "stockItemId", min(unit::text) AS "serialUnitId"
   FROM (SELECT t.*, min(rank) OVER (PARTITION BY text) AS best FROM (${candidates}) t) b
   WHERE rank = best GROUP BY text HAVING count(*) = 1`,
);

/**
 * What each of the codes names, of thousands in one statement. As it was read first, then without the blanks
 * around it, which readers add. Absent: it names nothing, or more than one thing.
 */
export async function resolveCodes(
  tx: Tx,
  codes: readonly string[],
): Promise<Map<string, CodeTarget>> {
  // A text that cannot be stored is nobody's; in the batch it would fail the others.
  const texts = new Set(codes.filter(isStorable).flatMap((code) => [code, code.trim()]));
  const rows = await tx.query<CodeTarget & { text: string }>(resolveStatement, [
    tx.tenantId,
    [...texts],
  ]);
  const targets = new Map(
    rows.map(({ text, stockItemId, serialUnitId }) => [text, { stockItemId, serialUnitId }]),
  );
  return new Map(
    codes.flatMap((code) => {
      const target = targets.get(code) ?? targets.get(code.trim());
      return target ? [[code, target] as const] : [];
    }),
  );
}

export type ScanTarget = {
  sku: string;
  serialUnitId: string | null;
  stockItemId: string;
  isSold: boolean;
};

// At a till a piece that is sold cannot be the one in the hand, unless nothing else has the name.
const sellableStatement = sql(
  'inventory.stock-code-sellable',
  `SELECT i.sku, t.unit AS "serialUnitId", i.id AS "stockItemId", coalesce(u.status = 'SOLD', false) AS "isSold"
   FROM (${candidates}) t
   JOIN stock_item i ON i.tenant_id = $1 AND i.id = t.item
   LEFT JOIN serial_unit u ON u.tenant_id = $1 AND u.id = t.unit
   WHERE $3 OR t.unit IS NOT NULL AND t.rank IN (2, 3)
   ORDER BY "isSold", t.rank, i.sku LIMIT 10`,
);

/** What a scanned code, or a serial value alone, may stand for when it is to be sold; best first. */
export function resolveSellable(
  db: Database,
  scan: { tenantId: string; text: string; isAnyCode: boolean },
): Promise<ScanTarget[]> {
  return db.read(scan.tenantId, (tx) =>
    tx.query<ScanTarget>(sellableStatement, [scan.tenantId, [scan.text], scan.isAnyCode]),
  );
}
