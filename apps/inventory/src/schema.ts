import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const files = [
  'schema.graphql',
  'kernel/location/location.graphql',
  'kernel/stock-item/stock-item.graphql',
  'kernel/stock-item/item-list.graphql',
  'kernel/stock-item/item-change.graphql',
  'kernel/stock-item/reorder-rule.graphql',
  'kernel/serial-unit/serial-unit.graphql',
  'kernel/stock-code/stock-code.graphql',
  'kernel/setting/setting.graphql',
  'kernel/movement/movement.graphql',
  'kernel/cost/cost.graphql',
  'kernel/hold/hold.graphql',
  'kernel/hold/hold-batch.graphql',
  'kernel/hold/allocation.graphql',
  'kernel/sale/sale-claim.graphql',
  'documents/receipt/receipt.graphql',
  'documents/receipt/stock-receipt.graphql',
  'documents/adjustment/adjustment.graphql',
  'documents/adjustment/sale-correction.graphql',
  'documents/stocktake/stocktake.graphql',
  'maintenance/balance/balance.graphql',
  'maintenance/ledger-check/ledger-check.graphql',
  'maintenance/low-stock/low-stock.graphql',
  'maintenance/republish/republish.graphql',
  'books/item-ledger/item-ledger.graphql',
  'documents/transfer/transfer.graphql',
  'documents/conversion/conversion.graphql',
];

/** The SDL of this subgraph; one file per noun. */
export function typeDefs(): string {
  return files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n');
}
