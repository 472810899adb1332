import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const files = [
  'schema.graphql',
  'location/location.graphql',
  'stock-item/stock-item.graphql',
  'serial-unit/serial-unit.graphql',
  'movement/movement.graphql',
  'hold/hold.graphql',
  'sale/sale-claim.graphql',
  'receipt/receipt.graphql',
  'adjustment/adjustment.graphql',
];

/** The SDL of this subgraph; one file per noun. */
export function typeDefs(): string {
  return files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n');
}
