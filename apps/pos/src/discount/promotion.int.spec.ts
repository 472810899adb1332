import { randomUUID } from 'node:crypto';
import { boss, discountsOf, money, promotion, salesperson } from '../../test/discount.harness.ts';
import { card, cash, startPos, tenantA, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
let promotions: ReturnType<typeof discountsOf>;
beforeAll(async () => {
  pos = await startPos({ CLAIM_PATIENCE_MS: '0' });
  promotions = discountsOf(pos);
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 100_000 });
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

const newCode = () => `Spring-${randomUUID().slice(0, 8)}`;
async function added(part: object = {}): Promise<string> {
  const code = newCode();
  const answer = await promotions.add({ code, percent: '10', ...part });
  expect(answer.__typename).toBe('PromotionAddSuccess');
  return code;
}
async function basket(price = '100', part: object = {}): Promise<string> {
  const lines = [{ sku: 'CHAIN', unitPrice: money(price) }];
  const open = { channel: 'WEB', locationCode: 'HQ', currencyCode: 'EUR', lines, ...part };
  return (await pos.saleOpen(open))['sale'].id;
}
async function withCode(code: string): Promise<string> {
  const saleId = await basket();
  expect((await promotions.apply({ saleId, code })).__typename).toBe('SalePromotionApplySuccess');
  return saleId;
}
const pay = (saleId: string, part: object = {}) =>
  promotions.commit({ saleId, tenders: [cash('90')], ...part });
/** How often it is taken by its own count, and what became of its uses. */
async function usesOf(code: string) {
  const [row] = await pos.rows(
    `SELECT p.uses_taken AS taken, (SELECT coalesce(array_agg(u.state ORDER BY u.state), '{}')
       FROM promotion_use u WHERE u.promotion_id = p.id) AS states FROM promotion p WHERE p.code = $1`,
    [code],
  );
  return row;
}
const off = async (saleId: string) => {
  const [row] = await pos.rows(
    `SELECT coalesce(sum(discount_minor), 0)::int AS off FROM sale_line WHERE sale_id = $1`,
    [saleId],
  );
  return row!['off'] as number;
};

it('takes something off a basket by a code in any case, and is counted when it is sold', async () => {
  const code = await added({ usesMax: 5 });
  const saleId = await basket();
  const applied = await promotions.apply({ saleId, code: ` ${code.toUpperCase()} ` });
  expect(applied).toMatchObject({
    sale: {
      total: { amount: '90.00' },
      discounts: [{ kind: 'PROMOTION', code, percent: '10', taken: { amount: '10.00' } }],
    },
  });
  expect(await usesOf(code)).toEqual({ taken: 0, states: [] });
  expect(await pay(saleId)).toMatchObject({ sale: { total: { amount: '90.00' } } });
  expect(await usesOf(code)).toEqual({ taken: 1, states: ['COUNTED'] });
  const { data } = await pos.graphql(
    `query($code: String!) { promotion(code: $code) { ${promotion} } promotions(first: 1) { nodes { code } pageInfo { hasNextPage } } }`,
    { code: code.toLowerCase() },
    boss,
  );
  expect(data['promotion']).toMatchObject({ code, usesMax: 5, usesTaken: 1, usesReserved: 0 });
  expect(data['promotions'].nodes).toEqual([{ code }]);
});

it('is taken back, and may be applied again', async () => {
  const code = await added();
  const saleId = await withCode(code);
  const again = await promotions.apply({ saleId, code });
  expect(again).toMatchObject({ __typename: 'PromotionRefused', reason: 'APPLIED_ALREADY' });
  const removed = await promotions.unapply({ saleId, code });
  expect(removed).toMatchObject({ sale: { total: { amount: '100.00' }, discounts: [] } });
  expect((await promotions.unapply({ saleId, code })).__typename).toBe('NotFound');
  expect((await promotions.apply({ saleId, code })).__typename).toBe('SalePromotionApplySuccess');
});

it('of twenty baskets that want the last use one has it, and the others hear which code is used up', async () => {
  const code = await added({ usesMax: 1 });
  const baskets = await Promise.all(Array.from({ length: 20 }, () => withCode(code)));
  const answers = await Promise.all(baskets.map((saleId) => pay(saleId)));
  const [sold, refused] = ['SaleCommitSuccess', 'PromotionRefused'].map((name) =>
    answers.filter(({ __typename }) => __typename === name),
  );
  expect([sold!.length, refused!.length]).toEqual([1, 19]);
  for (const answer of refused!)
    expect(answer).toMatchObject({ promotionCode: code, reason: 'USED_UP' });
  expect(await usesOf(code)).toEqual({ taken: 1, states: ['COUNTED'] });
  const open = await pos.rows(
    `SELECT count(*)::int AS n FROM sale WHERE id = ANY ($1) AND status = 'OPEN' AND commit_key IS NULL`,
    [baskets],
  );
  expect(open).toEqual([{ n: 19 }]);
  const saleId = baskets[answers.findIndex(({ __typename }) => __typename === 'PromotionRefused')]!;
  await promotions.unapply({ saleId, code });
  expect(await pay(saleId, { tenders: [cash('100')] })).toMatchObject({
    sale: { total: { amount: '100.00' } },
  });
});

describe('a use that a checkout has reserved', () => {
  it('is nobody else’s while the payment is awaited, and free when it is given up', async () => {
    const code = await added({ usesMax: 1 });
    const [one, other] = [await withCode(code), await withCode(code)];
    expect((await promotions.checkout({ saleId: one })).__typename).toBe('SaleCheckoutSuccess');
    expect(await usesOf(code)).toEqual({ taken: 1, states: ['RESERVED'] });
    expect(await promotions.checkout({ saleId: other })).toMatchObject({
      ...{ __typename: 'PromotionRefused', promotionCode: code, reason: 'USED_UP' },
    });
    await pos.saleVoid({ saleId: one, reason: 'changed her mind' });
    expect(await usesOf(code)).toEqual({ taken: 0, states: ['FREED'] });
    expect((await promotions.checkout({ saleId: other })).__typename).toBe('SaleCheckoutSuccess');
    expect(await usesOf(code)).toEqual({ taken: 1, states: ['FREED', 'RESERVED'] });
  });

  it('is freed by the sweeper; a payment that comes too late keeps its price, and takes a use if one is left', async () => {
    const code = await added({ usesMax: 1 });
    const [late, other] = [await withCode(code), await withCode(code)];
    await promotions.checkout({ saleId: late });
    const overdue = 'payment_due_at = clock_timestamp(), settle_after = now()';
    await pos.rows(`UPDATE sale SET ${overdue} WHERE id = $1`, [late]);
    await pos.sweeper.sweep();
    expect(await usesOf(code)).toEqual({ taken: 0, states: ['FREED'] });
    expect((await pay(other)).__typename).toBe('SaleCommitSuccess');
    const paid = await pos.saleCommit({ saleId: late, tenders: [card('90')] });
    expect(paid).toMatchObject({
      ...{ __typename: 'SaleCommitSuccess', sale: { total: { amount: '90.00' } } },
    });
    expect(await off(paid['sale'].id)).toBe(1000);
    expect(await usesOf(code)).toEqual({ taken: 1, states: ['COUNTED', 'FREED'] });
  });

  it('is freed when the stock is refused', async () => {
    const code = await added({ usesMax: 1 });
    const sku = `LAST-${randomUUID().slice(0, 8)}`;
    await pos.product({ sku, tracking: 'QUANTITY', onHand: 1 });
    const saleId = await basket('100', { lines: [{ sku, unitPrice: money('100') }] });
    await promotions.apply({ saleId, code });
    pos.inventory.stock({ sku, tracking: 'QUANTITY', onHand: 0 });
    expect((await pay(saleId)).__typename).toBe('SaleClaimLost');
    expect(await usesOf(code)).toEqual({ taken: 0, states: ['FREED'] });
  });
});

it('counts by customer, one that was merged as the one that was kept', async () => {
  const code = await added({ customerUsesMax: 1 });
  const [kept, merged, other] = [randomUUID(), randomUUID(), randomUUID()];
  for (const id of [kept, other])
    await pos.rows('INSERT INTO customer (tenant_id, id) VALUES ($1, $2)', [tenantA, id]);
  await pos.rows('INSERT INTO customer (tenant_id, id, merged_into) VALUES ($1, $2, $3)', [
    ...[tenantA, merged, kept],
  ]);
  const saleId = await withCode(code);
  expect(await pay(saleId)).toMatchObject({ reason: 'CUSTOMER_NEEDED', promotionCode: code });
  expect((await pay(saleId, { customerId: kept })).__typename).toBe('SaleCommitSuccess');
  const second = await withCode(code);
  expect(await pay(second, { customerId: merged })).toMatchObject({
    reason: 'USED_UP_BY_CUSTOMER',
  });
  expect(await usesOf(code)).toEqual({ taken: 1, states: ['COUNTED'] });
  expect((await pay(second, { customerId: other })).__typename).toBe('SaleCommitSuccess');
});

it('takes nothing off, and no use, while the basket is below its minimum', async () => {
  const code = await added({ minimum: money('150'), usesMax: 1 });
  const saleId = await basket('150');
  expect((await promotions.apply({ saleId, code })).__typename).toBe('SalePromotionApplySuccess');
  const { data } = await pos.graphql(
    'query($id: ID!) { sale(id: $id) { lines { id } } }',
    { id: saleId },
    boss,
  );
  const lineId = data['sale'].lines[0].id as string;
  const updated = await pos.saleLineUpdate({ saleId, lineId, unitPrice: money('149.99') });
  expect(updated['sale'].total.amount).toBe('149.99');
  expect((await pay(saleId, { tenders: [cash('149.99')] })).__typename).toBe('SaleCommitSuccess');
  expect(await usesOf(code)).toEqual({ taken: 0, states: [] });
});

it.each<[string, object, string]>([
  ['in time to come', { validFrom: '2100-01-01T00:00:00.000Z' }, 'NOT_YET_VALID'],
  ['over', { validUntil: '2026-01-01T00:00:00.000Z' }, 'EXPIRED'],
  ['for another channel', { channels: ['COUNTER'] }, 'OTHER_CHANNEL'],
  ['in another currency', { percent: null, amount: money('1', 'USD') }, 'OTHER_CURRENCY'],
  ['with a minimum in another currency', { minimum: money('1', 'USD') }, 'OTHER_CURRENCY'],
  ['for a larger basket', { minimum: money('100.01') }, 'MINIMUM_NOT_REACHED'],
])('refuses a code that is %s, and writes nothing', async (_name, part, reason) => {
  const code = await added(part);
  const saleId = await basket();
  const answer = await promotions.apply({ saleId, code });
  expect(answer).toMatchObject({ __typename: 'PromotionRefused', promotionCode: code, reason });
  expect(await off(saleId)).toBe(0);
});

it('is for its locations', async () => {
  const code = await added({ locationCodes: ['HQ'] });
  await withCode(code);
  const nowhere = await basket('100', { locationCode: null });
  const answer = await promotions.apply({ saleId: nowhere, code });
  expect(answer).toMatchObject({ __typename: 'PromotionRefused', reason: 'OTHER_LOCATION' });
});

it('ends once and for all: no checkout begins with it, and its code is free again', async () => {
  const code = await added();
  const saleId = await withCode(code);
  const { data } = await pos.graphql(
    'query($code: String!) { promotion(code: $code) { id } }',
    { code },
    boss,
  );
  const promotionId = data['promotion'].id as string;
  const taken = await promotions.add({ code: code.toUpperCase(), percent: '1' });
  expect(taken).toMatchObject({ __typename: 'PromotionCodeTaken' });
  expect((await promotions.end({ promotionId })).__typename).toBe('PromotionEndSuccess');
  expect((await promotions.end({ promotionId })).__typename).toBe('PromotionEndSuccess');
  expect(await pay(saleId)).toMatchObject({ __typename: 'PromotionRefused', reason: 'ENDED' });
  const again = await promotions.add({ code, percent: '1' });
  expect(again.__typename).toBe('PromotionAddSuccess');
});

it('two that may not meet: a promotion beside another, and beside one by hand where the setting forbids it', async () => {
  const [one, other] = [await added(), await added()];
  const saleId = await withCode(one);
  const second = await promotions.apply({ saleId, code: other });
  expect(second).toMatchObject({
    ...{ __typename: 'DiscountNotCombinable', meeting: 'PROMOTION_AND_PROMOTION' },
  });
  await promotions.set({ mayMeet: ['LINE_AND_SALE'] });
  const byHand = await promotions.give({ saleId, percent: '1', reason: 'a friend' });
  expect(byHand).toMatchObject({ meeting: 'MANUAL_AND_PROMOTION' });
  await promotions.set({ mayMeet: ['LINE_AND_SALE', 'MANUAL_AND_PROMOTION'] });
  const given = await promotions.give({ saleId, percent: '50', reason: 'a friend' });
  // The promotion comes last: 10 % of what is left.
  expect(given['sale'].total.amount).toBe('45.00');
});

it.each<[string, object, string]>([
  ['no code', { code: ' ' }, 'code'],
  ['a code of 41 letters', { code: 'x'.repeat(41) }, 'code'],
  ['a card number for a code', { code: '4111111111111111' }, 'code'],
  ['101 %', { percent: '101' }, 'percent'],
  ['neither percent nor amount', { percent: null }, 'percent'],
  ['both', { amount: money('1') }, 'percent'],
  ['an amount of nothing', { percent: null, amount: money('0') }, 'amount'],
  ['a minimum of three decimals', { minimum: money('1.005') }, 'minimum'],
  ['two currencies', { percent: null, amount: money('1'), minimum: money('1', 'USD') }, 'minimum'],
  ['no use', { usesMax: 0 }, 'usesMax'],
  ['−1 uses a customer', { customerUsesMax: -1 }, 'customerUsesMax'],
  [
    'an end before the beginning',
    { validFrom: '2027-01-02T00:00:00.000Z', validUntil: '2027-01-01T00:00:00.000Z' },
    'validUntil',
  ],
])('refuses a promotion with %s, and writes nothing', async (_name, part, field) => {
  const before = await pos.rows('SELECT count(*) FROM promotion');
  const answer = await promotions.add({ code: newCode(), percent: '1', ...part });
  expect(answer).toMatchObject({ __typename: 'InvalidInput', field });
  expect(await pos.rows('SELECT count(*) FROM promotion')).toEqual(before);
});

it('is the tenant’s, and a manager’s to add', async () => {
  const code = await added();
  const stranger = { ...salesperson, tenantId: tenantB };
  const saleId = await basket();
  expect((await promotions.apply({ saleId, code }, stranger)).__typename).toBe('NotFound');
  expect(await promotions.apply({ saleId, code: 'nothing' })).toMatchObject({
    ...{ __typename: 'NotFound', kind: 'Promotion', id: 'nothing' },
  });
  await expect(promotions.add({ code: 'MINE', percent: '1' }, salesperson)).rejects.toThrow(
    'FORBIDDEN',
  );
});

it('a public shop’s token applies a code to its own basket only, by its secret', async () => {
  const page = { scopes: ['shop:read', 'shop:hold', 'shop:sell'], subject: 'web-shop' };
  const code = await added();
  const open = { channel: 'WEB', locationCode: 'HQ', currencyCode: 'EUR' };
  const { sale, basketSecret } = await pos.saleOpen(open, page);
  const saleId = sale.id as string;
  await pos.saleLineAdd({ saleId, basketSecret, sku: 'CHAIN' }, page);
  const without = await promotions.apply({ saleId, code }, page);
  expect(without).toMatchObject({ __typename: 'NotFound', kind: 'Sale' });
  const applied = await promotions.apply({ saleId, code, basketSecret }, page);
  expect(applied).toMatchObject({
    ...{ __typename: 'SalePromotionApplySuccess', sale: { total: { amount: '90.00' } } },
  });
  const removed = await promotions.unapply({ saleId, code, basketSecret }, page);
  expect(removed).toMatchObject({ sale: { total: { amount: '100.00' } } });
});
