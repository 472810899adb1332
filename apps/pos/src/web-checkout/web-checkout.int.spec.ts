import { randomUUID } from 'node:crypto';
import { card, startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos({ CLAIM_PATIENCE_MS: '0' });
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

const payment = (saleId: string, amount = '100') => ({
  saleId,
  tenders: [{ ...card(amount), reference: 'pay-1' }],
  idempotencyKey: randomUUID(),
});
async function checkedOut(): Promise<string> {
  const saleId = await pos.basket('CHAIN');
  const answer = await pos.saleCheckout({ saleId });
  expect(answer.__typename).toBe('SaleCheckoutSuccess');
  return saleId;
}
/** One of its kind, in a checkout that waits for its payment. */
async function lastOne(): Promise<{ sku: string; saleId: string }> {
  const sku = `LAST-${randomUUID().slice(0, 8)}`;
  await pos.product({ sku, tracking: 'QUANTITY', onHand: 1 });
  const saleId = await pos.basket(sku);
  await pos.saleCheckout({ saleId });
  return { sku, saleId };
}
async function expired(saleId: string): Promise<void> {
  const now = 'payment_due_at = clock_timestamp(), settle_after = now()';
  await pos.rows(`UPDATE sale SET ${now} WHERE id = $1`, [saleId]);
  await pos.sweeper.sweep();
  expect(await stateOf(saleId)).toMatchObject({ status: 'VOIDED', claimed: 0 });
}
async function stateOf(saleId: string) {
  const [row] = await pos.rows<{ status: string }>(
    `SELECT status, void_reason, settle_after IS NULL AS settled, settle_after = payment_due_at AS waits FROM sale WHERE id = $1`,
    [saleId],
  );
  return { ...row!, claimed: pos.inventory.claimedFor(saleId) };
}
async function dueIds(): Promise<string[]> {
  const query = '{ saleRefundsDue(first: 100) { nodes { id } } }';
  const { data } = await pos.graphql(query, {}, { scopes: ['sale:read'] });
  return data['saleRefundsDue'].nodes.map(({ id }: { id: string }) => id);
}

it('has its stock at once, waits for its payment, and is sold by it', async () => {
  const { sku, saleId } = await lastOne();
  expect(await stateOf(saleId)).toMatchObject({ status: 'PENDING', waits: true, claimed: 1 });
  const other = await pos.saleOpen({ channel: 'WEB', currencyCode: 'EUR', lines: [{ sku }] });
  expect(other).toMatchObject({ refusals: [{ code: 'INSUFFICIENT_STOCK', available: 0 }] });
  expect((await pos.saleLineAdd({ saleId, sku: 'CHAIN' })).__typename).toBe('SaleNotOpen');
  const input = payment(saleId);
  const answer = await pos.saleCommit(input);
  expect(answer).toMatchObject({
    ...{ __typename: 'SaleCommitSuccess' },
    sale: { id: saleId, status: 'COMMITTED', tenders: [{ reference: 'pay-1' }] },
  });
  expect(await pos.saleCommit(input)).toEqual(answer);
  expect((await pos.saleCommit(payment(saleId))).__typename).toBe('SaleNotOpen');
  expect(await dueIds()).not.toContain(saleId);
});

it('is left alone by the sweeper until its payment is overdue', async () => {
  const saleId = await checkedOut();
  await pos.sweeper.sweep();
  expect(await stateOf(saleId)).toMatchObject({ status: 'PENDING', waits: true, claimed: 1 });
  await expired(saleId);
  expect(await stateOf(saleId)).toMatchObject({
    void_reason: 'The payment did not come in time.',
    settled: true,
  });
});

it('answers the same key the same, and says when the outcome is not known', async () => {
  const saleId = await pos.basket('CHAIN');
  const input = { saleId, idempotencyKey: randomUUID() };
  pos.inventory.fail('saleClaim', 'lost');
  expect(await pos.saleCheckout(input)).toMatchObject({ __typename: 'SalePending', saleId });
  pos.inventory.repair();
  const answer = await pos.saleCheckout(input);
  expect(answer.__typename).toBe('SaleCheckoutSuccess');
  expect(await pos.saleCheckout(input)).toEqual(answer);
  expect((await pos.saleCheckout({ ...input, paymentSeconds: 60 })).__typename).toBe(
    'IdempotencyKeyReused',
  );
  expect(pos.inventory.claimedFor(saleId)).toBe(1);
});

it('is claimed by the sweeper when its caller is gone', async () => {
  const saleId = await pos.basket('CHAIN');
  pos.inventory.fail('saleClaim', 'down');
  await pos.saleCheckout({ saleId });
  pos.inventory.repair();
  await pos.rows('UPDATE sale SET settle_after = now() WHERE id = $1', [saleId]);
  await pos.sweeper.sweep();
  expect(await stateOf(saleId)).toMatchObject({ status: 'PENDING', waits: true, claimed: 1 });
});

it('claims again for a payment that comes too late, in a sale that takes its place', async () => {
  const { saleId } = await lastOne();
  await pos.rows(`UPDATE sale SET external_id = $2 WHERE id = $1`, [saleId, `web-${saleId}`]);
  await expired(saleId);
  const input = payment(saleId);
  const [answer, twin] = await Promise.all([pos.saleCommit(input), pos.saleCommit(input)]);
  expect(answer.__typename).toBe('SaleCommitSuccess');
  expect(twin).toEqual(answer);
  const late = answer['sale'];
  expect(late).toMatchObject({ status: 'COMMITTED', externalId: `web-${saleId}` });
  expect(late.id).not.toBe(saleId);
  const query =
    'query($id: ID!) { sale(id: $id) { expiredCheckout { id status refund { amount { amount } } } } }';
  const { data } = await pos.graphql(query, { id: late.id });
  expect(data['sale'].expiredCheckout).toEqual({ id: saleId, status: 'VOIDED', refund: null });
  expect(await dueIds()).toEqual([]);
  const second = await pos.saleCommit(payment(saleId));
  expect(second).toMatchObject({ __typename: 'SaleNotOpen', sale: { id: late.id } });
});

it('owes a payment back that comes when the piece is gone, until the refund is settled once', async () => {
  const { sku, saleId } = await lastOne();
  await expired(saleId);
  const rival = await pos.basket(sku);
  await pos.saleCommit({ saleId: rival, tenders: [card('100')] });
  const input = payment(saleId);
  const answer = await pos.saleCommit(input);
  expect(answer).toMatchObject({
    ...{ __typename: 'RefundDue', amount: { amount: '100.00', currencyCode: 'EUR' } },
    sale: { status: 'VOIDED', tenders: [{ reference: 'pay-1' }], expiredCheckout: { id: saleId } },
  });
  expect(await pos.saleCommit(input)).toEqual(answer);
  const owed = answer['sale'].id as string;
  expect(await dueIds()).toEqual([owed]);
  const refund = { saleId: owed, reference: 'refund-1' };
  const stranger = { tenantId: tenantB, scopes: ['sale:write'] };
  expect((await pos.saleRefundSettle(refund, stranger)).__typename).toBe('NotFound');
  const answers = await Promise.all([pos.saleRefundSettle(refund), pos.saleRefundSettle(refund)]);
  expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
    'RefundNotDue',
    'SaleRefundSettleSuccess',
  ]);
  expect(answers.find(({ sale }) => sale.refund)).toMatchObject({
    sale: { refund: { amount: { amount: '100.00' }, reference: 'refund-1', settledBy: 'cashier' } },
  });
  expect(await dueIds()).toEqual([]);
});

