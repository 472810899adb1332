import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { PageTexts } from './page-texts.ts';

// Its version is the parent's next one: whoever keeps a copy of a variant sees that version rise, wherever it moves (ADR 0243).
const copy = sql(
  'catalog.product-split-copy',
  `INSERT INTO product (tenant_id, id, version, handle, title, description_html, vendor_id, category_id, product_type, tags,
                        status, is_unlisted, is_listed_on_website, product_group_id, seo_title, seo_description,
                        style_number, metadata)
   SELECT tenant_id, $3, version + 1, $4, $5, description_html, vendor_id, category_id, product_type, tags,
          status, is_unlisted, is_listed_on_website, $6, $7, $8, style_number, metadata
   FROM product WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);
const retitle = sql(
  'catalog.product-texts-set',
  `UPDATE product SET title = $3, seo_title = $4, seo_description = $5, product_group_id = $6
   WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);
const siblingPage = sql(
  'catalog.product-siblings',
  `SELECT p.id FROM product p
   WHERE p.tenant_id = $1 AND p.product_group_id = $3 AND p.id <> $4 AND p.deleted_at IS NULL
     AND (NOT $2 OR (p.status = 'ACTIVE' AND NOT p.is_unlisted)) AND ($5::uuid IS NULL OR p.id > $5)
   ORDER BY p.id LIMIT $6`,
);

type Place = { id: string; groupId: string | null };

/** A product like the parent, without options, pictures and variants yet. */
export async function copyProduct(
  tx: Tx,
  parentId: string,
  { id, groupId, handle, ...texts }: Place & PageTexts & { handle: string },
): Promise<void> {
  const { title, seoTitle, seoDescription } = texts;
  const values = [parentId, id, handle, title, groupId, seoTitle, seoDescription];
  exactlyOne(await tx.query(copy, [tx.tenantId, ...values]));
}

export async function setTexts(
  tx: Tx,
  { id, groupId, title, seoTitle, seoDescription }: Place & PageTexts,
): Promise<void> {
  const values = [id, title, seoTitle, seoDescription, groupId];
  exactlyOne(await tx.query(retitle, [tx.tenantId, ...values]));
}

/** The products that share the group; a public shop sees active, listed ones only. */
export async function siblingIds(
  tx: Tx,
  isPublic: boolean,
  of: { groupId: string; id: string; afterId: string | undefined; limit: number },
): Promise<string[]> {
  const values = [tx.tenantId, isPublic, of.groupId, of.id, of.afterId ?? null, of.limit];
  return (await tx.query<{ id: string }>(siblingPage, values)).map(({ id }) => id);
}
