import type { EventData } from '@onecount/events';
import { sql, type Tx } from '@onecount/db';

type Tracking = EventData<'inventory.stock-item-changed'>['tracking'];

const productStatement = sql(
  'catalog.variant-product',
  'SELECT product_id AS "productId" FROM variant WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL',
);

/** Undefined for a variant that was removed, too. */
export async function productOfVariant(tx: Tx, variantId: string): Promise<string | undefined> {
  const rows = await tx.query<{ productId: string }>(productStatement, [tx.tenantId, variantId]);
  return rows[0]?.productId;
}

const heardStatement = sql(
  'catalog.variant-stock-heard',
  `UPDATE variant SET stock_version = $3 WHERE tenant_id = $1 AND id = $2 AND stock_version < $3 RETURNING tracking`,
);

/** Notes inventory's newest word; answers the variant's tracking, or undefined when it was heard before. */
export async function hearStock(
  tx: Tx,
  { variantId, version }: { variantId: string; version: number },
): Promise<Tracking | undefined> {
  const rows = await tx.query<{ tracking: Tracking }>(heardStatement, [
    tx.tenantId,
    variantId,
    version,
  ]);
  return rows[0]?.tracking;
}

const trackingStatement = sql(
  'catalog.variant-tracking',
  'UPDATE variant SET tracking = $3, updated_at = now() WHERE tenant_id = $1 AND id = $2',
);

export async function setTracking(tx: Tx, variantId: string, tracking: Tracking): Promise<void> {
  await tx.query(trackingStatement, [tx.tenantId, variantId, tracking]);
}
