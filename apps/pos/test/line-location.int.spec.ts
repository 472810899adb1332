import { randomUUID } from 'node:crypto';
import { eventually } from '@onecount/testing';
import { card, tenantB, type Result } from './pos.harness.ts';
import { startShop, type Shop } from './shop.harness.ts';

// Lines from another location than their sale's: pos and the real inventory together.

let shop: Shop;
let HQ: string;
let GM: string;
beforeAll(async () => {
  shop = await startShop({ SALE_HOLD_SECONDS: '60' });
  const places = await shop.rows<{ code: string; id: string }>(
    'inventory',
    'SELECT code, id FROM location',
  );
  const idOf = (code: string) => places.find((place) => place.code === code)!.id;
  [HQ, GM] = [idOf('HQ'), idOf('GM')];
});
afterAll(() => shop?.stop());

const atHq = { channel: 'WEB', locationCode: 'HQ', currencyCode: 'EUR' };
const opened = async () => (await shop.saleOpen(atHq))['sale'].id as string;
const any = { fulfilFrom: 'ANY_LOCATION' };

/** Four at HQ and four at GM. */
async function chain(sku: string): Promise<void> {
  await shop.product({ sku, tracking: 'QUANTITY', quantity: 4 });
  await shop.receive({ sku, quantity: 4 }, 'GM');
}
const counts = async (sku: string) =>
  Object.fromEntries(
    (
      await shop.rows<{ code: string; on_hand: number; committed: number }>(
        'inventory',
        `SELECT c.code, l.on_hand, l.committed FROM level l JOIN location c ON c.id = l.location_id
           JOIN stock_item i ON i.id = l.stock_item_id WHERE i.sku = $1`,
        [sku],
      )
    ).map((row) => [row.code, [row.on_hand, row.committed]]),
  );
const settledAt = (sku: string, expected: object) =>
  eventually(async () => {
    expect(await counts(sku)).toEqual(expected);
    return true;
  });
const placesOf = (answer: Result) =>
  answer['sale'].lines.map((line: { location: { id: string } }) => line.location.id) as string[];
const eventOf = async (saleId: string) =>
  (
    await shop.rows<{ data: { locationId: string; lines: { locationId: string }[] } }>(
      'pos',
      `SELECT data FROM outbox WHERE aggregate_id = $1 AND type LIKE 'pos.sale-%'`,
      [saleId],
    )
  )[0]!.data;

it('stock leaves the location of the line, however the line came about', async () => {
  await chain('CHAIN');
  const line = { sku: 'CHAIN', locationId: GM };
  const { sale } = await shop.saleOpen({ ...atHq, lines: [line, { sku: 'CHAIN' }] });
  const byCode = { sku: 'CHAIN', locationCode: 'GM' };
  await shop.saleLineAdd({ saleId: sale.id, ...byCode });
  const basket = await shop.saleLinesAdd({ saleId: sale.id, lines: [line] });
  expect(placesOf(basket)).toEqual([GM, HQ, GM, GM]);
  expect(await counts('CHAIN')).toEqual({ HQ: [4, 1], GM: [4, 3] });
  const paid = await shop.saleCommit({ saleId: sale.id, tenders: [card('400')] });
  expect(paid['sale'].receiptNumber).toMatch(/^HQ-/);
  const recorded = await shop.saleRecord({ ...atHq, lines: [byCode], tenders: [card('100')] });
  expect(placesOf(recorded)).toEqual([GM]);
  await settledAt('CHAIN', { HQ: [3, 0], GM: [0, 0] });
  const event = await eventOf(sale.id as string);
  expect(event.locationId).toBe(HQ);
  expect(event.lines.map(({ locationId }) => locationId)).toEqual([GM, HQ, GM, GM]);
});

it('a line that goes and a sale that is void give back where they took', async () => {
  await chain('CUFF');
  const saleId = await opened();
  const line = { sku: 'CUFF', locationId: GM };
  const { line: first } = await shop.saleLineAdd({ saleId, ...line });
  await shop.saleLineAdd({ saleId, ...line });
  await shop.saleLineRemove({ saleId, lineId: first.id });
  expect(await counts('CUFF')).toEqual({ HQ: [4, 0], GM: [4, 1] });
  await shop.saleVoid({ saleId, reason: 'left' });
  await settledAt('CUFF', { HQ: [4, 0], GM: [4, 0] });
});

it('a piece is sold from where its line says, also when its hold has ended', async () => {
  await shop.product({ sku: 'BROOCH', tracking: 'SERIAL', serial: 'B-0' });
  await shop.receive({ sku: 'BROOCH', serial: 'B-1' }, 'GM');
  const saleId = await opened();
  const piece = { saleId, sku: 'BROOCH', serial: 'B-1' };
  const refused = await shop.saleLineAdd(piece);
  expect(refused).toMatchObject({ __typename: 'UnitNotAvailable' });
  expect(refused['message']).toContain('GM');
  await shop.saleLineAdd({ ...piece, locationId: GM });
  await shop.rows('inventory', `UPDATE hold SET expires_at = now() WHERE reference_id = $1`, [
    saleId,
  ]);
  const paid = await shop.saleCommit({ saleId, tenders: [card('100')] });
  expect(paid['sale'].lines).toMatchObject([{ serial: 'B-1', location: { id: GM } }]);
  await settledAt('BROOCH', { HQ: [1, 0], GM: [0, 0] });
});

