import { sql, type Tx } from '@onecount/db';
import type { OptionDraft } from '../product/product.ts';
import type { Renamed } from './option.ts';

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

const renameImages = sql(
  'catalog.option-value-images-rename',
  `UPDATE option_value_image
   SET option_name = CASE WHEN $4::text IS NULL THEN $5 ELSE option_name END,
       option_value = CASE WHEN $4::text IS NULL THEN option_value ELSE $5 END
   WHERE tenant_id = $1 AND product_id = $2 AND lower(option_name) = lower(trim($3))
     AND ($4::text IS NULL OR lower(option_value) = lower(trim($4)))`,
);
const dropImages = sql(
  'catalog.option-value-images-drop',
  `DELETE FROM option_value_image i WHERE tenant_id = $1 AND product_id = $2 AND NOT EXISTS (
     SELECT FROM product_option o, unnest(o.option_values) value
     WHERE o.tenant_id = $1 AND o.product_id = $2 AND lower(o.name) = lower(i.option_name)
       AND lower(value) = lower(i.option_value))`,
);

/** A value keeps its picture under its new name; a picture of a value that is gone is nobody's. */
export async function keepValueImages(tx: Tx, productId: string, renamed?: Renamed): Promise<void> {
  if (renamed) {
    const { option, value, name } = renamed;
    await tx.query(renameImages, [tx.tenantId, productId, option, value, name]);
  }
  await tx.query(dropImages, [tx.tenantId, productId]);
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
