import { card, startPos, tenantA, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos({ SALE_IDLE_SECONDS: '3600' });
  for (const tenantId of [tenantA, tenantB])
    await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 100, tenantId });
});
beforeEach(() => pos.idleBaskets.endIdle());
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

/** As if its last moment had been so many minutes ago. */
async function left(saleId: string, minutes: number) {
  const ago = `- make_interval(mins => $2)`;
  await pos.rows(
    `UPDATE sale SET opened_at = opened_at ${ago}, active_at = active_at ${ago} WHERE id = $1`,
    [saleId, minutes],
  );
  await pos.rows(`UPDATE sale_line SET held_until = held_until ${ago} WHERE sale_id = $1`, [
    saleId,
    minutes,
  ]);
}
const stateOf = async (saleId: string) =>
  (
    await pos.rows(
      `SELECT status, void_reason AS reason, release_confirmed_at IS NOT NULL AS released,
              (SELECT array_agg(o.type) FROM outbox o WHERE o.aggregate_id = s.id::text) AS events
         FROM sale s WHERE id = $1`,
      [saleId],
    )
  )[0];
const ended = {
  status: 'VOIDED',
  reason: 'Ended by itself: nothing was done in it for 3600 seconds.',
  released: true,
  events: ['pos.sale-voided'],
};

it('ends what is empty and what is abandoned, of any tenant, and releases what it held', async () => {
  const empty = await pos.basket();
  const abandoned = await pos.basket('CHAIN');
  const opened = await pos.saleOpen({ channel: 'WEB', currencyCode: 'EUR' }, { tenantId: tenantB });
  const theirs = opened['sale'].id as string;
  for (const saleId of [empty, abandoned, theirs]) await left(saleId, 61);
  expect(pos.inventory.heldFor(abandoned)).toBe(1);
  expect(await pos.idleBaskets.endIdle()).toBe(3);
  for (const saleId of [empty, abandoned, theirs]) expect(await stateOf(saleId)).toEqual(ended);
  expect(pos.inventory.heldFor(abandoned)).toBe(0);
  expect(pos.inventory.isFenced(abandoned)).toBe(true);
  expect(await pos.idleBaskets.endIdle()).toBe(0);
  const late = await pos.saleLineAdd({ saleId: abandoned, sku: 'CHAIN' });
  expect(late).toMatchObject({ __typename: 'SaleNotOpen', sale: { status: 'VOIDED' } });
});

it('leaves alone what is young, what was worked in, what still holds, and what is paid', async () => {
  const young = await pos.basket('CHAIN');
  await left(young, 59);
  const emptied = await pos.basket('CHAIN');
  await left(emptied, 61);
  const [line] = await pos.rows('SELECT id FROM sale_line WHERE sale_id = $1', [emptied]);
  await pos.saleLineRemove({ saleId: emptied, lineId: line!['id'] });
  const layBy = await pos.basket('CHAIN');
  await left(layBy, 61);
  await pos.rows('UPDATE sale_line SET held_until = NULL WHERE sale_id = $1', [layBy]);
  const paid = await pos.basket('CHAIN');
  await pos.saleCommit({ saleId: paid, tenders: [card('100')] });
  await left(paid, 61);
  expect(await pos.idleBaskets.endIdle()).toBe(0);
  for (const saleId of [young, emptied, layBy])
    expect(await stateOf(saleId)).toMatchObject({ status: 'OPEN' });
  expect(await stateOf(paid)).toMatchObject({ status: 'COMMITTED' });
});

it('beside a cashier who comes back: the basket is paid or it is void, and both know', async () => {
  const sales = await Promise.all(Array.from({ length: 8 }, () => pos.basket('CHAIN')));
  await Promise.all(sales.map((saleId) => left(saleId, 61)));
  const other = await pos.replica();
  const [, , ...answers] = await Promise.all([
    pos.idleBaskets.endIdle(),
    other.idleBaskets.endIdle(),
    ...sales.map((saleId) => pos.saleCommit({ saleId, tenders: [card('100')] })),
  ]);
  for (const [index, saleId] of sales.entries()) {
    const isPaid = answers[index]!.__typename === 'SaleCommitSuccess';
    if (!isPaid) expect(answers[index]!.__typename).toBe('SaleNotOpen');
    const state = await stateOf(saleId);
    expect(state!['status']).toBe(isPaid ? 'COMMITTED' : 'VOIDED');
    expect(state!['events']).toHaveLength(1);
  }
});

it('is void also when inventory does not answer, and the sweeper releases it', async () => {
  const saleId = await pos.basket('CHAIN');
  await left(saleId, 61);
  pos.inventory.fail('saleRelease', 'down');
  expect(await pos.idleBaskets.endIdle()).toBe(1);
  expect(await stateOf(saleId)).toMatchObject({ status: 'VOIDED', released: false });
  pos.inventory.repair();
  await pos.rows('UPDATE sale SET settle_after = now() WHERE id = $1', [saleId]);
  await pos.sweeper.sweep();
  expect(await stateOf(saleId)).toEqual(ended);
});
