import type { Tx } from '@onecount/db';
import type { EventData } from '@onecount/events';
import type { EventHandler } from '@onecount/messaging';
import type { Logger } from '@onecount/telemetry';
import { publishStockItems } from './stock-item.events.ts';
import { applyRegistrations } from './stock-item.service.ts';
import type { Registration } from './stock-item.ts';
import { retireItems, setCategory, setOnSale } from './stock-item.sql.ts';

type Product = EventData<'catalog.product-changed'>;

/** Every variant has a stock item under its SKU. The newest version of the product wins. */
export function onProductChanged({
  log,
}: {
  log: Logger;
}): EventHandler<'catalog.product-changed'> {
  return {
    type: 'catalog.product-changed',
    consumer: 'inventory.stock-items',
    async handle(tx, { data }) {
      const retired = await retireItems(tx, data.removedVariantIds ?? [], data.version);
      await publishStockItems(tx, retired);
      if (data.variants.length === 0) return;
      const asked = registrationsOf(data);
      // Shops that import from elsewhere often have types and no categories.
      const category = data.category || data.productType || null;
      const source = { version: data.version, category };
      const { refused, changed } = await applyRegistrations(tx, asked, source);
      const left = refused.map(({ index }) => asked[index]!);
      const shown = await showThose(tx, left, source);
      await publishStockItems(
        tx,
        shown.filter((id) => !changed.includes(id)),
      );
      // The catalog may say what it likes; stock that is there stays counted as it was, and somebody
      // converts it. Failing would only make a dead event of a fact.
      for (const { code, sku } of refused)
        log.warn({ code, sku, productId: data.productId }, 'a variant keeps its stock as it was');
    },
  };
}

function registrationsOf({ status, deletedAt, variants }: Product) {
  const isShown = status === 'ACTIVE' && !deletedAt;
  return variants.map((variant) => ({
    variantId: variant.variantId,
    sku: variant.sku,
    tracking: variant.tracking,
    title: variant.fullTitle,
    barcode: variant.barcode ?? variant.stockCode ?? null,
    // Who shows public counts follows it (books/live-stock).
    isOnSale: isShown && variant.isActive,
  })) satisfies Registration[];
}

/** Items that cannot follow in how they are counted follow in whether and where they are shown. Answers who changed. */
async function showThose(
  tx: Tx,
  left: readonly { variantId: string; isOnSale: boolean }[],
  source: { version: number; category: string | null },
): Promise<string[]> {
  if (left.length === 0) return [];
  const variantIds = left.map(({ variantId }) => variantId);
  await setCategory(tx, variantIds, source.category, source.version);
  return setOnSale(tx, left, source.version);
}