it('any location: the own one first, then the one that can serve the whole line', async () => {
  await chain('BAND');
  const saleId = await opened();
  const added = await shop.saleLinesAdd({
    saleId,
    lines: [1, 3, 2, 1].map((quantity) => ({ sku: 'BAND', quantity, ...any })),
    mode: 'EACH',
  });
  expect(placesOf(added)).toEqual([HQ, HQ, GM, GM]);
  const line = { sku: 'BAND', quantity: 2, ...any };
  const short = await shop.saleLineAdd({ saleId, ...line });
  expect(short).toMatchObject({
    message: '2 of The BAND (BAND) asked for, 1 available at GM.',
    ...{ requested: 2, available: 1, availableInAll: 1, locationCode: 'GM' },
  });
  const paid = { tenders: [card('200')], lines: [line] };
  const lost = await shop.saleRecord({ ...atHq, ...paid });
  expect(lost).toMatchObject({
    __typename: 'SaleClaimLost',
    reasons: [{ code: 'INSUFFICIENT_STOCK', available: 1, availableInAll: 1, locationCode: 'GM' }],
  });
  await shop.receive({ sku: 'BAND', quantity: 1 }, 'GM');
  expect(placesOf(await shop.saleRecord({ ...atHq, ...paid }))).toEqual([GM]);
});

it.each(['baskets', 'records'])(
  'twenty buyers at two locations, eight pieces: eight %s, each piece once',
  async (way) => {
    const sku = `RING-${way}`;
    await shop.product({ sku, tracking: 'SERIAL', serial: 'R-0' });
    const more = Array.from({ length: 7 }, (_, n) => [`R-${n + 1}`, n % 2 ? 'HQ' : 'GM'] as const);
    for (const [serial, code] of more) await shop.receive({ sku, serial }, code);
    const line = { sku, ...any };
    const buy = async (locationCode: string) => {
      const place = { ...atHq, locationCode };
      const tenders = [card('100')];
      if (way === 'records') return shop.saleRecord({ ...place, lines: [line], tenders });
      const basket = await shop.saleOpen({ ...place, lines: [line] });
      if (basket.__typename !== 'SaleOpenSuccess') return basket;
      return shop.saleCommit({ saleId: basket['sale'].id as string, tenders });
    };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => buy(n % 2 ? 'HQ' : 'GM')),
    );
    const sold = answers.filter((answer) =>
      ['SaleCommitSuccess', 'SaleRecordSuccess'].includes(answer.__typename),
    );
    const serials = sold.map(({ sale }) => sale.lines[0].serial as string);
    expect(serials.sort()).toEqual(Array.from({ length: 8 }, (_, n) => `R-${n}`));
    await settledAt(sku, { HQ: [0, 0], GM: [0, 0] });
  },
);

describe('a location that the tenant does not have is named, and nothing is written', () => {
  const locationId = randomUUID();
  const line = { sku: 'CHAIN', locationId };
  const ofLines = { refusals: [{ index: 1, code: 'NOT_FOUND', message: expect.any(String) }] };
  const lines = [{ sku: 'CHAIN' }, line];
  const footprint = async () => [
    await shop.rows('pos', 'SELECT count(*)::int FROM sale_line'),
    await shop.rows('inventory', `SELECT count(*)::int FROM hold`),
  ];

  it.each([
    ['saleLineAdd', line, { __typename: 'NotFound', kind: 'Location', id: locationId }],
    ['saleLinesAdd', { lines }, ofLines],
    ['saleOpen', { ...atHq, lines }, ofLines],
    ['saleRecord', { ...atHq, lines, tenders: [card('200')] }, ofLines],
  ] as const)('%s', async (name, input, expected) => {
    const saleId = name.startsWith('saleLine') ? { saleId: await opened() } : {};
    const before = await footprint();
    const answer = await shop[name]({ ...input, ...saleId });
    expect(answer).toMatchObject(expected);
    expect(JSON.stringify(answer)).toContain(locationId);
    expect(await footprint()).toEqual(before);
  });

  it('by its code as by its id, and by one of them', async () => {
    const saleId = await opened();
    const byCode = await shop.saleLineAdd({ saleId, sku: 'CHAIN', locationCode: 'NOWHERE' });
    expect(byCode).toMatchObject({ __typename: 'NotFound', kind: 'Location', id: 'NOWHERE' });
    const both = await shop.saleLineAdd({ saleId, ...line, locationCode: 'GM' });
    expect(both).toMatchObject({ __typename: 'InvalidInput', field: 'locationCode' });
  });

  it('another tenant’s is none', async () => {
    const stranger = { tenantId: tenantB };
    const { sale } = await shop.saleOpen({ channel: 'WEB', currencyCode: 'EUR' }, stranger);
    const answer = await shop.saleLineAdd(
      { saleId: sale.id, sku: 'CHAIN', locationId: GM },
      stranger,
    );
    expect(answer).toMatchObject({ __typename: 'NotFound', kind: 'Location', id: GM });
  });

  it('a hold is taken over where it is', async () => {
    const saleId = await opened();
    for (const wish of [{ locationId: GM }, { locationCode: 'GM' }, any]) {
      const answer = await shop.saleLineAdd({ saleId, holdId: randomUUID(), ...wish });
      expect(answer).toMatchObject({ __typename: 'InvalidInput', field: 'locationId' });
    }
  });
});