it('owes a payment back that comes after it was given up', async () => {
  const saleId = await checkedOut();
  const given = { saleId, reason: 'changed her mind', idempotencyKey: randomUUID() };
  const answer = await pos.saleVoid(given);
  expect(answer).toMatchObject({ __typename: 'SaleVoidSuccess', sale: { status: 'VOIDED' } });
  expect(await pos.saleVoid(given)).toEqual(answer);
  expect(await stateOf(saleId)).toMatchObject({ settled: true, claimed: 0 });
  const paid = await pos.saleCommit(payment(saleId));
  expect(paid).toMatchObject({ __typename: 'RefundDue', sale: { id: saleId } });
  expect(await dueIds()).toEqual([saleId]);
  await pos.saleRefundSettle({ saleId, reference: 'refund-2' });
});

it('ends once when payment, expiry and void meet', async () => {
  for (let round = 0; round < 8; round += 1) {
    const saleId = await checkedOut();
    const now = 'payment_due_at = clock_timestamp(), settle_after = now()';
    await pos.rows(`UPDATE sale SET ${now} WHERE id = $1`, [saleId]);
    const [paid] = await Promise.all([
      pos.saleCommit(payment(saleId)),
      pos.sweeper.sweep(),
      round % 2 ? pos.saleVoid({ saleId, reason: 'left' }) : undefined,
    ]);
    const { status } = await stateOf(saleId);
    const sold = paid.__typename === 'SaleCommitSuccess';
    expect(paid.__typename).toMatch(/^(SaleCommitSuccess|RefundDue)$/);
    // Sold as it was, sold by the sale in its place, or owed back.
    if (sold && paid['sale'].id === saleId) expect(status).toBe('COMMITTED');
    else expect(status).toBe('VOIDED');
    expect((await dueIds()).includes(saleId)).toBe(!sold);
    if (!sold) await pos.saleRefundSettle({ saleId, reference: 'back' });
  }
});

