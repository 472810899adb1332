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

const otherwiseStatement = sql(
  'catalog.variants-counted-otherwise',
  `SELECT DISTINCT v.id
   FROM unnest($2::uuid[], $3::text[], $4::bigint[]) AS said (variant_id, tracking, version)
   JOIN variant v ON v.tenant_id = $1 AND v.id = said.variant_id
   WHERE v.removed_at IS NULL AND v.tracking <> said.tracking AND v.stock_version < said.version`,
);

export type StockSaid = { variantId: string; tracking: Tracking; version: number };

/** The variants that are not counted as inventory says, in words that are new. */
export async function countedOtherwise(
  tx: Tx,
  said: readonly StockSaid[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(otherwiseStatement, [
    tx.tenantId,
    said.map(({ variantId }) => variantId),
    said.map(({ tracking }) => tracking),
    said.map(({ version }) => version),
  ]);
  return new Set(rows.map(({ id }) => id));
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
