import { randomUUID } from 'node:crypto';
import { graphqlClient, type Outcome } from '@onecount/testing';
import type { Tenant } from '../support/test-system.ts';

const buyers = 20;

const saleOf = `mutation ($input: SaleRecordInput!) { result: saleRecord(input: $input) {
  __typename ... on UserError { code message }
  ... on SaleClaimLost { reasons { code available availableInAll locationCode } }
  ... on SaleRecordSuccess { sale { location { code } lines { quantity location { code } } } } } }`;

/** Stock of two locations, sold from one of them, through the gateway. */
export function lineLocationTests(tenant: () => Tenant): void {
  test(`${buyers} buyers at two locations for seven units of both: seven, and each line says where its unit was`, async () => {
    const { shop, tokens, host, tenantId } = tenant();
    const client = graphqlClient(host.system.graphqlUrl, tokens.owner);
    const { sku } = await shop.createPiece({ tracking: 'QUANTITY', quantity: 3 });
    const lines = [{ sku, quantity: 4 }];
    await shop.expecting('stockReceive', { locationCode: 'GM', lines });
    const record = async (locationCode: string, quantity: number) => {
      const input = {
        ...{ channel: 'WEB', currencyCode: 'USD', locationCode, idempotencyKey: randomUUID() },
        lines: [{ sku, quantity, fulfilFrom: 'ANY_LOCATION' }],
        tenders: [
          { kind: 'CARD', amount: { amount: `${4200 * quantity}.00`, currencyCode: 'USD' } },
        ],
      };
      return (await client.data<{ result: Outcome }>(saleOf, { input })).result;
    };
    expect(await record('HQ', 5)).toMatchObject({
      __typename: 'SaleClaimLost',
      reasons: [
        { code: 'INSUFFICIENT_STOCK', available: 4, availableInAll: 7, locationCode: 'GM' },
      ],
    });
    const answers = await Promise.all(
      Array.from({ length: buyers }, (_, n) => record(n % 2 ? 'HQ' : 'GM', 1)),
    );
    const sold = answers.filter(({ __typename }) => __typename === 'SaleRecordSuccess');
    const places = sold.map(({ sale }) => sale.lines[0].location.code as string);
    expect(places.sort()).toEqual(['GM', 'GM', 'GM', 'GM', 'HQ', 'HQ', 'HQ']);
    await host.drained();
    const left = await host.sources.rows(
      'storefront-sync',
      `SELECT location_code AS code, available FROM known_level
       WHERE tenant_id = $1 AND sku = $2 ORDER BY location_code`,
      [tenantId, sku],
    );
    expect(left).toEqual(['GM', 'HQ'].map((code) => ({ code, available: 0 })));
  });
}
