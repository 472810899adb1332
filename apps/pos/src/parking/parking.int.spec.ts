import { randomUUID } from 'node:crypto';
import { parkingOf } from '../../test/parking.harness.ts';
import { card, cash, startPos, tenantA, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
let parking: ReturnType<typeof parkingOf>;
let tills: string[];
let elsewhere: string;
beforeAll(async () => {
  pos = await startPos();
  parking = parkingOf(pos);
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
  await pos.product({ sku: 'RESIZE', tracking: 'NONE' });
  tills = await Promise.all(['Till 1', 'Till 2', 'Till 3'].map((name) => till(name)));
  await pos.rows(
    `INSERT INTO known_location (tenant_id, id, code, name)
     SELECT $1, gen_random_uuid(), code, code FROM unnest(ARRAY['GM', 'HM']) AS code`,
    [tenantA],
  );
  elsewhere = await till('Till 9', 'GM');
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

async function till(registerName: string, locationCode = 'HQ'): Promise<string> {
  const opened = await pos.registerOpen({
    ...{ locationCode, registerName },
    openingFloat: { amount: '0', currencyCode: 'EUR' },
  });
  return opened['register'].id;
}

async function basket({ registerId = tills[0]!, skus = ['CHAIN'] } = {}): Promise<string> {
  const lines = skus.map((sku) => ({ sku }));
  const opened = await pos.saleOpen({
    ...{ channel: 'COUNTER', registerId, currencyCode: 'EUR' },
    lines,
  });
  return opened['sale'].id;
}

const rowOf = async (saleId: string) =>
  (
    await pos.rows(
      `SELECT status, version, name, parked_by AS "parkedBy", register_id AS "registerId", location_code AS "locationCode"
         FROM sale WHERE id = $1`,
      [saleId],
    )
  )[0]!;
const secondsFromNow = (instant: string) => (Date.parse(instant) - Date.now()) / 1000;

describe('a parked basket', () => {
  it('keeps its stock for the time that is set, says who parked it, and takes nothing until it is resumed', async () => {
    const saleId = await basket({ skus: ['CHAIN', 'RESIZE'] });
    const { sale } = await parking.park({ saleId, name: ' ring, back at 3 ' });
    expect(sale).toMatchObject({
      ...{ status: 'OPEN', name: 'ring, back at 3' },
      ...{ parking: { by: 'anna', since: expect.any(String) }, total: { amount: '200.00' } },
    });
    expect(secondsFromNow(sale.parking.heldUntil)).toBeGreaterThan(7100);
    expect(sale.lines.map((line: { heldUntil: string | null }) => line.heldUntil)).toEqual([
      sale.parking.heldUntil,
      null,
    ]);
    const before = await rowOf(saleId);
    const lineId = sale.lines[0].id;
    const answers = await Promise.all([
      pos.saleLineAdd({ saleId, sku: 'CHAIN' }),
      pos.saleLinesAdd({ saleId, lines: [{ sku: 'CHAIN' }], mode: 'EACH' }),
      pos.saleLineUpdate({ saleId, lineId, quantity: 2 }),
      pos.saleLineRemove({ saleId, lineId }),
      pos.saleHoldsRenew({ saleId }),
      pos.saleCommit({ saleId, tenders: [cash('200')] }),
      parking.park({ saleId }),
    ]);
    for (const answer of answers)
      expect(answer).toMatchObject({
        __typename: 'SaleNotOpen',
        message: 'The sale is parked; resume it first.',
      });
    expect(await rowOf(saleId)).toEqual(before);

    const resumed = await parking.resume({ saleId });
    expect(resumed).toMatchObject({
      __typename: 'SaleResumeSuccess',
      ...{ lost: [], sale: { parking: null, name: 'ring, back at 3', register: { id: tills[0] } } },
    });
    const paid = await pos.saleCommit({ saleId, tenders: [cash('200')] });
    expect(paid.__typename).toBe('SaleCommitSuccess');
  });

  it('says when it is resumed which lines have lost their stock', async () => {
    const saleId = await basket({ skus: ['CHAIN', 'RESIZE'] });
    await parking.park({ saleId });
    pos.inventory.dropHolds(saleId);
    await pos.rows(
      `UPDATE sale_line SET held_until = clock_timestamp() - interval '1 minute' WHERE sale_id = $1 AND held_until IS NOT NULL`,
      [saleId],
    );
    const input = { saleId, idempotencyKey: randomUUID() };
    const resumed = await parking.resume(input);
    const [gone] = resumed['sale'].lines;
    expect(resumed['lost']).toEqual([{ id: gone.id, sku: 'CHAIN' }]);
    expect(await parking.resume(input)).toEqual(resumed);
  });

  it('is parked although inventory does not answer, and the same key extends its holds no further than from the beginning', async () => {
    const saleId = await basket();
    const input = { saleId, idempotencyKey: randomUUID() };
    pos.inventory.fail('saleLineHoldsRenew', 'lost', 1);
    const first = await parking.park(input);
    expect(secondsFromNow(first['sale'].parking.heldUntil)).toBeLessThan(901);
    const again = await parking.park(input);
    const { since, heldUntil } = again['sale'].parking;
    expect(since).toBe(first['sale'].parking.since);
    expect(Date.parse(heldUntil) - Date.parse(since)).toBeGreaterThan(7_190_000);
    expect(Date.parse(heldUntil) - Date.parse(since)).toBeLessThan(7_230_000);
  });

  it('is given up as any basket', async () => {
    const saleId = await basket();
    await parking.park({ saleId });
    const voided = await pos.saleVoid({ saleId, reason: 'did not come back' });
    expect(voided).toMatchObject({ __typename: 'SaleVoidSuccess', sale: { status: 'VOIDED' } });
    expect(await parking.resume({ saleId })).toMatchObject({
      ...{ __typename: 'SaleNotOpen', sale: { status: 'VOIDED' } },
    });
  });

  it('is never sold while it is parked, whatever process tries', async () => {
    const saleId = await basket();
    await parking.park({ saleId });
    await expect(
      pos.rows(`UPDATE sale SET status = 'PENDING', settle_after = now() WHERE id = $1`, [saleId]),
    ).rejects.toThrow('sale_parked_is_not_sold');
  });
});

it('of tills that resume one basket at once one has it, and the others are told which', async () => {
  for (let round = 0; round < 5; round += 1) {
    const saleId = await basket();
    await parking.park({ saleId });
    const answers = await Promise.all(
      tills.map((registerId) => parking.resume({ saleId, registerId })),
    );
    const [won] = answers.filter(({ __typename }) => __typename === 'SaleResumeSuccess');
    const winner = won!['sale'].register.id;
    const others = answers.filter((answer) => answer !== won);
    const name = `Till ${tills.indexOf(winner) + 1}`;
    expect(others).toHaveLength(2);
    for (const other of others)
      expect(other).toMatchObject({
        ...{ __typename: 'SaleNotParked', code: 'SALE_NOT_PARKED' },
        message: `The basket is not parked; ${name} has it.`,
        register: { id: winner, name },
      });
    expect((await rowOf(saleId))['registerId']).toBe(winner);
  }
});

it('a basket is parked or paid, never both', async () => {
  for (let round = 0; round < 8; round += 1) {
    const saleId = await basket();
    const [parked, paid] = await Promise.all([
      parking.park({ saleId }),
      pos.saleCommit({ saleId, tenders: [cash('100')] }),
    ]);
    const isPaid = paid.__typename === 'SaleCommitSuccess';
    expect(parked.__typename).toBe(isPaid ? 'SaleNotOpen' : 'SaleParkSuccess');
    expect((await rowOf(saleId))['status']).toBe(isPaid ? 'COMMITTED' : 'OPEN');
  }
});

describe('saleMove', () => {
  it('gives an open basket to another till of the location', async () => {
    const saleId = await basket();
    const moved = await parking.move({ saleId, registerId: tills[1] });
    expect(moved).toMatchObject({ sale: { register: { id: tills[1] }, parking: null } });
    const paid = await pos.saleCommit({ saleId, tenders: [cash('100')] });
    expect(paid['sale'].receiptNumber).toMatch(/^HQ-/);
    const [{ at }] = (await pos.rows(
      'SELECT h.register_id AS at FROM sale s JOIN shift h ON h.id = s.shift_id WHERE s.id = $1',
      [saleId],
    )) as [{ at: string }];
    expect(at).toBe(tills[1]);
  });

  it('to another location leaves the stock of its lines where it is held, and takes new lines from there', async () => {
    const saleId = await basket();
    const [{ location: from }] = (await parking.park({ saleId }))['sale'].lines;
    const { sale } = await parking.move({ saleId, registerId: elsewhere });
    expect(sale.location.id).not.toBe(from.id);
    expect(sale.lines[0].location).toEqual(from);
    expect(sale.parking).not.toBeNull();
    expect(await rowOf(saleId)).toMatchObject({ registerId: elsewhere, locationCode: 'GM' });
    const lines = await pos.rows('SELECT fulfil_from FROM sale_line WHERE sale_id = $1', [saleId]);
    expect(lines).toEqual([{ fulfil_from: 'LINE_LOCATION' }]);
  });

  it('is refused to a till without a shift, to one that nobody knows, and for a basket without a till', async () => {
    const saleId = await basket();
    const closed = await till('Till 8');
    await pos.registerClose({
      registerId: closed,
      countedCash: { amount: '0', currencyCode: 'EUR' },
    });
    const before = await rowOf(saleId);
    const unknown = randomUUID();
    expect(await parking.move({ saleId, registerId: closed })).toMatchObject({
      ...{ __typename: 'RegisterClosed', registerId: closed },
    });
    for (const registerId of [unknown, 'x'])
      expect(await parking.move({ saleId, registerId })).toMatchObject({
        ...{ __typename: 'NotFound', kind: 'Register', id: registerId },
      });
    expect(await rowOf(saleId)).toEqual(before);
    const web = await pos.basket('CHAIN');
    expect(await parking.move({ saleId: web, registerId: tills[0] })).toMatchObject({
      ...{ __typename: 'InvalidInput', field: 'registerId' },
    });
  });
});

it('a basket of the telephone is parked and resumed without a till', async () => {
  const saleId = await pos.basket('CHAIN');
  await parking.park({ saleId, name: 'rings back' });
  expect(await parking.resume({ saleId, registerId: tills[0] })).toMatchObject({
    ...{ __typename: 'InvalidInput', field: 'registerId' },
  });
  expect((await parking.resume({ saleId })).__typename).toBe('SaleResumeSuccess');
  expect(await parking.resume({ saleId })).toMatchObject({
    ...{ __typename: 'SaleNotParked', message: 'The basket is not parked.', register: null },
  });
  const paid = await pos.saleCommit({ saleId, tenders: [card('100')] });
  expect(paid.__typename).toBe('SaleCommitSuccess');
});

it('a name comes and goes, parked or not', async () => {
  const saleId = await basket();
  expect((await parking.rename({ saleId, name: ' Anna ' }))['sale'].name).toBe('Anna');
  await parking.park({ saleId });
  expect((await parking.rename({ saleId, name: '  ' }))['sale'].name).toBeNull();
});

describe('parkedSales', () => {
  it('lists what waits at a location, the longest first, page by page', async () => {
    const where = await till('Till 1', 'HM');
    const ids: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      const saleId = await basket({ registerId: where });
      await parking.park({ saleId, name });
      ids.push(saleId);
    }
    await basket({ registerId: where });
    const page = (await parking.parked('locationCode: "hm", first: 2')).data['parkedSales'];
    expect(page.nodes.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    expect(page.nodes[0]).toMatchObject({
      ...{ name: 'one', total: { amount: '100.00' }, parking: { by: 'anna' } },
      register: { id: where },
    });
    expect(page.pageInfo.hasNextPage).toBe(true);
    const after = JSON.stringify(page.pageInfo.endCursor);
    const locationId = JSON.stringify(page.nodes[0].location.id);
    const next = await parking.parked(`locationId: ${locationId}, first: 2, after: ${after}`);
    expect(next.data['parkedSales']).toMatchObject({
      nodes: [{ id: ids[2] }],
      pageInfo: { hasNextPage: false },
    });
    const theirs = await parking.parked('locationCode: "HM"', { tenantId: tenantB });
    expect(theirs.data['parkedSales'].nodes).toEqual([]);
    const bad = await parking.parked('locationId: "x"');
    expect(bad.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

it.each<[string, object, string, object]>([
  ['an id that is none', { saleId: 'x' }, 'NotFound', { kind: 'Sale' }],
  ['an unknown sale', { saleId: randomUUID() }, 'NotFound', { kind: 'Sale' }],
  ['a name of 101 characters', { name: 'x'.repeat(101) }, 'InvalidInput', { field: 'name' }],
  [
    'a name like a card number',
    { name: 'card 4111 1111 1111 1111' },
    'InvalidInput',
    { field: 'name' },
  ],
])('refuses %s and writes nothing', async (_, part, typename, data) => {
  const saleId = await basket();
  const before = await rowOf(saleId);
  for (const answer of [
    await parking.park({ saleId, ...part }),
    await parking.rename({ saleId, ...part }),
  ])
    expect(answer).toMatchObject({ __typename: typename, ...data });
  expect(await rowOf(saleId)).toEqual(before);
});

it("another tenant's basket is unknown", async () => {
  const saleId = await basket();
  const theirs = { tenantId: tenantB };
  for (const answer of [
    await parking.park({ saleId }, theirs),
    await parking.rename({ saleId, name: 'ours' }, theirs),
    await parking.resume({ saleId }, theirs),
    await parking.move({ saleId, registerId: tills[1] }, theirs),
  ])
    expect(answer).toMatchObject({ __typename: 'NotFound', kind: 'Sale', id: saleId });
});
