import type { EventHandler } from '@onecount/messaging';
import type { ServiceDefinition } from '@onecount/service';
import { adjustmentResolvers } from './documents/adjustment/adjustment.resolvers.ts';
import { createAdjustmentService } from './documents/adjustment/adjustment.service.ts';
import { createSaleCorrectionService } from './documents/adjustment/sale-correction.service.ts';
import type { Config } from './config.ts';
import { conversionResolvers } from './documents/conversion/conversion.resolvers.ts';
import { createConversionService } from './documents/conversion/conversion.service.ts';
import { onPassportChanged } from './consumers/passport-changed.ts';
import { onProductChanged } from './consumers/product-changed.ts';
import { onSaleCommitted } from './consumers/sale-committed.ts';
import { onSaleIncome } from './consumers/sale-income.ts';
import { onSaleVoided } from './consumers/sale-voided.ts';
import { costResolvers } from './kernel/cost/cost.resolvers.ts';
import { allocationResolvers } from './kernel/hold/allocation.resolvers.ts';
import { createAllocationService } from './kernel/hold/allocation.service.ts';
import { createHoldBatchService } from './kernel/hold/hold-batch.service.ts';
import { createHoldChangeService } from './kernel/hold/hold-change.service.ts';
import { holdResolvers } from './kernel/hold/hold.resolvers.ts';
import { createHoldService } from './kernel/hold/hold.service.ts';
import { createHoldExpirer } from './kernel/hold/hold.expirer.ts';
import { itemLedgerResolvers } from './books/item-ledger/item-ledger.resolvers.ts';
import { createItemLedgerService } from './books/item-ledger/item-ledger.service.ts';
import { createLevelPublisher } from './kernel/level/level.publisher.ts';
import { createLoaders } from './loaders.ts';
import { locationResolvers } from './kernel/location/location.resolvers.ts';
import { createLocationService } from './kernel/location/location.service.ts';
import { movementResolvers } from './kernel/movement/movement.resolvers.ts';
import { receiptResolvers } from './documents/receipt/receipt.resolvers.ts';
import { createReceiptService } from './documents/receipt/receipt.service.ts';
import { stockReceiptResolvers } from './documents/receipt/stock-receipt.resolvers.ts';
import { createStockReceiptService } from './documents/receipt/stock-receipt.service.ts';
import { saleResolvers } from './kernel/sale/sale.resolvers.ts';
import { createSaleService } from './kernel/sale/sale.service.ts';
import { typeDefs } from './schema.ts';
import { serialUnitResolvers } from './kernel/serial-unit/serial-unit.resolvers.ts';
import { createSerialUnitService } from './kernel/serial-unit/serial-unit.service.ts';
import { stockCodeResolvers } from './kernel/stock-code/stock-code.resolvers.ts';
import { createStockCodeService } from './kernel/stock-code/stock-code.service.ts';
import { settingResolvers } from './kernel/setting/setting.resolvers.ts';
import { createSettingService } from './kernel/setting/setting.service.ts';
import { itemChangeResolvers } from './kernel/stock-item/item-change.resolvers.ts';
import { createItemChangeService } from './kernel/stock-item/item-change.service.ts';
import { itemListResolvers } from './kernel/stock-item/item-list.resolvers.ts';
import { reorderRuleResolvers } from './kernel/stock-item/reorder-rule.resolvers.ts';
import { createReorderRuleService } from './kernel/stock-item/reorder-rule.service.ts';
import { stockItemResolvers } from './kernel/stock-item/stock-item.resolvers.ts';
import { createStockItemService } from './kernel/stock-item/stock-item.service.ts';
import { stocktakeResolvers } from './documents/stocktake/stocktake.resolvers.ts';
import { createStocktakeScanService } from './documents/stocktake/stocktake-scan.service.ts';
import { createStocktakeService } from './documents/stocktake/stocktake.service.ts';
import { transferResolvers } from './documents/transfer/transfer.resolvers.ts';
import { createTransferService } from './documents/transfer/transfer.service.ts';
import { createUpkeep } from './upkeep.ts';

