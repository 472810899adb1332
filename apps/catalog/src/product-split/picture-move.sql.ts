import { sql, type Tx } from '@onecount/db';
import { keepValueImages } from '../option/option.sql.ts';

// Which pictures go along when variants do. Media rows are the product's own: what both show, both have.

// A picture that no variant and no value of the option shows is the whole product's, and goes to every part.
const ofPart = sql(
  'catalog.pictures-of-part',
  `WITH shown AS (
     SELECT media_id, id = ANY ($3::uuid[]) AS is_here FROM variant
     WHERE tenant_id = $1 AND product_id = $2 AND media_id IS NOT NULL
     UNION ALL
     SELECT media_id, lower(option_value) = ANY (SELECT lower(value) FROM unnest($5::text[]) AS value)
     FROM option_value_image WHERE tenant_id = $1 AND product_id = $2 AND lower(option_name) = lower($4))
   SELECT m.id FROM media m
   WHERE m.tenant_id = $1 AND m.product_id = $2
     AND coalesce((SELECT bool_or(s.is_here) FROM shown s WHERE s.media_id = m.id), true)
   ORDER BY m.position`,
);
// One of the same address is there already: two rows of it would be one picture twice.
const copy = sql(
  'catalog.pictures-copy',
  `INSERT INTO media (tenant_id, id, product_id, position, url, alt)
   SELECT m.tenant_id, uuidv7(), $3, last.position + row_number() OVER (ORDER BY m.position), m.url, m.alt
   FROM (SELECT DISTINCT ON (url) * FROM media WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY url, position) AS m
   CROSS JOIN (SELECT coalesce(max(position), 0) AS position FROM media WHERE tenant_id = $1 AND product_id = $3) AS last
   WHERE NOT EXISTS (SELECT FROM media t WHERE t.tenant_id = m.tenant_id AND t.product_id = $3 AND t.url = m.url)`,
);
const copyValueImages = sql(
  'catalog.option-value-images-copy',
  `INSERT INTO option_value_image (tenant_id, product_id, option_name, option_value, media_id)
   SELECT DISTINCT ON (lower(o.option_name), lower(o.option_value))
          o.tenant_id, $3, o.option_name, o.option_value, t.id
   FROM option_value_image o
   JOIN media m ON m.tenant_id = o.tenant_id AND m.id = o.media_id
   JOIN media t ON t.tenant_id = m.tenant_id AND t.product_id = $3 AND t.url = m.url
   WHERE o.tenant_id = $1 AND o.product_id = $2
   ORDER BY lower(o.option_name), lower(o.option_value), t.position
   ON CONFLICT (tenant_id, product_id, lower(option_name), lower(option_value)) DO NOTHING`,
);
const keepOnly = sql(
  'catalog.pictures-keep',
  'DELETE FROM media WHERE tenant_id = $1 AND product_id = $2 AND NOT id = ANY ($3::uuid[])',
);

type Part = { variantIds: readonly string[]; option: string; values: readonly string[] };

/** The ids of the pictures that a part of the product goes on with, while it is still whole. */
export async function picturesOfPart(tx: Tx, productId: string, part: Part): Promise<string[]> {
  const { variantIds, option, values } = part;
  const given = [tx.tenantId, productId, variantIds, option, values];
  return (await tx.query<{ id: string }>(ofPart, given)).map(({ id }) => id);
}

/** Attaches the same pictures to another product, behind those that it has. */
export async function copyPictures(tx: Tx, ids: readonly string[], to: string): Promise<void> {
  await tx.query(copy, [tx.tenantId, ids, to]);
}

/** What the values of options show in one product they show in the other, as far as that has both. */
export async function copyOptionImages(tx: Tx, from: string, to: string): Promise<void> {
  await tx.query(copyValueImages, [tx.tenantId, from, to]);
  await keepValueImages(tx, to);
}

/** The product goes on with these pictures only; nothing shows the others any more. */
export async function keepPictures(tx: Tx, productId: string, ids: string[]): Promise<void> {
  await tx.query(keepOnly, [tx.tenantId, productId, ids]);
}
