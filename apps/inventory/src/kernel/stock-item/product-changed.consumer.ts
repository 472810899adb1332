import type { EventHandler } from '@onecount/messaging';
import type { Logger } from '@onecount/telemetry';
import { publishStockItems } from './stock-item.events.ts';
import { applyRegistrations } from './stock-item.service.ts';
import { retireItems, setCategory, setOnSale } from './stock-item.sql.ts';

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
      const asked = data.variants.map((variant) => ({
        variantId: variant.variantId,
        sku: variant.sku,
        tracking: variant.tracking,
        title: variant.fullTitle,
        barcode: variant.barcode ?? variant.stockCode ?? null,
      }));
      const { refused, changed } = await applyRegistrations(tx, asked, data.version);
      const isShown = data.status === 'ACTIVE' && !data.deletedAt;
      const onSale = data.variants.map(({ variantId, isActive }) => ({
        variantId,
        isOnSale: isShown && isActive,
      }));
      const shown = await setOnSale(tx, onSale, data.version);
      const published = new Set(changed);
      // Who shows public counts follows it (books/live-stock).
      await publishStockItems(
        tx,
        shown.filter((id) => !published.has(id)),
      );
      // Shops that import from elsewhere often have types and no categories.
      const category = data.category || data.productType || null;
      const variantIds = data.variants.map(({ variantId }) => variantId);
      await setCategory(tx, variantIds, category, data.version);
      // The catalog may say what it likes; stock that is there stays counted as it was, and somebody
      // converts it. Failing would only make a dead event of a fact.
      for (const { code, sku } of refused)
        log.warn({ code, sku, productId: data.productId }, 'a variant keeps its stock as it was');
    },
  };
}
