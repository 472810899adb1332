import { exactlyOne, sql, uuidv7, type Tx } from '@onecount/db';
import { isUuid } from '@onecount/refusal';

export type ProductDraftRow = {
  id: string;
  version: number;
  step: string;
  document: string;
  createdAt: Date;
  updatedAt: Date;
  updatedBy: string | null;
};

const columns = `id, version, step, document, created_at AS "createdAt", updated_at AS "updatedAt",
  updated_by AS "updatedBy"`;

const byId = sql(
  'catalog.product-draft',
  `SELECT ${columns} FROM product_draft WHERE tenant_id = $1 AND id = $2`,
);
const lock = sql(
  'catalog.product-draft-lock',
  `SELECT ${columns} FROM product_draft WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
);
const page = sql(
  'catalog.product-drafts',
  `SELECT ${columns} FROM product_draft WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2)
   ORDER BY id DESC LIMIT $3`,
);
const insert = sql(
  'catalog.product-draft-insert',
  `INSERT INTO product_draft (tenant_id, id, step, document) VALUES ($1, $2, $3, $4)`,
);
const update = sql(
  'catalog.product-draft-update',
  `UPDATE product_draft SET version = version + 1, step = $3, document = $4, updated_at = now(),
     updated_by = nullif(current_setting('app.actor', true), '')
   WHERE tenant_id = $1 AND id = $2`,
);
const remove = sql(
  'catalog.product-draft-delete',
  'DELETE FROM product_draft WHERE tenant_id = $1 AND id = $2 RETURNING id',
);

/** Undefined for what is no id, too. */
export async function productDraft(tx: Tx, id: string): Promise<ProductDraftRow | undefined> {
  return isUuid(id) ? (await tx.query<ProductDraftRow>(byId, [tx.tenantId, id]))[0] : undefined;
}

export async function lockProductDraft(tx: Tx, id: string): Promise<ProductDraftRow | undefined> {
  return isUuid(id) ? (await tx.query<ProductDraftRow>(lock, [tx.tenantId, id]))[0] : undefined;
}

export function productDraftPage(
  tx: Tx,
  { afterId, limit }: { afterId: string | undefined; limit: number },
) {
  return tx.query<ProductDraftRow>(page, [tx.tenantId, afterId ?? null, limit]);
}

type Saved = Pick<ProductDraftRow, 'step' | 'document'>;

export async function insertProductDraft(tx: Tx, { step, document }: Saved): Promise<string> {
  const id = uuidv7();
  await tx.query(insert, [tx.tenantId, id, step, document]);
  return id;
}

export async function updateProductDraft(tx: Tx, id: string, { step, document }: Saved) {
  await tx.query(update, [tx.tenantId, id, step, document]);
  return id;
}

/** False when there is none. */
export async function removeProductDraft(tx: Tx, id: string): Promise<boolean> {
  return isUuid(id) && (await tx.query(remove, [tx.tenantId, id])).length > 0;
}

export async function savedDraft(tx: Tx, id: string): Promise<ProductDraftRow> {
  return exactlyOne(await tx.query<ProductDraftRow>(byId, [tx.tenantId, id]));
}
