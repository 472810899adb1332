import { randomUUID } from 'node:crypto';
import { eventually } from '@onecount/testing';
import { cash, startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos({ CLAIM_PATIENCE_MS: '0' });
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

const tenders = [cash('100')];

async function stateOf(saleId: string): Promise<string> {
  const [row] = await pos.rows(
    `SELECT status || CASE WHEN settle_after IS NULL THEN ' settled' ELSE ' open' END
            || ' ' || (SELECT count(*) FROM outbox o WHERE o.aggregate_id = s.id::text) AS state
       FROM sale s WHERE id = $1`,
    [saleId],
  );
  return row!['state'] as string;
}

const swept = (saleId: string, state: string) =>
  eventually(async () => {
    await pos.sweeper.sweep();
    expect(await stateOf(saleId)).toBe(state);
    return true;
  });

// What a crash leaves behind, made by an inventory that is away or whose answers are lost.
async function pendingSale(fault: 'down' | 'lost') {
  const saleId = await pos.basket('CHAIN');
  pos.inventory.fail('saleClaim', fault);
  const input = { saleId, tenders, idempotencyKey: randomUUID() };
  expect((await pos.saleCommit(input)).__typename).toBe('SalePending');
  expect(await stateOf(saleId)).toBe('PENDING open 0');
  return { saleId, input };
}

it('after the intent: claims and commits', async () => {
  const { saleId, input } = await pendingSale('down');
  expect(pos.inventory.claimedFor(saleId)).toBe(0);
  pos.inventory.repair();
  await swept(saleId, 'COMMITTED settled 1');
  expect(pos.inventory.claimedFor(saleId)).toBe(1);
  expect((await pos.saleCommit(input)).__typename).toBe('SaleCommitSuccess');
});

it('after the claim whose answer was lost: commits under the same claim', async () => {
  const { saleId } = await pendingSale('lost');
  expect(pos.inventory.claimedFor(saleId)).toBe(1);
  pos.inventory.repair();
  await swept(saleId, 'COMMITTED settled 1');
  expect(pos.inventory.claimedFor(saleId)).toBe(1);
});

it('asks for each line from where its caller asked, like the caller did', async () => {
  const { locationId, claimsAsked } = pos.inventory;
  const lines = [
    { sku: 'CHAIN', fulfilFrom: 'ANY_LOCATION' },
    { sku: 'CHAIN', locationId },
    { sku: 'CHAIN' },
  ];
  const place = { channel: 'WEB', currencyCode: 'EUR' };
  pos.inventory.fail('saleClaim', 'lost');
  const before = claimsAsked.length;
  const input = { ...place, lines, tenders: [cash('300')] };
  const { saleId } = await pos.saleRecord(input);
  pos.inventory.repair();
  await swept(saleId as string, 'COMMITTED settled 1');
  const [first, ...more] = claimsAsked.slice(before);
  expect(first).toMatchObject([
    { locationId: null, anyLocation: true },
    { locationId, anyLocation: false },
    { locationId: null, anyLocation: false },
  ]);
  expect(more.length).toBeGreaterThan(0);
  for (const again of more) expect(again).toEqual(first);
});

it('after the intent, with the stock gone meanwhile: voids, releases, and the caller learns why', async () => {
  await pos.product({ sku: 'LAST', title: 'Last piece', tracking: 'QUANTITY', onHand: 1 });
  const saleId = await pos.basket('LAST');
  pos.inventory.fail('saleClaim', 'down');
  const input = { saleId, tenders, idempotencyKey: randomUUID() };
  await pos.saleCommit(input);
  pos.inventory.sellElsewhere('LAST');
  pos.inventory.repair();
  await swept(saleId, 'VOIDED settled 1');
  expect(await pos.saleCommit(input)).toMatchObject({
    __typename: 'SaleClaimLost',
    reasons: [{ sku: 'LAST', code: 'INSUFFICIENT_STOCK' }],
  });
  expect(pos.inventory.isFenced(saleId)).toBe(true);
});

it('after a void whose release failed: repeats the release until inventory confirms', async () => {
  const saleId = await pos.basket('CHAIN');
  pos.inventory.fail('saleRelease', 'down');
  expect((await pos.saleVoid({ saleId, reason: 'left' })).__typename).toBe('SaleVoidSuccess');
  expect(await stateOf(saleId)).toBe('VOIDED open 1');
  await swept(saleId, 'VOIDED open 1');
  expect(pos.inventory.heldFor(saleId)).toBe(1);
  pos.inventory.repair();
  await swept(saleId, 'VOIDED settled 1');
  expect(pos.inventory.heldFor(saleId)).toBe(0);
});

it('leaves an inventory that is away alone for longer and longer', async () => {
  const { saleId } = await pendingSale('down');
  // Pauses of seconds, counted from before the sweep: what the sweep itself takes is little beside them.
  const patient = await pos.replica({ SWEEP_AFTER_SECONDS: '5' });
  const pauseOf = async () => {
    const begun = 'UPDATE sale SET settle_after = now() WHERE id = $1 RETURNING settle_after AS at';
    const [before] = await pos.rows(begun, [saleId]);
    await patient.sweeper.sweep();
    const paused =
      'SELECT extract(epoch FROM settle_after - $2)::float8 AS s FROM sale WHERE id = $1';
    const [row] = await pos.rows(paused, [saleId, before!['at']]);
    return row!['s'] as number;
  };
  const pauses = [await pauseOf(), await pauseOf(), await pauseOf(), await pauseOf()];
  expect(pauses[3]! / pauses[1]!).toBeGreaterThan(2);
  pos.inventory.repair();
  await pos.rows('UPDATE sale SET settle_after = now() WHERE id = $1', [saleId]);
  await swept(saleId, 'COMMITTED settled 1');
});

it('with several replicas and the caller at once: one outcome, one event each, whatever the tenant', async () => {
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000, tenantId: tenantB });
  const other = await pos.replica();
  pos.inventory.fail('saleClaim', 'lost');
  const sales = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const caller = index % 2 === 0 ? undefined : { tenantId: tenantB };
      const opened = await pos.saleOpen({ channel: 'WEB', currencyCode: 'EUR' }, caller);
      const saleId = opened['sale'].id as string;
      await pos.saleLineAdd({ saleId, sku: 'CHAIN' }, caller);
      const input = { saleId, tenders, idempotencyKey: randomUUID() };
      expect((await pos.saleCommit(input, caller)).__typename).toBe('SalePending');
      return { saleId, input, caller };
    }),
  );
  pos.inventory.repair();
  await eventually(async () => {
    await Promise.all([
      pos.sweeper.sweep(),
      other.sweeper.sweep(),
      ...sales.map(({ input, caller }) => other.saleCommit(input, caller)),
    ]);
    for (const { saleId } of sales) expect(await stateOf(saleId)).toBe('COMMITTED settled 1');
    return true;
  });
});

it('runs by itself in the background and stops when asked', async () => {
  const { saleId } = await pendingSale('down');
  pos.inventory.repair();
  const other = await pos.replica({ SWEEP_INTERVAL_MS: '20' });
  await other.sweeper.start();
  await eventually(async () => (await stateOf(saleId)) === 'COMMITTED settled 1');
  await other.sweeper.stop();
});
