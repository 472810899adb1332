import { join } from 'node:path';
import { defineService } from '@onecount/service';
import { itemLedgerModule } from './books/item-ledger/item-ledger.module.ts';
import { liveStockModule } from './books/live-stock/live-stock.module.ts';
import { adjustmentModule } from './documents/adjustment/adjustment.module.ts';
import { consignedPieceModule } from './documents/consigned-piece/consigned-piece.module.ts';
import { conversionModule } from './documents/conversion/conversion.module.ts';
import { receiptModule } from './documents/receipt/receipt.module.ts';
import { rentalHoldModule } from './documents/rental-hold/rental-hold.module.ts';
import { saleReturnModule } from './documents/sale-return/sale-return.module.ts';
import { stocktakeModule } from './documents/stocktake/stocktake.module.ts';
import { transferModule } from './documents/transfer/transfer.module.ts';
import { costModule } from './kernel/cost/cost.module.ts';
import { holdModule } from './kernel/hold/hold.module.ts';
import { leaseModule } from './kernel/lease/lease.module.ts';
import { levelModule } from './kernel/level/level.module.ts';
import { locationModule } from './kernel/location/location.module.ts';
import { movementModule } from './kernel/movement/movement.module.ts';
import { saleModule } from './kernel/sale/sale.module.ts';
import { serialUnitModule } from './kernel/serial-unit/serial-unit.module.ts';
import { settingModule } from './kernel/setting/setting.module.ts';
import { createShared } from './kernel/shared.ts';
import { stockCodeModule } from './kernel/stock-code/stock-code.module.ts';
import { stockItemModule } from './kernel/stock-item/stock-item.module.ts';
import { balanceModule } from './maintenance/balance/balance.module.ts';
import { ledgerCheckModule } from './maintenance/ledger-check/ledger-check.module.ts';
import { lowStockModule } from './maintenance/low-stock/low-stock.module.ts';
import { republishModule } from './maintenance/republish/republish.module.ts';

const kernel = [
  locationModule,
  stockItemModule,
  serialUnitModule,
  stockCodeModule,
  settingModule,
  movementModule,
  costModule,
  levelModule,
  holdModule,
  leaseModule,
  saleModule,
];
const documents = [
  receiptModule,
  adjustmentModule,
  stocktakeModule,
  transferModule,
  conversionModule,
  saleReturnModule,
  consignedPieceModule,
  rentalHoldModule,
];
const books = [itemLedgerModule, liveStockModule];
const maintenance = [balanceModule, ledgerCheckModule, lowStockModule, republishModule];

/** In this order they start, and the work in the background with them. */
export const modules = [...kernel, ...documents, ...books, ...maintenance];

export const definition = defineService({
  name: 'inventory',
  typeDefs: [join(import.meta.dirname, 'schema.graphql')],
  modules,
  share: createShared,
});
