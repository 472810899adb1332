import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const files = [
  'schema.graphql',
  'location/location.graphql',
  'stock-item/stock-item.graphql',
  'stock-item/item-list.graphql',
  'stock-item/item-change.graphql',
  'stock-item/reorder-rule.graphql',
  'serial-unit/serial-unit.graphql',
  'stock-code/stock-code.graphql',
  'setting/setting.graphql',
  'movement/movement.graphql',
  'cost/cost.graphql',
  'hold/hold.graphql',
  'hold/hold-batch.graphql',
  'hold/allocation.graphql',
  'sale/sale-claim.graphql',
  'receipt/receipt.graphql',
  'receipt/stock-receipt.graphql',
  'adjustment/adjustment.graphql',
  'adjustment/sale-correction.graphql',
  'stocktake/stocktake.graphql',
  'balance/balance.graphql',
  'ledger-check/ledger-check.graphql',
  'low-stock/low-stock.graphql',
  'republish/republish.graphql',
  'item-ledger/item-ledger.graphql',
  'transfer/transfer.graphql',
  'conversion/conversion.graphql',
];

/** The SDL of this subgraph; one file per noun. */
export function typeDefs(): string {
  return files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n');
}
