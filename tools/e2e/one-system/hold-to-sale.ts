import { randomUUID } from 'node:crypto';
import { eventually, graphqlClient, type Outcome } from '@onecount/testing';
import type { Tenant } from '../support/test-system.ts';

const rounds = 6;
const secret = 'made-in-a-browser';

const hold = `mutation ($input: HoldCreateInput!) { result: holdCreate(input: $input) {
  __typename ... on UserError { code message } ... on HoldCreateSuccess { hold { id } } } }`;

/** A line that becomes larger has its pieces before anybody else, and lets go of them when it becomes smaller. */
function changedLineTest(tenant: () => Tenant): void {
  test('a line grows to the last piece, shrinks for a rival, and is paid for as it is', async () => {
    const { shop } = tenant();
    const { sku } = await shop.createPiece({ tracking: 'QUANTITY', quantity: 3 });
    const lines = [{ sku }];
    const web = { channel: 'WEB', currencyCode: 'USD', locationCode: 'HQ' };
    const { sale } = await shop.expecting('saleOpen', { ...web, lines });
    const line = { saleId: sale.id, lineId: sale.lines[0].id };
    await shop.expecting('saleLineUpdate', { ...line, quantity: 3 });
    const rival = { channel: 'WEB' as const, locationCode: 'HQ', sku };
    expect((await shop.buy(rival)).__typename).toBe('InsufficientStock');
    const refused = await shop.call('saleLineUpdate', { ...line, quantity: 4 });
    expect(refused).toMatchObject({ __typename: 'InsufficientStock', requested: 4, available: 3 });
    const fewer = await shop.expecting('saleLineUpdate', { ...line, quantity: 2 });
    expect((await shop.buy(rival)).__typename).toBe('SaleCommitSuccess');
    const tenders = [{ kind: 'CARD', amount: fewer['sale'].total }];
    const paid = await shop.expecting('saleCommit', { saleId: sale.id, tenders });
    expect(paid['sale'].lines).toMatchObject([{ sku, quantity: 2 }]);
  });
}

/** A public shop's page holds, its server sells, and somebody else asks for the piece all the time. */
export function holdToSaleTests(tenant: () => Tenant): void {
  changedLineTest(tenant);
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
