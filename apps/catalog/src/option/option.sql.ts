import { sql, type Tx } from '@onecount/db';
import type { OptionDraft } from '../product/product.ts';

const clear = sql(
  'catalog.options-clear',
  'DELETE FROM product_option WHERE tenant_id = $1 AND product_id = $2',
);
const insert = sql(
  'catalog.options-insert',
  `INSERT INTO product_option (tenant_id, product_id, position, name, option_values)
   SELECT $1, $2, position, option ->> 'name', ARRAY(SELECT jsonb_array_elements_text(option -> 'values'))
   FROM jsonb_array_elements($3::jsonb) WITH ORDINALITY AS given (option, position)`,
);

/** The options of a product become these. */
export async function replaceOptions(
  tx: Tx,
  productId: string,
  options: readonly OptionDraft[],
): Promise<void> {
  await tx.query(clear, [tx.tenantId, productId]);
  await tx.query(insert, [tx.tenantId, productId, JSON.stringify(options)]);
}

const ofAll = sql(
  'catalog.option-values-of-all-variants',
  `SELECT id, sku, option_values AS "optionValues", removed_at IS NOT NULL AS "isRemoved"
   FROM variant WHERE tenant_id = $1 AND product_id = $2 ORDER BY position, id`,
);
// A unique index is looked at row by row: two variants that change places would meet. A value in front that no other
// variant has keeps them apart until all have moved.
const setApart = sql(
  'catalog.option-values-set-apart',
  `UPDATE variant SET option_values = ARRAY[id::text] WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`,
);
const setValues = sql(
  'catalog.option-values-set',
  `UPDATE variant v SET option_values = ARRAY(SELECT jsonb_array_elements_text(given.value -> 'values')),
     title = given.value ->> 'title', updated_at = now()
   FROM jsonb_array_elements($2::jsonb) AS given (value)
   WHERE v.tenant_id = $1 AND v.id = (given.value ->> 'id')::uuid`,
);

export type VariantValues = { id: string; sku: string; optionValues: string[]; isRemoved: boolean };

/** Removed variants too: their values stand for the same options. */
export function valuesOfVariants(tx: Tx, productId: string) {
  return tx.query<VariantValues>(ofAll, [tx.tenantId, productId]);
}

export async function setVariantValues(
  tx: Tx,
  variants: readonly { id: string; values: readonly string[]; title: string }[],
): Promise<void> {
  if (variants.length === 0) return;
  await tx.query(setApart, [tx.tenantId, variants.map(({ id }) => id)]);
  await tx.query(setValues, [tx.tenantId, JSON.stringify(variants)]);
}
