import { exactlyOne, sql, type Tx } from '@onecount/db';

// Above the versions of all that it takes in: whoever keeps a copy of a variant sees its product's version rise (ADR 0243).
const raise = sql(
  'catalog.product-merge-version',
  `UPDATE product SET version = $3, updated_at = now(), updated_by = nullif(current_setting('app.actor', true), '')
   WHERE tenant_id = $1 AND id = $2 AND version < $3 RETURNING id`,
);
const end = sql(
  'catalog.product-merge-end',
  `UPDATE product SET version = version + 1, deleted_at = now(), merged_into_id = $3, updated_at = now(),
     updated_by = nullif(current_setting('app.actor', true), '')
   WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING handle`,
);
const redirect = sql(
  'catalog.former-handles-redirect',
  'UPDATE product_former_handle SET product_id = $3 WHERE tenant_id = $1 AND product_id = $2',
);
const picturesTotal = sql(
  'catalog.pictures-together',
  'SELECT count(DISTINCT url)::integer AS total FROM media WHERE tenant_id = $1 AND product_id = ANY ($2::uuid[])',
);

export async function raiseVersion(tx: Tx, id: string, version: number): Promise<void> {
  exactlyOne(await tx.query(raise, [tx.tenantId, id, version]));
}

/** The product is part of another one now: deleted, its old addresses with the other. Answers the one that it had. */
export async function endInto(tx: Tx, id: string, intoId: string): Promise<string> {
  await tx.query(redirect, [tx.tenantId, id, intoId]);
  return exactlyOne(await tx.query<{ handle: string }>(end, [tx.tenantId, id, intoId])).handle;
}

/** How many pictures the products have together; one that several have counts once. */
export async function picturesTogether(tx: Tx, ids: readonly string[]): Promise<number> {
  return exactlyOne(await tx.query<{ total: number }>(picturesTotal, [tx.tenantId, ids])).total;
}
