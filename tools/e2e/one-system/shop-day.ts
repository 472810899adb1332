import { randomUUID } from 'node:crypto';
import { graphqlClient, sample } from '@onecount/testing';
import { sumOfBooks } from '../../pos-day/book.ts';
import { workADay } from '../../pos-day/day.ts';
import { ledgerOf } from '../../pos-day/ledger.ts';
import type { Tenant } from '../support/test-system.ts';

const { numRuns: documents } = sample({ runs: 120, full: 10_000 });

export function shopDayTests(tenant: () => Tenant): void {
  test(`${documents} documents of four tills and a web shop add up to the cent`, async () => {
    const { host, tenantId, tokens, shop } = tenant();
    const name = randomUUID().slice(0, 8).toUpperCase();
    const skus = [1, 2, 3].map((number) => `DAY-${name}-${number}`);
    await shop.expecting('productCreate', {
      ...{ title: 'All day', status: 'ACTIVE', options: [{ name: 'Number', values: skus }] },
      variants: skus.map((sku) => ({
        ...{ sku, optionValues: [sku], tracking: 'QUANTITY' },
        price: { amount: '10.00', currencyCode: 'USD' },
        openingStock: [{ locationCode: 'HQ', quantity: 1_000_000 }],
      })),
    });
    const client = graphqlClient(host.system.graphqlUrl, tokens.owner);
    const { tills, web } = await workADay(client, { documents, registers: 4, skus, seed: 1 });
    const { documents: written, floatMinor: _, ...money } = sumOfBooks([tills, web]);
    expect(written).toBe(documents);
    expect(await ledgerOf(host.sources, tenantId)).toEqual(money);
  });
}
