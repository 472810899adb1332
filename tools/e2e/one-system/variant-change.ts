import { randomUUID } from 'node:crypto';
import { eventually, graphqlClient, type Outcome } from '@onecount/testing';
import type { Tenant } from '../support/test-system.ts';

const update = `mutation ($input: VariantUpdateInput!) { result: variantUpdate(input: $input) {
  __typename ... on UserError { code message } ... on VariantUpdateSuccess { variant { sku } } } }`;
const version = `query ($id: ID!) { product(id: $id) { version } }`;
const found = `query ($code: String!, $former: String!) {
  scan(code: $code) { stockItem { sku onHand } } former: stockItem(sku: $former) { sku } }`;

/** What the catalog says anew is what the till sells and the count goes on under. */
export function variantChangeTests(tenant: () => Tenant): void {
  test('a new SKU, price and barcode are sold, counted and scanned', async () => {
    const { shop, tokens, host } = tenant();
    const owner = graphqlClient(host.system.graphqlUrl, tokens.owner);
    const piece = await shop.createPiece({ tracking: 'QUANTITY', quantity: 2 });
    const sku = `NEW-${randomUUID().slice(0, 8)}`;
    const change = {
      ...{ id: piece.variantId, sku, barcode: '036000291452' },
      price: { amount: '5100.00', currencyCode: 'USD' },
    };
    const { result } = await eventually(async () => {
      const { product } = await owner.data<{ product: { version: number } }>(version, {
        id: piece.productId,
      });
      const input = { ...change, productVersion: product.version, idempotencyKey: randomUUID() };
      const answer = await owner.data<{ result: Outcome }>(update, { input });
      return answer.result.__typename !== 'VersionConflict' && answer;
    });
    expect(result).toEqual({ __typename: 'VariantUpdateSuccess', variant: { sku } });
    const sold = await eventually(async () => {
      const outcome = await shop.buy({ channel: 'WEB', locationCode: 'HQ', sku });
      return outcome.__typename === 'SaleCommitSuccess' && outcome;
    });
    expect(sold['sale'].total).toEqual({ amount: '5100.00', currencyCode: 'USD' });
    const counted = await eventually(async () => {
      // A scanner sends the EAN-13 of the UPC-A.
      const codes = { code: '0036000291452', former: piece.sku };
      const answer = await owner.data<{ scan: Outcome | null; former: unknown }>(found, codes);
      return answer.scan?.['stockItem'].onHand === 1 && answer;
    });
    expect(counted).toEqual({ scan: { stockItem: { sku, onHand: 1 } }, former: null });
  });
}
