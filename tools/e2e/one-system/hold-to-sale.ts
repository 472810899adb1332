import { randomUUID } from 'node:crypto';
import { eventually, graphqlClient, type Outcome } from '@onecount/testing';
import type { Tenant } from '../support/test-system.ts';

const rounds = 6;
const secret = 'made-in-a-browser';

const hold = `mutation ($input: HoldCreateInput!) { result: holdCreate(input: $input) {
  __typename ... on UserError { code message } ... on HoldCreateSuccess { hold { id } } } }`;

/** A public shop's page holds, its server sells, and somebody else asks for the piece all the time. */
export function holdToSaleTests(tenant: () => Tenant): void {
  test(`the page's hold becomes a paid line, ${rounds} of ${rounds}, and a polling rival never gets the piece`, async () => {
    const { shop, tokens, host } = tenant();
    const page = graphqlClient(host.system.graphqlUrl, tokens.publishable);
    for (let round = 0; round < rounds; round += 1) {
      const { sku, serials } = await shop.createPiece({ title: 'Estate ring' });
      const holdId = await eventually(async () => {
        const input = { sku, secret, idempotencyKey: randomUUID() };
        const { result } = await page.data<{ result: Outcome }>(hold, { input });
        return result['hold']?.id as string | undefined;
      });
      let isPaid = false;
      const rival = (async () => {
        const got: Outcome[] = [];
        do got.push(await shop.buy({ channel: 'WEB', locationCode: 'HQ', sku }));
        while (!isPaid);
        return got;
      })();
      const { sale } = await shop.expecting('saleOpen', { channel: 'WEB', currencyCode: 'USD' });
      const stolen = await shop.call('saleLineAdd', { saleId: sale.id, holdId });
      expect(stolen).toMatchObject({ __typename: 'HoldNotTaken', code: 'HOLD_NOT_TAKEN' });
      const line = { saleId: sale.id, holdId, holdSecret: secret };
      const { total } = (await shop.expecting('saleLineAdd', line))['sale'];
      const tenders = [{ kind: 'CARD', amount: total }];
      const paid = await shop.expecting('saleCommit', { saleId: sale.id, tenders });
      isPaid = true;
      expect(paid['sale'].lines).toMatchObject([{ sku, serial: serials[0] }]);
      for (const { __typename } of await rival)
        expect(__typename).toMatch(/^(InsufficientStock|UnitNotAvailable)$/);
    }
  });
}
