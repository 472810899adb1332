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
import { createConversionService } from '../../documents/conversion/conversion.service.ts';
import type { SerialUnitSucceedInput } from './unit-succession.service.ts';

describe('a piece made of another', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  let number = 0;
  const succeed = (serialUnitId: string, more: Partial<SerialUnitSucceedInput> = {}) => {
    number += 1;
    const stockNumber = `N-${number}`;
    const input = { serialUnitId, stockNumber, idempotencyKey: randomUUID(), ...more };
    return room.units.succeed(room.caller, input);
  };

  it('is a new unit with its own number; what was in stock of the old one is consumed', async () => {
    const { item, unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
    const old = unitIds[0]!;
    const cost = { amount: '80.00', currencyCode: 'EUR' };
    const key = () => randomUUID();
    expectDone(
      await room.units.update(room.caller, { serialUnitId: old, cost, idempotencyKey: key() }),
    );
    expectDone(await room.setStatus(old, 'IN_REPAIR'));
    const asked = { stockNumber: 'NEW-1', condition: 're-mounted', note: 'as a ring' };
    const made = expectDone(await succeed(old, { ...asked, idempotencyKey: 'k' }));
    expect(await succeed(old, { ...asked, idempotencyKey: 'k' })).toEqual(made);
    expect(made.predecessorId).toBe(old);
    expect(await room.unitStatus(old)).toBe('SCRAPPED');
    const [unit] = await room.rows(
      `SELECT stock_item_id, serial, stock_number, status, condition, predecessor_id, cost_minor FROM serial_unit WHERE id = $1`,
      [made.serialUnitId],
    );
    expect(unit).toEqual({
      stock_item_id: item.id,
      serial: null,
      stock_number: 'NEW-1',
      status: 'AVAILABLE',
      condition: 're-mounted',
      predecessor_id: old,
      cost_minor: 8_000,
    });
    expect(await room.level('BROOCH')).toEqual({ onHand: 2, committed: 0, available: 2 });
    const movements = await room.rows(
      'SELECT quantity, reason, reference_id AS reference, note FROM movement ORDER BY position OFFSET 2',
    );
    expect(movements).toEqual([
      {
        quantity: -1,
        reason: 'REPAIR_CONSUMPTION',
        reference: made.serialUnitId,
        note: 'as a ring',
      },
      {
        quantity: 1,
        reason: 'OTHER',
        reference: old,
        note: 'Made of The BROOCH (BROOCH), serial S1: as a ring',
      },
    ]);
    await room.assertSums();
  });

  it('may be of another item and come to another shop; of a scrapped one nothing more is consumed', async () => {
    const { unitIds } = await room.pieces('BROOCH', 'S1');
    await room.register('RING', 'SERIAL');
    expectDone(await room.setStatus(unitIds[0]!, 'SCRAPPED'));
    expectDone(
      await succeed(unitIds[0]!, { sku: 'RING', locationId: room.places.GM, serial: 'S1' }),
    );
    expect((await room.level('BROOCH')).onHand).toBe(0);
    expect((await room.level('RING', 'GM')).available).toBe(1);
    await room.assertSums();
  });

  it('is refused with its reason, and then nothing is written', async () => {
    const { unitIds } = await room.pieces('BROOCH', 'S1', 'S2', 'S3');
    const [free, bench, done] = unitIds as [string, string, string];
    await room.register('CHAIN');
    await room.register('ENGRAVING', 'NONE');
    expectDone(await room.setStatus(bench, 'IN_REPAIR'));
    expectDone(await room.setStatus(done, 'SCRAPPED'));
    const made = expectDone(await succeed(done, { stockNumber: 'TAKEN' }));
    const before = await room.footprint();
    const refusal = async (unitId: string, more: Partial<SerialUnitSucceedInput> = {}) =>
      expectRefused(await succeed(unitId, more));
    expect(await refusal(free)).toMatchObject({
      __typename: 'UnitNotSucceedable',
      status: 'AVAILABLE',
    });
    expect(await refusal(done)).toMatchObject({
      __typename: 'UnitHasSuccessor',
      successorId: made.serialUnitId,
    });
    expect(await refusal(bench, { stockNumber: 'TAKEN' })).toMatchObject({
      __typename: 'UnitNameTaken',
      field: 'stockNumber',
      value: 'TAKEN',
    });
    expect(await refusal(bench, { serial: 'S2' })).toMatchObject({ field: 'serial', value: 'S2' });
    expect(await refusal(bench, { sku: 'CHAIN' })).toMatchObject({ field: 'sku' });
    expect(await refusal(bench, { sku: 'ENGRAVING' })).toMatchObject({
      code: 'STOCK_ITEM_NOT_TRACKED',
    });
    expect(await refusal(bench, { sku: 'NOTHING' })).toMatchObject({ kind: 'StockItem' });
    expect(await refusal(bench, { locationId: randomUUID() })).toMatchObject({ kind: 'Location' });
    expect(await refusal(randomUUID())).toMatchObject({ kind: 'SerialUnit' });
    expect(await refusal(bench, { stockNumber: '' })).toMatchObject({ field: 'stockNumber' });
    // No pattern is set to make one.
    expect(await refusal(bench, { stockNumber: null })).toMatchObject({ field: 'stockNumber' });
    expect(await room.footprint()).toEqual(before);
  });

  it('is given the next number of the pattern where none is said', async () => {
    const { unitIds } = await room.pieces('BROOCH', 'S1');
    await room.write(
      `INSERT INTO inventory_setting (tenant_id, stock_number_pattern) VALUES ($1, '{LOC}-{SEQ:3}')`,
      [room.tenantId],
    );
    expectDone(await room.setStatus(unitIds[0]!, 'SCRAPPED'));
    const made = expectDone(await succeed(unitIds[0]!, { stockNumber: null }));
    const text = 'SELECT stock_number FROM serial_unit WHERE id = $1';
    expect(await room.rows(text, [made.serialUnitId])).toEqual([{ stock_number: 'HQ-001' }]);
  });

  it('has no twin: of ten who make one of the same piece at once, one does', async () => {
    const { unitIds } = await room.pieces('BROOCH', 'S1');
    expectDone(await room.setStatus(unitIds[0]!, 'IN_REPAIR'));
    const results = await Promise.all(Array.from({ length: 10 }, () => succeed(unitIds[0]!)));
    expect(results.filter((each) => !isRefusal(each))).toHaveLength(1);
    for (const refusal of results.filter(isRefusal))
      expect(refusal.__typename).toBe('UnitHasSuccessor');
    expect(await room.level('BROOCH')).toEqual({ onHand: 1, committed: 0, available: 1 });
    await room.assertSums();
  });

  it('is not made of a unit that was collapsed: it is on hand as one of a quantity', async () => {
    const [old] = (await room.pieces('BROOCH', 'S1')).unitIds;
    await room.pieces('RING', 'R1');
    const conversions = createConversionService({ db: room.db });
    const idempotencyKey = randomUUID();
    expectDone(await conversions.toQuantity(room.caller, { sku: 'BROOCH', idempotencyKey }));
    const before = await room.footprint();
    const code = { code: 'T1', serialUnitId: old!, idempotencyKey: randomUUID() };
    const refused = [
      await succeed(old!, { sku: 'RING' }),
      await room.stockCodes.assign(room.caller, code),
    ];
    expect(refused.map((each) => expectRefused(each)['field'])).toEqual([
      'serialUnitId',
      'serialUnitId',
    ]);
    expect(await room.footprint()).toEqual(before);
  });
});
