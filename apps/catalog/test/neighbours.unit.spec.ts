import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSubgraph } from '@onecount/graphql';
import { parse, validate } from 'graphql';
import { inventoryOperations } from '../src/stock-command/inventory.client.ts';

// The catalog calls inventory by operations written here: a change of its schema that breaks one of them fails this
// test, not a product. The SDL is the contract; none of the code is touched.
const folder = join(import.meta.dirname, '../../inventory/src');
const typeDefs = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.graphql'))
  .sort()
  .map((file) => readFileSync(join(folder, file), 'utf8'));
const inventory = buildSubgraph({ typeDefs, resolvers: {} });

it.each(inventoryOperations)('inventory accepts $name', ({ query }) => {
  expect(validate(inventory, parse(query))).toEqual([]);
});
