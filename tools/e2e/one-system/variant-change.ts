import { randomUUID } from 'node:crypto';
import { eventually, graphqlClient, type Outcome } from '@onecount/testing';
import type { Tenant } from '../support/test-system.ts';

const update = `mutation ($input: VariantUpdateInput!) { result: variantUpdate(input: $input) {
  __typename ... on UserError { code message } ... on VariantUpdateSuccess { variant { sku } } } }`;
const version = `query ($id: ID!) { product(id: $id) { version } }`;
const found = `query ($code: String!, $former: String!) {
  scan(code: $code) { stockItem { sku onHand } } former: stockItem(sku: $former) { sku } }`;

const create = `mutation ($input: ProductCreateInput!) { result: productCreate(input: $input) {
  __typename ... on ProductCreateSuccess { inventoryPending product { id variants { nodes { id sku } } } } } }`;
const remove = `mutation ($input: VariantRemoveInput!) { result: variantRemove(input: $input) {
  __typename ... on UserError { code message } ... on VariantInUse { onHand }
  ... on VariantRemoveSuccess { product { variants { nodes { sku } } } } } }`;
const remembered = `query ($id: ID!) { sale(id: $id) { lines { variant { sku removedAt } } } }`;

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
  test('a variant stays while its last piece is here, and once it is removed only its sale names it', async () => {
    const { shop, tokens, host } = tenant();
    const owner = graphqlClient(host.system.graphqlUrl, tokens.owner);
    const input = {
      ...{ idempotencyKey: randomUUID(), title: 'Tee', status: 'ACTIVE' },
      options: [{ name: 'Color', values: ['Red', 'Blue'] }],
      variants: ['Red', 'Blue'].map((color) => ({
        ...{ sku: `${color}-${randomUUID().slice(0, 8)}`, optionValues: [color] },
        price: { amount: '19.00', currencyCode: 'USD' },
        openingStock: [{ locationCode: 'HQ', quantity: 1 }],
      })),
    };
    const created = await eventually(async () => {
      const { result } = await owner.data<{ result: Outcome }>(create, { input });
      return !result['inventoryPending'] && result;
    });
    const { id: productId, variants } = created['product'];
    const [{ id: variantId, sku }] = variants.nodes;
    const removal = async (): Promise<Outcome> => {
      const { product } = await owner.data<{ product: { version: number } }>(version, {
        id: productId,
      });
      const asked = { id: variantId, productVersion: product.version };
      const keyed = { input: { ...asked, idempotencyKey: randomUUID() } };
      return (await owner.data<{ result: Outcome }>(remove, keyed)).result;
    };
    expect(await removal()).toMatchObject({ code: 'VARIANT_IN_USE', onHand: 1 });
    const purchase = { channel: 'WEB', locationCode: 'HQ', sku } as const;
    const sold = await shop.buy(purchase);
    const removed = await eventually(async () => {
      const answer = await removal();
      return answer.__typename === 'VariantRemoveSuccess' && answer;
    });
    expect(removed['product'].variants.nodes).toHaveLength(1);
    const refused = await eventually(async () => {
      const answer = await shop.buy(purchase);
      return answer.__typename === 'NotFound' && answer;
    });
    expect(refused).toMatchObject({ message: `There is no variant ${sku}.` });
    const { sale } = await owner.data<{ sale: unknown }>(remembered, { id: sold['saleId'] });
    expect(sale).toEqual({ lines: [{ variant: { sku, removedAt: expect.any(String) } }] });
  });
}
