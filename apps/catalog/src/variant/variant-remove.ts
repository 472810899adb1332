import type { Database, EntityTx } from '@onecount/db';
import { isRefusal, isUuid, type NotFound } from '@onecount/refusal';
import type { VersionConflict } from '../product/product.errors.ts';
import { publishChange } from '../product/product.events.ts';
import type { InventoryClient } from '../stock-command/inventory.client.ts';
import { awaitsOpeningStock } from '../stock-command/stock-command.sql.ts';
import { lastVariant, variantInUse, type VariantUses } from './variant.errors.ts';
import { lockProductOfVariant } from './variant-lock.ts';
import { removeVariantRow, variantsById, variantTotals } from './variant.sql.ts';

/**
 * What keeps the variant from being removed; null for nothing. Throws ServiceCallError when inventory brings no answer.
 *
 * Opening stock is looked at first: delivered in between, inventory has it. Where inventory has nothing and sells
 * nothing ahead, no hold can begin until stock comes in (ADR 0193).
 */
export async function usesOf(
  { db, inventory }: { db: Database; inventory: InventoryClient },
  tenantId: string,
  variantId: string,
): Promise<VariantUses | null> {
  if (!isUuid(variantId)) return null;
  const isAwaited = await db.read(tenantId, (tx) => awaitsOpeningStock(tx, variantId));
  const { onHand, inTransit, backorderLimit, holdsTotal, holds } = await inventory.variantUses(
    tenantId,
    variantId,
  );
  const isUsed = onHand !== 0 || inTransit > 0 || backorderLimit > 0 || holdsTotal > 0;
  if (!isUsed && !isAwaited) return null;
  return {
    ...{ onHand, inTransit, backorderLimit, holdsTotal, openingStockPending: isAwaited },
    holds: holds.map(({ saleId, ...hold }) => ({
      ...hold,
      sale: saleId === null ? null : { id: saleId },
    })),
  };
}

type RemoveRefusal =
  NotFound | VersionConflict | ReturnType<typeof lastVariant> | ReturnType<typeof variantInUse>;

/** Refusals in this order: unknown, version, the last one, in use. Answers the variant's id. */
export async function removeVariant(
  tx: EntityTx,
  { id, productVersion }: { id: string; productVersion: number },
  uses: PromiseSettledResult<VariantUses | null>,
): Promise<string | RemoveRefusal> {
  const product = await lockProductOfVariant(tx, { id, productVersion });
  if (isRefusal(product)) return product;
  const [count] = await variantTotals(tx, false, [product.id]);
  if (count?.total === 1) return lastVariant(product);
  if (uses.status === 'rejected') throw uses.reason;
  const [variant] = await variantsById(tx, false, [id]);
  if (uses.value !== null) return variantInUse(variant!.sku, uses.value);
  await removeVariantRow(tx, id);
  await publishChange(tx, product.id);
  return variant!.id;
}
