import { randomUUID } from 'node:crypto';
import { isRefusal } from '@onecount/refusal';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import type { LineRefusal } from './receipt.ts';

describe('receiving goods', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  type Input = Parameters<StockRoom['receipts']['receive']>[1];
  const receive = (lines: Input['lines'], more: Partial<Input> = {}) =>
    room.receipts.receive(room.caller, {
      locationCode: 'HQ',
      lines,
      idempotencyKey: randomUUID(),
      ...more,
    });

  it('finds the item by SKU and adds to it, with a ledger row per line and per unit', async () => {
    await room.register('RING');
    await room.register('BROOCH', 'SERIAL');
    const certificate = { number: 'C-1', lab: 'GIA', grade: null, reportUrl: undefined };
    const units = [
      {
        serial: 'S1',
        stockNumber: 'N-1',
        certificate,
        attributes: [{ key: 'metal', value: 'gold' }],
        photos: ['https://example.com/1.jpg'],
        codes: ['TAG-1'],
      },
      { stockNumber: 'N-2' },
    ];
    const unitCost = { amount: '12.50', currencyCode: 'EUR' };
    const { lines } = expectDone(
      await receive(
        [
          { sku: 'RING', quantity: 5, unitCost },
          { sku: 'RING', quantity: 2 },
          { sku: 'BROOCH', units },
        ],
        { reference: 'DN-7', note: 'first delivery' },
      ),
    );
    expect(lines.map(({ quantity, unitIds }) => [quantity, unitIds.length])).toEqual([
      [5, 0],
      [2, 0],
      [2, 2],
    ]);
    expect(await room.level('RING')).toEqual({ onHand: 7, committed: 0, available: 7 });
    expect(await room.level('BROOCH')).toEqual({ onHand: 2, committed: 0, available: 2 });
    const movements = await room.rows(
      `SELECT quantity, resulting_on_hand AS resulting, reason, reference_id AS reference, unit_cost_minor AS cost,
         serial_unit_id IS NOT NULL AS has_unit FROM movement ORDER BY position`,
    );
    const common = { reason: 'RECEIPT', reference: 'DN-7' };
    expect(movements).toEqual([
      { ...common, quantity: 5, resulting: 5, cost: 1250, has_unit: false },
      { ...common, quantity: 2, resulting: 7, cost: null, has_unit: false },
      { ...common, quantity: 1, resulting: 1, cost: null, has_unit: true },
      { ...common, quantity: 1, resulting: 2, cost: null, has_unit: true },
    ]);
    const [unit] = await room.rows(
      'SELECT certificate, attributes, photos FROM serial_unit ORDER BY id',
    );
    expect(unit).toEqual({
      certificate: { number: 'C-1', lab: 'GIA' },
      attributes: [{ key: 'metal', value: 'gold' }],
      photos: ['https://example.com/1.jpg'],
    });
    await room.assertSums();
  });

  it('answers the same key with the first answer, and refuses it for other input', async () => {
    await room.register('RING');
    const idempotencyKey = randomUUID();
    const ask = (quantity: number) => receive([{ sku: 'RING', quantity }], { idempotencyKey });
    const [first, twin] = await Promise.all([ask(5), ask(5)]);
    expect(twin).toEqual(first);
    expect(expectRefused(await ask(6)).__typename).toBe('IdempotencyKeyReused');
    expect((await room.level('RING')).onHand).toBe(5);
  });

  const refused: [string, Input['lines'][number], string][] = [
    ['a SKU that is none', { sku: 'NOTHING', quantity: 1 }, 'UNKNOWN_SKU'],
    ['quantity 0', { sku: 'RING', quantity: 0 }, 'QUANTITY_INVALID'],
    ['a negative quantity', { sku: 'RING', quantity: -1 }, 'QUANTITY_INVALID'],
    ['no quantity', { sku: 'RING' }, 'QUANTITY_INVALID'],
    ['more than a line may bring', { sku: 'RING', quantity: 1_000_001 }, 'QUANTITY_INVALID'],
    ['units of a counted item', { sku: 'RING', units: [{ serial: 'X' }] }, 'UNITS_NOT_ALLOWED'],
    ['a quantity of a serial item', { sku: 'BROOCH', quantity: 1 }, 'UNITS_REQUIRED'],
    [
      'a quantity that the units are not',
      { sku: 'BROOCH', quantity: 2, units: [{ serial: 'X' }] },
      'QUANTITY_INVALID',
    ],
    ['an untracked item', { sku: 'ENGRAVING', quantity: 1 }, 'NOT_TRACKED'],
    ['a unit without a name', { sku: 'BROOCH', units: [{ photos: [] }] }, 'UNIT_NOT_NAMED'],
    ['an empty serial', { sku: 'BROOCH', units: [{ serial: '' }] }, 'UNIT_NOT_NAMED'],
    [
      'a serial that the item has',
      { sku: 'BROOCH', units: [{ serial: 'S1' }] },
      'DUPLICATE_SERIAL',
    ],
    [
      'a serial twice in one call',
      { sku: 'BROOCH', units: [{ serial: 'X' }, { serial: 'X' }] },
      'DUPLICATE_SERIAL',
    ],
    [
      'a stock number given before',
      { sku: 'BROOCH', units: [{ stockNumber: 'N-1' }] },
      'DUPLICATE_STOCK_NUMBER',
    ],
    [
      'a code in use',
      { sku: 'BROOCH', units: [{ serial: 'X', codes: ['TAG-1'] }] },
      'DUPLICATE_CODE',
    ],
    [
      'a code with a blank within',
      { sku: 'BROOCH', units: [{ serial: 'X', codes: ['TAG 2'] }] },
      'UNIT_NOT_NAMED',
    ],
    [
      'a cost of too many decimals',
      { sku: 'RING', quantity: 1, unitCost: { amount: '1.234', currencyCode: 'EUR' } },
      'COST_INVALID',
    ],
    [
      'a negative cost',
      { sku: 'RING', quantity: 1, unitCost: { amount: '-1', currencyCode: 'EUR' } },
      'COST_INVALID',
    ],
    [
      'a certificate without a number',
      { sku: 'BROOCH', units: [{ serial: 'X', certificate: { number: '' } }] },
      'UNIT_NOT_NAMED',
    ],
    [
      'a photo that runs',
      { sku: 'BROOCH', units: [{ serial: 'X', photos: ['javascript:alert(1)'] }] },
      'FACT_INVALID',
    ],
    [
      'a report that runs',
      {
        sku: 'BROOCH',
        units: [{ serial: 'X', certificate: { number: '1', reportUrl: 'data:text/html,x' } }],
      },
      'FACT_INVALID',
    ],
    [
      'a weight without its unit',
      { sku: 'BROOCH', units: [{ serial: 'X', attributes: [{ key: 'weight', value: '4' }] }] },
      'FACT_INVALID',
    ],
  ];
  it.each(refused)(
    'refuses %s, names the line, and writes nothing of the others',
    async (_, line, code) => {
      await room.register('RING');
      await room.register('ENGRAVING', 'NONE');
      await room.register('BROOCH', 'SERIAL');
      await room.receive({
        sku: 'BROOCH',
        units: [{ serial: 'S1', stockNumber: 'N-1', codes: ['TAG-1'] }],
      });
      const before = await room.footprint();
      const refusal = expectRefused(await receive([{ sku: 'RING', quantity: 1 }, line]));
      expect(refusal.__typename).toBe('StockReceiveRefused');
      const reasons = refusal['reasons'] as LineRefusal[];
      expect(reasons.map((reason) => [reason.index, reason.code])).toEqual([[1, code]]);
      expect(await room.footprint()).toEqual(before);
    },
  );

  it('gives one reason for each line that cannot be received', async () => {
    const lines = [
      { sku: 'A', quantity: 1 },
      { sku: 'B', quantity: 1 },
    ];
    const reasons = expectRefused(await receive(lines))['reasons'] as LineRefusal[];
    expect(reasons.map(({ index, sku, code }) => [index, sku, code])).toEqual([
      [0, 'A', 'UNKNOWN_SKU'],
      [1, 'B', 'UNKNOWN_SKU'],
    ]);
  });

  it('refuses a whole that cannot be: no lines, too many, no place, two places, an unknown one', async () => {
    await room.register('RING');
    const line = { sku: 'RING', quantity: 1 };
    const codeOf = async (lines: Input['lines'], more: Partial<Input> = {}) => {
      const refusal = expectRefused(await receive(lines, more));
      return [refusal.code, refusal['field'] ?? refusal['kind']];
    };
    expect(await codeOf([])).toEqual(['INVALID_INPUT', 'lines']);
    expect(await codeOf(Array.from({ length: 501 }, () => line))).toEqual([
      'INVALID_INPUT',
      'lines',
    ]);
    const units = Array.from({ length: 1_001 }, (_, index) => ({ serial: `X${index}` }));
    expect(await codeOf([{ sku: 'RING', units }])).toEqual(['INVALID_INPUT', 'lines']);
    const many = Array.from({ length: 101 }, () => ({ sku: 'RING', quantity: 1_000_000 }));
    expect(await codeOf(many)).toEqual(['INVALID_INPUT', 'lines']);
    expect(await codeOf([line], { locationCode: null })).toEqual(['INVALID_INPUT', 'locationId']);
    expect(await codeOf([line], { locationId: room.places.HQ })).toEqual([
      'INVALID_INPUT',
      'locationId',
    ]);
    expect(await codeOf([line], { locationCode: 'XX' })).toEqual(['NOT_FOUND', 'Location']);
    expect((await room.rows('SELECT 1 FROM movement')).length).toBe(0);
  });

  it('two receipts of one serial at once: one is received, the other is refused', async () => {
    await room.register('BROOCH', 'SERIAL');
    const lines = [{ sku: 'BROOCH', units: [{ serial: 'S1', stockNumber: 'N-1' }] }];
    const results = await Promise.all(Array.from({ length: 10 }, () => receive(lines)));
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    for (const refusal of results.filter(isRefusal))
      expect(refusal.__typename).toBe('StockReceiveRefused');
    expect((await room.level('BROOCH')).onHand).toBe(1);
    await room.assertSums();
  });

  it('a stock number stays used after its unit was sold, and no row of a unit can go', async () => {
    const item = await room.register('BROOCH', 'SERIAL');
    await room.receive({ sku: 'BROOCH', units: [{ stockNumber: 'N-1' }] });
    const sold = randomUUID();
    const line = { lineId: randomUUID(), stockItemId: item.id, sku: 'BROOCH', quantity: 1 };
    expect((await room.apply(sold, [line])).outcome).toBe('APPLIED');
    const again = await receive([{ sku: 'BROOCH', units: [{ stockNumber: 'N-1' }] }]);
    expect((expectRefused(again)['reasons'] as LineRefusal[])[0]!.code).toBe(
      'DUPLICATE_STOCK_NUMBER',
    );
    await expect(room.write("UPDATE serial_unit SET stock_number = 'N-9'")).rejects.toMatchObject({
      constraint: 'serial_unit_identity',
    });
    await expect(room.write('DELETE FROM serial_unit')).rejects.toMatchObject({
      constraint: 'serial_unit_identity',
    });
  });

  it('opening stock comes to several locations in one call, under its own reason', async () => {
    await room.register('RING');
    await room.register('BROOCH', 'SERIAL');
    const input = {
      idempotencyKey: randomUUID(),
      lines: [
        { sku: 'RING', locationCode: 'HQ', quantity: 3 },
        { sku: 'RING', locationCode: 'GM', quantity: 4 },
        { sku: 'BROOCH', locationCode: 'GM', serials: [{ serial: 'S1' }] },
      ],
    };
    expectDone(await room.receipts.receiveOpening(room.caller, input));
    expectDone(await room.receipts.receiveOpening(room.caller, input));
    expect((await room.level('RING')).onHand).toBe(3);
    expect((await room.level('RING', 'GM')).onHand).toBe(4);
    expect((await room.level('BROOCH', 'GM')).onHand).toBe(1);
    expect(await room.rows('SELECT DISTINCT reason FROM movement')).toEqual([
      { reason: 'OPENING' },
    ]);
  });

  it.each([
    ['locationId', { locationCode: null, locationId: 'a\0b' }],
    ['locationCode', { locationCode: 'a\0b' }],
  ])('a %s that cannot be stored is refused as bad input', async (field, place) => {
    await room.register('RING');
    const before = await room.footprint();
    const refusal = expectRefused(await receive([{ sku: 'RING', quantity: 1 }], place));
    expect([refusal.code, refusal['field']]).toEqual(['INVALID_INPUT', field]);
    expect(await room.footprint()).toEqual(before);
  });

  it('names that cannot be stored are refused line by line, as names of nobody', async () => {
    await room.register('RING');
    await room.register('BROOCH', 'SERIAL');
    const before = await room.footprint();
    const unfit = 'a\0b';
    const at = { locationCode: 'HQ' };
    const lines = [
      { ...at, sku: unfit, quantity: 1 },
      { sku: 'RING', locationCode: unfit, quantity: 1 },
      { ...at, sku: 'BROOCH', serials: [{ serial: unfit }] },
      { ...at, sku: 'BROOCH', serials: [{ stockNumber: unfit }] },
      { ...at, sku: 'BROOCH', serials: [{ serial: 'S1', codes: [unfit] }] },
    ];
    const refusal = expectRefused(
      await room.receipts.receiveOpening(room.caller, { idempotencyKey: randomUUID(), lines }),
    );
    expect((refusal['reasons'] as LineRefusal[]).map(({ index, code }) => [index, code])).toEqual([
      [0, 'UNKNOWN_SKU'],
      [1, 'UNKNOWN_LOCATION'],
      [2, 'UNIT_NOT_NAMED'],
      [3, 'UNIT_NOT_NAMED'],
      [4, 'UNIT_NOT_NAMED'],
    ]);
    expect(await room.footprint()).toEqual(before);
  });
});
