import { exactlyOne, sql, type Tx } from '@onecount/db';
import { isUuid } from '@onecount/refusal';

const arrange = sql(
  'catalog.media-arrange',
  `UPDATE media m SET position = wanted.position
   FROM unnest($3::uuid[]) WITH ORDINALITY AS wanted (id, position)
   WHERE m.tenant_id = $1 AND m.product_id = $2 AND m.id = wanted.id`,
);
const alt = sql(
  'catalog.media-alt',
  'UPDATE media SET alt = $3 WHERE tenant_id = $1 AND id = $2 RETURNING id',
);
const productOf = sql(
  'catalog.media-product',
  'SELECT product_id AS "productId" FROM media WHERE tenant_id = $1 AND id = $2',
);

/** Puts all pictures of the product in this order, from 1 on. */
export async function arrangeMedia(
  tx: Tx,
  productId: string,
  ids: readonly string[],
): Promise<void> {
  await tx.query(arrange, [tx.tenantId, productId, ids]);
}

export async function setAlt(tx: Tx, id: string, text: string | null): Promise<void> {
  exactlyOne(await tx.query(alt, [tx.tenantId, id, text]));
}

export async function productOfMedia(tx: Tx, id: string): Promise<string | undefined> {
  if (!isUuid(id)) return undefined;
  return (await tx.query<{ productId: string }>(productOf, [tx.tenantId, id]))[0]?.productId;
}

const unmap = sql(
  'catalog.media-unmap',
  'DELETE FROM option_value_image WHERE tenant_id = $1 AND media_id = $2',
);
const unlink = sql(
  'catalog.media-unlink',
  'UPDATE variant SET media_id = NULL, updated_at = now() WHERE tenant_id = $1 AND media_id = $2',
);
const remove = sql(
  'catalog.media-remove',
  'DELETE FROM media WHERE tenant_id = $1 AND id = $2 RETURNING id',
);

/** Takes the picture from the product, its variants and option values. The file stays (ADR 0250). */
export async function removeMedia(tx: Tx, id: string): Promise<void> {
  await tx.query(unmap, [tx.tenantId, id]);
  await tx.query(unlink, [tx.tenantId, id]);
  exactlyOne(await tx.query(remove, [tx.tenantId, id]));
}

const toVariants = sql(
  'catalog.media-to-variants',
  `UPDATE variant SET media_id = $4, updated_at = now()
   WHERE tenant_id = $1 AND product_id = $2 AND id = ANY ($3::uuid[]) AND removed_at IS NULL RETURNING id`,
);

/** The ids of those of the variants that are the product's, which all have the picture now. */
export async function giveToVariants(
  tx: Tx,
  to: { productId: string; variantIds: readonly string[]; mediaId: string | null },
): Promise<Set<string>> {
  const { productId, variantIds, mediaId } = to;
  const rows = await tx.query<{ id: string }>(toVariants, [
    ...[tx.tenantId, productId],
    ...[variantIds.filter(isUuid), mediaId],
  ]);
  return new Set(rows.map(({ id }) => id));
}

export type ValueImage = { optionName: string; optionValue: string; mediaId: string };

const map = sql(
  'catalog.option-value-image-set',
  `INSERT INTO option_value_image (tenant_id, product_id, option_name, option_value, media_id)
   VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (tenant_id, product_id, lower(option_name), lower(option_value))
   DO UPDATE SET media_id = excluded.media_id`,
);
const clear = sql(
  'catalog.option-value-image-clear',
  `DELETE FROM option_value_image WHERE tenant_id = $1 AND product_id = $2
     AND lower(option_name) = lower($3) AND lower(option_value) = lower($4)`,
);
const ofMedia = sql(
  'catalog.option-value-images',
  `SELECT option_name AS "optionName", option_value AS "optionValue", media_id AS "mediaId"
   FROM option_value_image WHERE tenant_id = $1 AND media_id = ANY ($2::uuid[])
   ORDER BY lower(option_name), lower(option_value)`,
);
const ofValue = `v.tenant_id = $1 AND v.product_id = ANY ($2::uuid[]) AND v.removed_at IS NULL
     AND o.tenant_id = v.tenant_id AND o.product_id = v.product_id`;
const apply = sql(
  'catalog.option-value-image-apply',
  `UPDATE variant w SET media_id = chosen.media_id, updated_at = now()
   FROM (
     SELECT DISTINCT ON (v.id) v.id, image.media_id
     FROM variant v, product_option o, option_value_image image
     WHERE ${ofValue} AND image.tenant_id = o.tenant_id AND image.product_id = o.product_id
       AND lower(image.option_name) = lower(o.name)
       AND lower(image.option_value) = lower(v.option_values[o.position])
       AND CASE WHEN $3::text IS NULL THEN v.media_id IS NULL ELSE lower(o.name) = lower($3) END
     ORDER BY v.id, o.position
   ) chosen
   WHERE w.tenant_id = $1 AND w.id = chosen.id`,
);
const withdraw = sql(
  'catalog.option-value-image-withdraw',
  `UPDATE variant w SET media_id = NULL, updated_at = now()
   FROM variant v, product_option o
   WHERE ${ofValue} AND lower(o.name) = lower($3) AND lower(v.option_values[o.position]) = lower($4)
     AND w.tenant_id = $1 AND w.id = v.id`,
);

export async function setValueImage(
  tx: Tx,
  productId: string,
  image: Omit<ValueImage, 'mediaId'> & { mediaId: string | null },
): Promise<void> {
  const { optionName, optionValue, mediaId } = image;
  const key = [tx.tenantId, productId, optionName, optionValue];
  if (mediaId !== null) return void (await tx.query(map, [...key, mediaId]));
  await tx.query(clear, key);
  await tx.query(withdraw, [tx.tenantId, [productId], optionName, optionValue]);
}

export function valueImagesOf(tx: Tx, mediaIds: readonly string[]): Promise<ValueImage[]> {
  return tx.query<ValueImage>(ofMedia, [tx.tenantId, mediaIds]);
}

/**
 * Gives variants the picture of their option values: without a name, those that have none (new ones), by the first
 * option that has pictures; with the name of an option, all that have one of its values.
 */
export async function applyValueImages(
  tx: Tx,
  productIds: readonly string[],
  optionName: string | null = null,
): Promise<void> {
  await tx.query(apply, [tx.tenantId, productIds, optionName]);
}
