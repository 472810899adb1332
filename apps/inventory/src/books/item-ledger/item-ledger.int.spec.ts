import { randomUUID } from 'node:crypto';
import type { EventData } from '@onecount/events';
import { isRefusal, type Refusal } from '@onecount/refusal';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { onSaleIncome } from './sale-income.consumer.ts';
import type {
  ItemMoneyAddInput,
  MaintenanceAddInput,
  UsageReadingAddInput,
} from './item-ledger.input.ts';
import {
  selectLatestReadings,
  selectMaintenanceDue,
  selectReportPage,
  selectTotals,
  type LedgerScope,
} from './item-ledger.reads.sql.ts';
import { createItemLedgerService, type ItemLedgerService } from './item-ledger.service.ts';
import { selectEntryPage } from './item-ledger.sql.ts';

type Line = Partial<EventData<'pos.sale-committed'>['lines'][number]>;
const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });
const day = (number: number) => `2026-03-${String(number).padStart(2, '0')}T12:00:00.000Z`;

describe('the ledger of an item', () => {
  let database: TestDatabase;
  let room: StockRoom;
  let ledger: ItemLedgerService;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
    ledger = createItemLedgerService(room);
  });
  afterAll(() => database.drop());

  const money = (of: Partial<ItemMoneyAddInput> & { sku: string }): ItemMoneyAddInput => ({
    amount: eur('10.00'),
    category: 'rental',
    idempotencyKey: randomUUID(),
    ...of,
  });
  const income = (of: Parameters<typeof money>[0]) => ledger.addIncome(room.caller, money(of));
  const expense = (of: Parameters<typeof money>[0]) => ledger.addExpense(room.caller, money(of));
  const maintain = (of: Partial<MaintenanceAddInput> & { sku: string }) =>
    ledger.addMaintenance(room.caller, { what: 'Service', idempotencyKey: randomUUID(), ...of });
  const read = (of: Partial<UsageReadingAddInput> & { reading: string }) =>
    ledger.addUsage(room.caller, {
      sku: 'CAR',
      serial: 'V1',
      kind: 'MILEAGE',
      measure: 'KILOMETRES',
      idempotencyKey: randomUUID(),
      ...of,
    });
  const correct = (entryId: string) =>
    ledger.correct(room.caller, {
      itemLedgerEntryId: entryId,
      reason: 'typed wrongly',
      idempotencyKey: randomUUID(),
    });
  const entriesOf = (stockItemId: string, serialUnitId: string | null = null) =>
    room.db.read(room.tenantId, (tx) =>
      selectEntryPage(tx, { stockItemId, serialUnitId, kind: null, before: undefined, limit: 100 }),
    );
  async function totalsOf(
    scope: LedgerScope,
    id: string,
    period: { from?: string; to?: string } = {},
  ) {
    const [row] = await room.db.read(room.tenantId, (tx) =>
      selectTotals(tx, {
        scope,
        ids: [id],
        period: { from: period.from ?? null, to: period.to ?? null },
      }),
    );
    return row!.totals;
  }
  const written = async () =>
    [await room.footprint(), await room.rows('SELECT count(*) FROM item_ledger_entry')] as const;

  async function sold(saleId: string, lines: Line[], currencyCode = 'EUR'): Promise<void> {
    const line = {
      ...{
        lineId: randomUUID(),
        variantId: randomUUID(),
        title: 'sold',
        locationId: room.places.HQ,
      },
      ...{ quantity: 1, unitPriceMinor: 0, totalMinor: 0, tracking: 'QUANTITY' as const },
    };
    const data = {
      ...{ saleId, version: 1, channel: 'COUNTER', committedAt: day(10), currencyCode },
      ...{ totalMinor: 0, lines: lines.map((each) => ({ ...line, ...each })) },
    } as EventData<'pos.sale-committed'>;
    const event = { data, time: day(11), id: randomUUID() } as never;
    await room.db.inTransaction(room.tenantId, (tx) => onSaleIncome().handle(tx, event));
  }

  it('adds up what an item kept in aggregate earned and cost, per currency and period', async () => {
    const item = await room.stocked('POLES', 40);
    expectDone(await income({ sku: 'POLES', quantity: 12, occurredAt: day(1) }));
    expectDone(await income({ sku: 'POLES', amount: eur('5.50'), occurredAt: day(2) }));
    const yen = { amount: '1200', currencyCode: 'JPY' };
    expectDone(await income({ sku: 'POLES', amount: yen, occurredAt: day(2) }));
    expectDone(await expense({ sku: 'POLES', amount: eur('3.00'), occurredAt: day(2) }));
    const cost = eur('1.25');
    expectDone(await maintain({ sku: 'POLES', what: 'Waxed', cost, occurredAt: day(3) }));
    const none = { costOfGoods: '0' };
    expect(await totalsOf('item', item.id)).toEqual({
      currencies: [
        { currencyCode: 'EUR', income: '1550', expense: '425', ...none },
        { currencyCode: 'JPY', income: '1200', expense: '0', ...none },
      ],
      quantityWithoutCost: 0,
    });
    expect(await totalsOf('item', item.id, { from: day(2), to: day(3) })).toMatchObject({
      currencies: [
        { currencyCode: 'EUR', income: '550', expense: '300' },
        { currencyCode: 'JPY', income: '1200' },
      ],
    });
    const kinds = (await entriesOf(item.id)).map(({ kind }) => kind);
    expect(kinds[0]).toBe('MAINTENANCE');
    expect(kinds).toHaveLength(5);
  });

  it('takes an entry back once, by a row that names it, and never changes a row', async () => {
    const item = await room.stocked('POLES', 1);
    const { entryId } = expectDone(await income({ sku: 'POLES' }));
    const taken = await Promise.all([correct(entryId), correct(entryId), correct(entryId)]);
    const [done, ...more] = taken.filter((result) => !isRefusal(result)) as { entryId: string }[];
    expect(more).toEqual([]);
    expect(taken.flatMap((result) => (isRefusal(result) ? result.code : []))).toEqual([
      'CORRECTED_ALREADY',
      'CORRECTED_ALREADY',
    ]);
    expect(await totalsOf('item', item.id)).toMatchObject({
      currencies: [{ currencyCode: 'EUR', income: '0' }],
    });
    const [reversal, original] = await entriesOf(item.id);
    expect(reversal).toMatchObject({ amountMinor: -1000, correctsId: entryId });
    expect(reversal).toMatchObject({ reason: 'typed wrongly', id: done!.entryId });
    expect(original).toMatchObject({ amountMinor: 1000, correctedById: done!.entryId });
    expect(expectRefused(await correct(done!.entryId)).code).toBe('IS_CORRECTION');
    expect(expectRefused(await correct(randomUUID())).__typename).toBe('NotFound');
    await expect(room.write('UPDATE item_ledger_entry SET amount_minor = 1')).rejects.toThrow(
      'permission denied for table item_ledger_entry',
    );
  });

  it('another tenant neither sees nor corrects an entry', async () => {
    await room.stocked('POLES', 1);
    const { entryId } = expectDone(await income({ sku: 'POLES' }));
    const other = await openStockRoom(database);
    const input = { itemLedgerEntryId: entryId, reason: 'mine now', idempotencyKey: 'k' };
    const refusal = expectRefused(await ledger.correct(other.caller, input));
    expect(refusal.__typename).toBe('NotFound');
    expect(await other.rows('SELECT * FROM item_ledger_entry')).toEqual([]);
  });

  it('one key is one entry, however often it is sent', async () => {
    const item = await room.stocked('POLES', 1);
    const input = money({ sku: 'POLES' });
    const all = await Promise.all(
      Array.from({ length: 4 }, () => ledger.addIncome(room.caller, input)),
    );
    expect(new Set(all.map((each) => expectDone(each).entryId)).size).toBe(1);
    expect(await entriesOf(item.id)).toHaveLength(1);
    const other = await ledger.addExpense(room.caller, input);
    expect(expectRefused(other).__typename).toBe('IdempotencyKeyReused');
  });

  describe('of a counter', () => {
    beforeEach(async () => {
      await room.pieces('CAR', 'V1', 'V2');
    });

    const latest = async () => {
      const [unit] = await room.rows<{ id: string }>(
        "SELECT id FROM serial_unit WHERE serial = 'V1'",
      );
      const rows = await room.db.read(room.tenantId, (tx) => selectLatestReadings(tx, [unit!.id]));
      return rows.map(({ kind, reading, measure }) => [kind, Number(reading), measure]);
    };

    it('never falls in the order of time, whichever comes first, and kinds and units are apart', async () => {
      expectDone(await read({ reading: '100', occurredAt: day(1) }));
      expectDone(await read({ reading: '300', occurredAt: day(3) }));
      expectDone(await read({ reading: '200', occurredAt: day(2) }));
      expectDone(await read({ reading: '5', serial: 'V2', occurredAt: day(4) }));
      const hours = { kind: 'HOURS' as const, measure: 'HOURS' as const };
      expectDone(await read({ ...hours, reading: '7.5', occurredAt: day(4) }));
      const before = await written();
      const late = expectRefused(await read({ reading: '301', occurredAt: day(2) }));
      expect(late).toMatchObject({ __typename: 'ReadingNotMonotonic', previous: null });
      expect(late['next']).toMatchObject({ reading: '300', occurredAt: new Date(day(3)) });
      const low = expectRefused(await read({ reading: '199', occurredAt: day(2) }));
      expect(low['previous']).toMatchObject({ reading: '200', occurredAt: new Date(day(2)) });
      expect(expectRefused(await read({ reading: '299.999' })).code).toBe('READING_NOT_MONOTONIC');
      expect(await written()).toEqual(before);
      expect(await latest()).toEqual([
        ['MILEAGE', 300, 'KILOMETRES'],
        ['HOURS', 7.5, 'HOURS'],
      ]);
    });

    it('compares miles and kilometres as the distance that they are', async () => {
      expectDone(await read({ reading: '100', measure: 'MILES', occurredAt: day(1) }));
      expect(isRefusal(await read({ reading: '160.934' }))).toBe(true);
      expectDone(await read({ reading: '160.935' }));
    });

    it('is set right with a reason; what follows is measured by that', async () => {
      expectDone(await read({ reading: '90000', occurredAt: day(1) }));
      const wrong = { reading: '9100', isCorrection: true, occurredAt: day(2) };
      expect(expectRefused(await read(wrong))).toMatchObject({ field: 'reason' });
      const right = expectDone(await read({ ...wrong, reason: 'one zero too many' }));
      expectDone(await read({ reading: '9200', occurredAt: day(3) }));
      expect(isRefusal(await read({ reading: '9150', occurredAt: day(4) }))).toBe(true);
      // Before it was set right, the old measure stands.
      expectDone(await read({ reading: '90001', occurredAt: '2026-03-01T13:00:00.000Z' }));
      expect(expectRefused(await correct(right.entryId)).code).toBe('SETS_COUNTER');
      expect(await latest()).toEqual([['MILEAGE', 9200, 'KILOMETRES']]);
    });

    it('a reading that is taken back counts as if it had not been', async () => {
      expectDone(await read({ reading: '100', occurredAt: day(1) }));
      const wrong = expectDone(await read({ reading: '99999', occurredAt: day(2) }));
      expectDone(await correct(wrong.entryId));
      expect(await latest()).toEqual([['MILEAGE', 100, 'KILOMETRES']]);
      expectDone(await read({ reading: '150', occurredAt: day(3) }));
    });

    it('readings at the same time never contradict each other', async () => {
      const readings = Array.from({ length: 16 }, (_, index) => String((index * 7) % 16));
      await Promise.all(readings.map((reading) => read({ reading })));
      const rows = await room.rows<{ reading: string }>(
        'SELECT reading FROM item_ledger_entry ORDER BY occurred_at, id',
      );
      const values = rows.map(({ reading }) => Number(reading));
      expect(values).toEqual([...values].sort((a, b) => a - b));
      expect(values.length).toBeGreaterThan(0);
    });
  });

  it('shows which maintenance is due by time and by reading; its cost is an expense once', async () => {
    const { item, unitIds } = await room.pieces('CAR', 'V1');
    const of = { sku: 'CAR', serial: 'V1' };
    const dueAt = (km: string) => ({
      kind: 'MILEAGE' as const,
      reading: km,
      measure: 'KILOMETRES' as const,
    });
    const oil = { ...of, what: 'Oil', nextDueReading: dueAt('15000'), cost: eur('80.00') };
    expectDone(await maintain({ ...oil, occurredAt: day(1) }));
    expectDone(
      await maintain({ ...of, what: 'Inspection', nextDueAt: day(5), occurredAt: day(1) }),
    );
    expectDone(await maintain({ ...of, what: 'Washed', occurredAt: day(2) }));
    const due = async () =>
      (
        await room.db.read(room.tenantId, (tx) =>
          selectMaintenanceDue(tx, { scope: 'unit', ids: unitIds }),
        )
      ).map(({ isDue }) => isDue);
    expect(await due()).toEqual([true, false]);
    expectDone(await read({ reading: '15000', occurredAt: day(6) }));
    expect(await due()).toEqual([true, true]);
    const again = { what: 'oil', nextDueReading: dueAt('30000') };
    expectDone(await maintain({ ...oil, ...again, occurredAt: day(7) }));
    expectDone(await maintain({ ...of, what: 'Inspection', occurredAt: day(7) }));
    expect(await due()).toEqual([false]);
    for (const [scope, id] of [
      ['unit', unitIds[0]!],
      ['item', item.id],
    ] as const)
      expect(await totalsOf(scope, id)).toMatchObject({
        currencies: [{ currencyCode: 'EUR', income: '0', expense: '16000' }],
      });
  });

  it('a sale posts its income once, to its units exactly, and cost comes from the movements', async () => {
    const item = await room.register('WATCH', 'SERIAL');
    const unitIds = await room.receive({
      sku: 'WATCH',
      units: ['W1', 'W2', 'W3'].map((serial) => ({ serial })),
      unitCost: eur('100.00'),
    } as never);
    const saleId = randomUUID();
    const line = { lineId: randomUUID(), stockItemId: item.id, sku: 'WATCH', quantity: 3 };
    const asSold = { ...line, tracking: 'SERIAL' as const, totalMinor: 100_000 };
    // Before the movements stand, the sum of the item is right already; whose it is comes with them.
    await sold(saleId, [asSold]);
    expect((await totalsOf('unit', unitIds[0]!)).currencies).toEqual([]);
    expect((await room.apply(saleId, [line])).outcome).toBe('APPLIED');
    await sold(saleId, [asSold]);
    const shares = await Promise.all(unitIds.map((id) => totalsOf('unit', id)));
    expect(shares.map(({ currencies }) => currencies)).toEqual(
      ['33334', '33333', '33333'].map((each) => [
        { currencyCode: 'EUR', income: each, expense: '0', costOfGoods: '10000' },
      ]),
    );
    expect(await totalsOf('item', item.id)).toEqual({
      currencies: [{ currencyCode: 'EUR', income: '100000', expense: '0', costOfGoods: '30000' }],
      quantityWithoutCost: 0,
    });
    const [entry] = await entriesOf(item.id, unitIds[0]!);
    expect(entry).toMatchObject({
      serialUnitId: unitIds[0],
      category: 'SALE',
      referenceId: saleId,
    });
    expectDone(await correct(entry!.id));
    expect(await entriesOf(item.id, unitIds[0]!)).toHaveLength(2);
    expect((await totalsOf('unit', unitIds[0]!)).currencies[0]!.income).toBe('0');
  });

  it('a unit that is named after its sale has its part of the income then', async () => {
    const item = await room.register('CUP');
    await room.receive({ sku: 'CUP', quantity: 3, unitCost: eur('7.00') } as never);
    await room.write("UPDATE stock_item SET tracking = 'SERIAL' WHERE id = $1", [item.id]);
    const first = await room.registerUnit(item.id, 'C1');
    const saleId = randomUUID();
    const line = { lineId: randomUUID(), stockItemId: item.id, sku: 'CUP', quantity: 2 };
    expect((await room.apply(saleId, [line])).outcome).toBe('APPLIED');
    await sold(saleId, [{ ...line, tracking: 'SERIAL', totalMinor: 2_001 }]);
    const late = await room.registerUnit(item.id, 'C2');
    const incomeOf = async (id: string) => (await totalsOf('unit', id)).currencies[0]?.income;
    expect([await incomeOf(first), await incomeOf(late)]).toEqual(['1001', undefined]);
    const name = { saleId, lineId: line.lineId, units: [{ serialUnitId: late }] };
    expectDone(
      await room.allocations.allocateSale(room.caller, { ...name, idempotencyKey: 'late' }),
    );
    expect([await incomeOf(first), await incomeOf(late)]).toEqual(['1001', '1000']);
    expect((await totalsOf('unit', late)).quantityWithoutCost).toBe(1);
    // The unit that was registered has no cost of its own; the one that was none cost as the rest did.
    expect(await totalsOf('item', item.id)).toEqual({
      currencies: [{ currencyCode: 'EUR', income: '2001', expense: '0', costOfGoods: '700' }],
      quantityWithoutCost: 1,
    });
    expect((await entriesOf(item.id)).map(({ serialUnitId }) => serialUnitId).sort()).toEqual(
      [first, late].sort(),
    );
  });

  it('shows how many were sold of which nobody knows the cost, and an untracked line posts nothing', async () => {
    const item = await room.stocked('RING', 5);
    const work = await room.register('ENGRAVING', 'NONE');
    const saleId = randomUUID();
    const line = { lineId: randomUUID(), stockItemId: item.id, sku: 'RING', quantity: 2 };
    await room.apply(saleId, [line]);
    await sold(saleId, [
      { ...line, totalMinor: 5_000 },
      { stockItemId: work.id, sku: 'ENGRAVING', tracking: 'NONE', totalMinor: 1_000 },
    ]);
    expect(await totalsOf('item', item.id)).toEqual({
      currencies: [{ currencyCode: 'EUR', income: '5000', expense: '0', costOfGoods: '0' }],
      quantityWithoutCost: 2,
    });
    expect(await room.rows('SELECT quantity FROM item_ledger_entry')).toEqual([{ quantity: 2 }]);
  });

  it('reports the items with anything in a period, by SKU and page', async () => {
    for (const sku of ['A', 'B', 'C', 'D']) await room.stocked(sku, 1);
    for (const sku of ['D', 'B', 'A']) expectDone(await income({ sku, occurredAt: day(2) }));
    expectDone(await income({ sku: 'C', occurredAt: day(9) }));
    const page = (after?: string) =>
      room.db.read(room.tenantId, (tx) =>
        selectReportPage(tx, {
          ...{
            period: { from: day(1), to: day(9) },
            after,
            category: null,
            tracking: null,
            limit: 2,
          },
        }),
      );
    expect((await page()).map(({ sku }) => sku)).toEqual(['A', 'B']);
    expect((await page('B')).map(({ sku }) => sku)).toEqual(['D']);
  });

  describe('refuses, and writes nothing', () => {
    beforeEach(async () => {
      await room.stocked('POLES', 5);
      await room.register('ENGRAVING', 'NONE');
      await room.pieces('CAR', 'V1');
      await room.pieces('BOAT', 'B1');
    });

    const bad: [string, () => Promise<object>, string, string][] = [
      ['an untracked item', () => income({ sku: 'ENGRAVING' }), 'StockItemNotTracked', 'ENGRAVING'],
      ['an item that is none', () => expense({ sku: 'NOTHING' }), 'NotFound', 'StockItem'],
      [
        'a serialised item without its unit',
        () => income({ sku: 'CAR' }),
        'InvalidInput',
        'serial',
      ],
      [
        'a unit of another item',
        () => income({ sku: 'CAR', serial: 'B1' }),
        'NotFound',
        'SerialUnit',
      ],
      [
        'a unit of what is kept in aggregate',
        () => income({ sku: 'POLES', serial: 'V1' }),
        'InvalidInput',
        'serial',
      ],
      [
        'a unit that is none',
        () => maintain({ sku: 'CAR', serialUnitId: randomUUID() }),
        'NotFound',
        'SerialUnit',
      ],
      [
        'serial and id at once',
        () => income({ sku: 'CAR', serial: 'V1', serialUnitId: randomUUID() }),
        'InvalidInput',
        'serialUnitId',
      ],
      [
        'a negative amount',
        () => income({ sku: 'POLES', amount: eur('-0.01') }),
        'InvalidInput',
        'amount.amount',
      ],
      [
        'a fraction of a cent',
        () => expense({ sku: 'POLES', amount: eur('0.001') }),
        'InvalidInput',
        'amount.amount',
      ],
      [
        'a currency that is none',
        () => income({ sku: 'POLES', amount: { amount: '1', currencyCode: 'XXX' } }),
        'InvalidInput',
        'amount.amount',
      ],
      ['a quantity of 0', () => income({ sku: 'POLES', quantity: 0 }), 'InvalidInput', 'quantity'],
      [
        'a quantity of 2^31',
        () => income({ sku: 'POLES', quantity: 2 ** 31 }),
        'InvalidInput',
        'quantity',
      ],
      [
        'a quantity of a unit',
        () => income({ sku: 'CAR', serial: 'V1', quantity: 2 }),
        'InvalidInput',
        'quantity',
      ],
      [
        'a category of blanks',
        () => income({ sku: 'POLES', category: '  ' }),
        'InvalidInput',
        'category',
      ],
      ['a note with NUL', () => income({ sku: 'POLES', note: 'a\0b' }), 'InvalidInput', 'note'],
      [
        'tomorrow',
        () => income({ sku: 'POLES', occurredAt: new Date(Date.now() + 86_400_000) }),
        'InvalidInput',
        'occurredAt',
      ],
      [
        'the year 1',
        () => income({ sku: 'POLES', occurredAt: '0001-01-01T00:00:00.000Z' }),
        'InvalidInput',
        'occurredAt',
      ],
      ['a negative reading', () => read({ reading: '-1' }), 'InvalidInput', 'reading'],
      ['a reading too large', () => read({ reading: '1000000000' }), 'InvalidInput', 'reading'],
      [
        'hours in miles',
        () => read({ reading: '1', kind: 'HOURS', measure: 'MILES' }),
        'InvalidInput',
        'measure',
      ],
      ['work without a name', () => maintain({ sku: 'POLES', what: '' }), 'InvalidInput', 'what'],
    ];
    it.each(bad)('%s', async (_, ask, typename, about) => {
      const before = await written();
      const refusal: Refusal = expectRefused(await ask());
      expect(refusal.__typename).toBe(typename);
      expect(refusal['field'] ?? refusal['kind'] ?? refusal['sku']).toBe(about);
      expect(await written()).toEqual(before);
    });
  });
});
