import { buildSubgraph } from '@onecount/graphql';
import { parse, validate } from 'graphql';
import * as pieceOperations from '../src/consignment/piece.client.ts';
import { leasePlaceOperation, leaseReleaseOperation } from '../src/lease/lease.client.ts';
import { variantForSaleOperation } from '../src/price/catalog.client.ts';
import { unitNumbersOperation } from '../src/receipt/unit-number.client.ts';
import * as rentalOperations from '../src/rental/rental.client.ts';
import * as inventoryOperations from '../src/sale/inventory.operations.ts';
import { neighbourSdl } from './neighbours.ts';

// POS calls its neighbours by operations written here: a change of their schema that breaks one of them
// fails this test, not a sale.
const schemaOf = (app: string) => buildSubgraph({ typeDefs: neighbourSdl(app), resolvers: {} });

const { pieceNamedOperation, pieceLeaveOperation } = pieceOperations;
const { rentalHoldOperation, rentalReleaseOperation } = rentalOperations;
const operations = [
  ...Object.values(inventoryOperations),
  ...[unitNumbersOperation, pieceNamedOperation, pieceLeaveOperation],
  ...[rentalHoldOperation, rentalReleaseOperation],
  ...[leasePlaceOperation, leaseReleaseOperation],
];

it.each(operations.map((operation) => [operation.name, operation.query]))(
  'inventory accepts %s',
  (_name, query) => {
    expect(validate(schemaOf('inventory'), parse(query))).toEqual([]);
  },
);

it('catalog accepts PosVariantForSale', () => {
  expect(validate(schemaOf('catalog'), parse(variantForSaleOperation.query))).toEqual([]);
});
