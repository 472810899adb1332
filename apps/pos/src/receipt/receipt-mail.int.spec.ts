import { randomUUID } from 'node:crypto';
import { clerk, customersOf, officer } from '../../test/customer.harness.ts';
import { card, startPos, tenantB, type Pos, type Result } from '../../test/pos.harness.ts';
import { htmlTexts } from '../../test/receipt.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
});
afterAll(() => pos?.stop());

const address = 'ada@example.org';
const mailer = { scopes: ['receipt:mail'], subject: 'mailer' };
const events = () =>
  pos.rows(`SELECT aggregate_id, data FROM outbox WHERE type = 'pos.receipt-mail-requested'`);
const prints = () => pos.rows('SELECT id FROM receipt_print');

async function customer(emails = [{ address }]): Promise<Result> {
  return (await customersOf(pos).create({ name: 'Ada Byron', emails }))['customer'];
}
async function sell(customerId: string | null): Promise<Result> {
  const sold = await pos.saleRecord({
    ...{ channel: 'WEB', currencyCode: 'EUR', externalId: randomUUID(), customerId },
    ...{ lines: [{ sku: 'CHAIN' }], tenders: [card('100')] },
  });
  return sold['sale'];
}
const deliveryOf = async (printId: string, caller: object = mailer) => {
  const query = `query($printId: ID!) { receiptMailDelivery(printId: $printId) {
    to receiptNumber locale html { url } pdf { url } } }`;
  return pos.graphql(query, { printId }, caller);
};
async function fetched(url: string) {
  const { pathname, search } = new URL(url);
  return Buffer.from(await (await fetch(`${pos.url}${pathname}${search}`)).arrayBuffer());
}

it('tells whoever sends mail by ids alone, who then fetches address and document', async () => {
  const sale = await sell((await customer())['id']);
  await pos.receiptPrint({ saleId: sale['id'], format: 'ESCPOS_80' });
  const key = { saleId: sale['id'], idempotencyKey: randomUUID() };
  const { print } = await pos.receiptMail(key);
  expect(print).toMatchObject({ kind: 'RECEIPT', copyNumber: 1 });
  expect((await pos.receiptMail(key))['print']).toEqual(print);

  const data = { printId: print.id, version: 1, saleId: sale['id'], kind: 'RECEIPT' };
  expect(await events()).toEqual([{ aggregate_id: print.id, data }]);

  const delivery = (await deliveryOf(print.id)).data['receiptMailDelivery'];
  const { receiptNumber } = sale;
  expect(delivery).toMatchObject({ to: address, receiptNumber, locale: 'en-GB' });
  const { texts } = htmlTexts((await fetched(delivery.html.url)).toString());
  expect(texts).toEqual(expect.arrayContaining(['COPY 1', receiptNumber]));
  expect((await fetched(delivery.pdf.url)).subarray(0, 5).toString()).toBe('%PDF-');
});

it('goes to the address of the moment, and nowhere once the customer is erased', async () => {
  const customers = customersOf(pos);
  const { id } = await customer();
  const { print } = await pos.receiptMail({ saleId: (await sell(id))['id'] });
  await customers.update({ customerId: id, version: 1, emails: [{ address: 'new@example.org' }] });
  expect((await deliveryOf(print.id)).data['receiptMailDelivery'].to).toBe('new@example.org');
  await customers.erase({ customerId: id, version: 2 }, officer);
  expect((await deliveryOf(print.id)).data['receiptMailDelivery']).toBeNull();
});

it('says an address to the mailer of the tenant alone', async () => {
  const { print } = await pos.receiptMail({ saleId: (await sell((await customer())['id']))['id'] });
  const theirs = { ...mailer, tenantId: tenantB };
  expect((await deliveryOf(print.id, theirs)).data['receiptMailDelivery']).toBeNull();
  for (const printId of [randomUUID(), '7'])
    expect((await deliveryOf(printId)).data['receiptMailDelivery']).toBeNull();
  const refused = await deliveryOf(print.id, clerk);
  expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect(JSON.stringify(refused)).not.toContain(address);
});

it('is refused where there is no address or no receipt, and tells nobody', async () => {
  const [before, printed] = [await events(), await prints()];
  const opened = await pos.saleOpen({ channel: 'WEB', currencyCode: 'EUR' });
  const saleIds = [
    ...[(await sell(null))['id'], (await sell((await customer([]))['id']))['id']],
    ...[opened['sale'].id, randomUUID(), '7'],
  ];
  const codes = [];
  for (const saleId of saleIds) codes.push((await pos.receiptMail({ saleId }))['code']);
  expect(codes).toEqual([
    ...['CUSTOMER_HAS_NO_EMAIL', 'CUSTOMER_HAS_NO_EMAIL'],
    ...['SALE_NOT_COMMITTED', 'NOT_FOUND', 'NOT_FOUND'],
  ]);
  expect([await events(), await prints()]).toEqual([before, printed]);
});
