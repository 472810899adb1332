import { sql, type Tx } from '@onecount/db';

export type ProductChangeRow = {
  id: string;
  variantId: string | null;
  changedAt: Date;
  changedBy: string | null;
  field: string;
  before: unknown;
  after: unknown;
};

const page = sql(
  'catalog.product-changes',
  `SELECT id, variant_id AS "variantId", changed_at AS "changedAt", changed_by AS "changedBy", field, before, after
   FROM product_change
   WHERE tenant_id = $1 AND product_id = $2 AND ($3::uuid IS NULL OR id < $3)
   ORDER BY id DESC LIMIT $4`,
);
// Of a column the triggers write it by themselves (product_change_note.sql).
const note = sql(
  'catalog.product-change-note',
  `INSERT INTO product_change (tenant_id, product_id, field, before, after)
   SELECT $1, $2, $3, $4::jsonb, $5::jsonb WHERE $4::jsonb IS DISTINCT FROM $5::jsonb`,
);

export function productChanges(
  tx: Tx,
  { productId, afterId, limit }: { productId: string; afterId: string | undefined; limit: number },
) {
  return tx.query<ProductChangeRow>(page, [tx.tenantId, productId, afterId ?? null, limit]);
}

/** Writes down a change that is no column of product or variant; nothing where both are the same. */
export async function noteChange(
  tx: Tx,
  change: { productId: string; field: string; before: unknown; after: unknown },
): Promise<void> {
  const { productId, field, before, after } = change;
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
  await tx.query(note, [tx.tenantId, productId, field, json(before), json(after)]);
}
