import { exactlyOne, sql, type Tx } from '@onecount/db';
import { codeKey } from '@onecount/refusal';
import { internalBarcode } from './internal-barcode.ts';
import { barcodesTaken } from './variant.sql.ts';

// The row is locked until the transaction ends: two at once get different numbers, and one that rolls back gives its own back.
const reserve = sql(
  'catalog.internal-barcode-reserve',
  `INSERT INTO internal_barcode AS known (tenant_id, last_number) VALUES ($1, $2)
   ON CONFLICT ON CONSTRAINT internal_barcode_pkey
   DO UPDATE SET last_number = known.last_number + excluded.last_number
   RETURNING last_number AS last`,
);

const store = sql(
  'catalog.internal-barcode-store',
  `UPDATE variant v SET barcode = n.barcode, updated_at = now()
   FROM unnest($2::uuid[], $3::text[]) AS n (id, barcode)
   WHERE v.tenant_id = $1 AND v.id = n.id AND v.barcode IS NULL RETURNING v.id`,
);

/** So many barcodes that no variant of the tenant has. A shop may have typed some of the range before: they are passed over. */
export async function internalBarcodes(tx: Tx, count: number): Promise<string[]> {
  const found: string[] = [];
  while (found.length < count) {
    const wanted = count - found.length;
    const { last } = exactlyOne(await tx.query<{ last: number }>(reserve, [tx.tenantId, wanted]));
    const codes = Array.from({ length: wanted }, (_, n) => internalBarcode(last - wanted + 1 + n));
    const taken = await barcodesTaken(tx, codes);
    found.push(...codes.filter((code) => !taken.has(codeKey(code))));
  }
  return found;
}

/** Gives each of these variants, none of which has a code, one of its own. */
export async function giveInternalBarcodes(tx: Tx, ids: readonly string[]): Promise<void> {
  const codes = await internalBarcodes(tx, ids.length);
  const stored = await tx.query(store, [tx.tenantId, ids, codes]);
  if (stored.length !== ids.length) throw new Error('a variant without a code had one');
}