it.each([
  ['an empty basket', () => pos.basket(), {}, 'SaleEmpty'],
  ['59 seconds', () => pos.basket('CHAIN'), { paymentSeconds: 59 }, 'InvalidInput'],
  ['1,209,601 seconds', () => pos.basket('CHAIN'), { paymentSeconds: 1_209_601 }, 'InvalidInput'],
  ['no key', () => pos.basket('CHAIN'), { idempotencyKey: '' }, 'InvalidInput'],
  ['no id', async () => 'nothing', {}, 'NotFound'],
  ['an unknown sale', async () => randomUUID(), {}, 'NotFound'],
  ['a checkout', () => checkedOut(), {}, 'SaleNotOpen'],
])('refuses %s and changes nothing', async (_name, saleIdOf, part, __typename) => {
  const saleId = await saleIdOf();
  const before = await pos.rows('SELECT * FROM sale ORDER BY id');
  expect(await pos.saleCheckout({ saleId, ...part })).toMatchObject({ __typename });
  expect(await pos.rows('SELECT * FROM sale ORDER BY id')).toEqual(before);
});

it('keeps waiting when the payment is not what is due', async () => {
  const saleId = await checkedOut();
  for (const amount of ['99.99', '100.01'])
    expect(await pos.saleCommit(payment(saleId, amount))).toMatchObject({
      __typename: 'TenderMismatch',
      due: { amount: '100.00' },
    });
  const named = await pos.saleCommit({ ...payment(saleId), customerId: randomUUID() });
  expect(named).toMatchObject({ __typename: 'InvalidInput', field: 'customerId' });
  expect(await stateOf(saleId)).toMatchObject({ status: 'PENDING', waits: true });
  expect((await pos.saleCommit(payment(saleId))).__typename).toBe('SaleCommitSuccess');
});

it('tells at once when somebody else was first', async () => {
  const sku = `LOST-${randomUUID().slice(0, 8)}`;
  await pos.product({ sku, tracking: 'QUANTITY', onHand: 1 });
  const saleId = await pos.basket(sku);
  pos.inventory.stock({ sku, tracking: 'QUANTITY', onHand: 0 });
  const answer = await pos.saleCheckout({ saleId });
  expect(answer).toMatchObject({
    ...{ __typename: 'SaleClaimLost', sale: { status: 'VOIDED' } },
    reasons: [{ sku, available: 0 }],
  });
  expect(await dueIds()).toEqual([]);
});