export const definition: ServiceDefinition<Config> = {
  name: 'inventory',
  typeDefs,
  start({ config, db, log, wakeRelay }) {
    const onError = (err: unknown) => log.error({ err }, 'a background task failed');
    const publisher = createLevelPublisher({
      db,
      intervalMs: config.LEVEL_PUBLISH_MS,
      onPublished: () => {
        wakeRelay();
        upkeep.onPublished();
      },
      onError,
    });
    const onChange = () => publisher.wake();
    const expirer = createHoldExpirer({
      db,
      intervalMs: config.HOLD_SWEEP_MS,
      onSettled: onChange,
      onError,
    });
    const upkeep = createUpkeep({ config, db, log, wakeRelay, onChange, onError });
    const loaders = createLoaders(db);
    // A third of the pool stays for reads, events and administration.
    const inFlightMax = Math.max(1, Math.floor((config.DATABASE_POOL_MAX * 2) / 3));
    const holds = createHoldService({ db, inFlightMax, onChange });
    return {
      resolvers: mergeResolvers([
        ...upkeep.resolvers(loaders),
        locationResolvers({ locations: createLocationService({ db }), loaders }),
        stockItemResolvers({ db, stockItems: createStockItemService({ db }), loaders }),
        settingResolvers({ settings: createSettingService({ db }) }),
        itemListResolvers({ db, loaders }),
        itemChangeResolvers({ itemChanges: createItemChangeService({ db }), loaders }),
        reorderRuleResolvers({ reorderRules: createReorderRuleService({ db }), loaders }),
        stockCodeResolvers({ db, stockCodes: createStockCodeService({ db }), loaders }),
        serialUnitResolvers({ db, loaders, units: createSerialUnitService({ db, onChange }) }),
        movementResolvers({ loaders }),
        costResolvers({ db, loaders }),
        holdResolvers({
          db,
          holds,
          batches: createHoldBatchService({ db, onChange }),
          changes: createHoldChangeService({ db }),
          loaders,
        }),
        allocationResolvers({ db, allocations: createAllocationService({ db, onChange }) }),
        saleResolvers({ sales: createSaleService({ db, holds, onChange }) }),
        receiptResolvers({ receipts: createReceiptService({ db, onChange }), loaders }),
        stockReceiptResolvers({
          db,
          stockReceipts: createStockReceiptService({ db, onChange }),
          loaders,
        }),
        adjustmentResolvers({
          adjustments: createAdjustmentService({ db, onChange }),
          corrections: createSaleCorrectionService({ db, onChange }),
          loaders,
        }),
        itemLedgerResolvers({ db, itemLedger: createItemLedgerService({ db }), loaders }),
        conversionResolvers({
          db,
          conversions: createConversionService({ db, onChange }),
          loaders,
        }),
        transferResolvers({
          db,
          transfers: createTransferService({ db, onChange }),
          loaders,
        }),
        stocktakeResolvers({
          db,
          stocktakes: createStocktakeService({ db, onChange }),
          stocktakeScans: createStocktakeScanService({ db }),
          loaders,
        }),
      ]),
      handlers: [
        onProductChanged({ log }),
        onPassportChanged,
        onSaleCommitted({ onChange }),
        onSaleIncome(),
        onSaleVoided({ log, onChange }),
      ] as EventHandler[],
      routes: upkeep.routes,
      background: [publisher, expirer, ...upkeep.background],
    };
  },
};

type ResolverMap = Record<string, object | undefined>;

// Each noun brings its own queries and mutations.
function mergeResolvers(maps: object[]): Record<string, object> {
  const merged: Record<string, object> = {};
  for (const [type, fields] of maps.flatMap((map) => Object.entries(map as ResolverMap)))
    merged[type] = { ...merged[type], ...fields };
  return merged;
}
