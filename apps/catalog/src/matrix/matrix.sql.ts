import { sql, type Tx } from '@onecount/db';
import { codeKey, foldedIdentifier } from '@onecount/refusal';
import type { Draft } from './matrix.ts';

// One statement for all rows: 2,048 UPDATEs of their own would be 2,048 round trips.
const save = sql(
  'catalog.matrix-save',
  `UPDATE variant v
   SET sku = n.sku, barcode = n.barcode, currency_code = n."currencyCode", price_minor = n."priceMinor",
       compare_at_price_minor = n."compareAtPriceMinor", cost_minor = n."costMinor", position = n.position,
       weight_grams = n."weightGrams", is_active = n."isActive", is_taxable = n."isTaxable",
       requires_shipping = n."requiresShipping", tax_code = n."taxCode", weight_unit = n."weightUnit", media_id = n."mediaId", updated_at = now()
   FROM jsonb_to_recordset($2::jsonb) AS n (id uuid, sku text, barcode text, "currencyCode" text, "priceMinor" bigint,
        "compareAtPriceMinor" bigint, "costMinor" bigint, position integer, "weightGrams" integer, "isActive" boolean,
        "isTaxable" boolean, "requiresShipping" boolean, "taxCode" text, "weightUnit" text, "mediaId" uuid)
   WHERE v.tenant_id = $1 AND v.id = n.id RETURNING v.id`,
);

// A unique index looks at each row of a statement: two variants that exchange their SKUs need a name in between.
const letGo = sql(
  'catalog.matrix-let-go',
  `UPDATE variant SET sku = CASE WHEN id = ANY ($2::uuid[]) THEN id::text ELSE sku END,
                      barcode = CASE WHEN id = ANY ($3::uuid[]) THEN NULL ELSE barcode END
   WHERE tenant_id = $1 AND id = ANY ($2::uuid[] || $3::uuid[])`,
);

const taken = sql(
  'catalog.matrix-taken',
  `SELECT 'SKU' AS kind, sku_key AS key FROM variant
   WHERE tenant_id = $1 AND sku_key = ANY ($3::text[]) AND (product_id <> $2 OR removed_at IS NOT NULL)
   UNION ALL
   SELECT 'CODE', barcode_key FROM variant
   WHERE tenant_id = $1 AND barcode_key = ANY ($4::text[]) AND product_id <> $2 AND removed_at IS NULL`,
);

/** The keys of SKUs and of codes that variants outside of the product's present ones have. */
export async function takenOutside(
  tx: Tx,
  productId: string,
  { skus, codes }: { skus: readonly string[]; codes: readonly string[] },
): Promise<{ skus: Set<string>; codes: Set<string> }> {
  const keys = [skus.map(foldedIdentifier), codes.map(codeKey)];
  const rows = await tx.query<{ kind: string; key: string }>(taken, [
    tx.tenantId,
    productId,
    ...keys,
  ]);
  const keysOf = (kind: string) =>
    new Set(rows.filter((row) => row.kind === kind).map(({ key }) => key));
  return { skus: keysOf('SKU'), codes: keysOf('CODE') };
}

/** Writes the drafts; `leaving` are those whose present name another one gets. */
export async function saveMatrix(
  tx: Tx,
  drafts: readonly Draft[],
  leaving: { skus: readonly string[]; codes: readonly string[] },
): Promise<void> {
  if (leaving.skus.length + leaving.codes.length > 0) {
    await tx.query(letGo, [tx.tenantId, leaving.skus, leaving.codes]);
  }
  const stored = await tx.query(save, [tx.tenantId, JSON.stringify(drafts)]);
  if (stored.length !== drafts.length) throw new Error('a variant left its product under its lock');
}
