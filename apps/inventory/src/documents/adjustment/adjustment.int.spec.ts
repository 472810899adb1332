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
import type { AdjustmentReason } from './adjustment.ts';

describe('corrections of a count', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  type Input = Parameters<StockRoom['adjustments']['adjust']>[1];
  const adjust = (sku: string, quantity: number, reason: AdjustmentReason, more: object = {}) =>
    room.adjustments.adjust(room.caller, {
      sku,
      quantity,
      reason,
      locationId: room.places.HQ,
      idempotencyKey: randomUUID(),
      ...more,
    } satisfies Input);
  const ledger = () =>
    room.rows(
      `SELECT i.sku, m.quantity, m.reason, m.note, m.actor, m.reference_kind AS kind, m.reference_id AS id, m.resulting_on_hand AS resulting
       FROM movement m JOIN stock_item i ON i.id = m.stock_item_id ORDER BY m.position OFFSET 1`,
    );
  async function sell(item: { id: string; sku: string }, quantity: number, unitId?: string) {
    const saleId = randomUUID();
    const lineId = randomUUID();
    const line = { lineId, stockItemId: item.id, sku: item.sku, quantity };
    const unit = unitId ? { serialUnitId: unitId } : {};
    const applied = await room.apply(saleId, [{ ...line, ...unit }]);
    expect(applied.outcome).toBe('APPLIED');
    return { saleId, lineId };
  }

  const reasons: [AdjustmentReason, number][] = [
    ['COUNT_CORRECTION', 2],
    ['COUNT_CORRECTION', -2],
    ['DAMAGE', -1],
    ['LOSS', -1],
    ['FOUND', 1],
    ['REPAIR_CONSUMPTION', -3],
    ['OTHER', -1],
  ];
  it.each(reasons)('%s by %i is written with who, why and for what', async (reason, quantity) => {
    await room.stocked('RING', 5);
    const reference = { referenceKind: 'REPAIR', referenceId: 'R-1' };
    expectDone(await adjust('RING', quantity, reason, { note: 'as seen', ...reference }));
    expect(await ledger()).toEqual([
      {
        sku: 'RING',
        quantity,
        reason,
        note: 'as seen',
        actor: 'tester',
        kind: 'REPAIR',
        id: 'R-1',
        resulting: 5 + quantity,
      },
    ]);
    await room.assertSums();
  });

  it('takes nothing away that is not there or promised, and says how many are', async () => {
    await room.stocked('RING', 5);
    expectDone(await room.hold({ sku: 'RING', quantity: 2 }));
    const before = await room.footprint();
    expect(expectRefused(await adjust('RING', -4, 'LOSS'))).toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      requested: 4,
      available: 3,
      locationCode: 'HQ',
    });
    for (const note of [undefined, '', '  '])
      expect(expectRefused(await adjust('RING', -1, 'OTHER', { note }))['field']).toBe('note');
    expect(expectRefused(await adjust('RING', -1, 'LOSS', { serial: 'S1' }))['field']).toBe(
      'serial',
    );
    expect(await room.footprint()).toEqual(before);
  });

  describe('of a unit', () => {
    const unitReasons: [AdjustmentReason, string][] = [
      ['LOSS', 'LOST'],
      ['COUNT_CORRECTION', 'LOST'],
      ['DAMAGE', 'SCRAPPED'],
      ['REPAIR_CONSUMPTION', 'SCRAPPED'],
      ['OTHER', 'LOST'],
    ];
    it.each(unitReasons)('%s takes it out of the count: it is %s', async (reason, status) => {
      const { unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
      const done = expectDone(await adjust('BROOCH', -1, reason, { serial: 'S2', note: 'seen' }));
      expect(await room.unitStatus(unitIds[1]!)).toBe(status);
      expect(await room.level('BROOCH')).toEqual({ onHand: 1, committed: 0, available: 1 });
      const [row] = await room.rows(
        'SELECT quantity, reason, serial_unit_id AS unit FROM movement WHERE id = $1',
        [done.movementId],
      );
      expect(row).toEqual({ quantity: -1, reason, unit: unitIds[1] });
      await room.assertSums();
    });

    it('FOUND brings a lost one back, where it turned up; RETURN a sold one, to be looked at', async () => {
      const { item, unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
      const [lost, sold] = unitIds as [string, string];
      expectDone(await adjust('BROOCH', -1, 'LOSS', { serialUnitId: lost }));
      const { saleId } = await sell(item, 1, sold);
      const elsewhere = { locationId: room.places.GM };
      expectDone(await adjust('BROOCH', 1, 'FOUND', { serial: 'S1', ...elsewhere }));
      expect(await room.unitStatus(lost)).toBe('AVAILABLE');
      expect(await room.level('BROOCH', 'GM')).toEqual({ onHand: 1, committed: 0, available: 1 });
      const reference = { referenceKind: 'SALE', referenceId: saleId };
      expectDone(await adjust('BROOCH', 1, 'RETURN', { serial: 'S2', ...reference }));
      expect(await room.unitStatus(sold)).toBe('RETURNED');
      expect(await room.level('BROOCH')).toEqual({ onHand: 1, committed: 1, available: 0 });
      await room.assertSums();
    });

    it('is refused where it makes no sense, and writes nothing', async () => {
      const { item, unitIds } = await room.pieces('BROOCH', 'S1', 'S2', 'S3', 'S4');
      await room.pieces('WATCH', 'W1');
      const [, held, sold, bench] = unitIds as [string, string, string, string];
      expectDone(await room.hold({ sku: 'BROOCH', serial: 'S2' }));
      await sell(item, 1, sold);
      expectDone(await room.setStatus(bench, 'IN_REPAIR', {}));
      const before = await room.footprint();
      const refusal = async (quantity: number, reason: AdjustmentReason, more: object) => {
        const { code, field, kind } = expectRefused(await adjust('BROOCH', quantity, reason, more));
        return field ?? kind ?? code;
      };
      expect(await refusal(-1, 'LOSS', {})).toBe('serial');
      expect(await refusal(-1, 'LOSS', { serial: 'S1', serialUnitId: held })).toBe('serial');
      for (const [quantity, reason] of [
        [1, 'LOSS'],
        [1, 'DAMAGE'],
        [1, 'REPAIR_CONSUMPTION'],
        [-1, 'FOUND'],
        [-1, 'RETURN'],
        [-2, 'LOSS'],
        [2, 'FOUND'],
      ] as const)
        expect(await refusal(quantity, reason, { serial: 'S1' })).toBe('quantity');
      expect(await refusal(-1, 'LOSS', { serial: 'W1' })).toBe('SerialUnit');
      expect(await refusal(-1, 'LOSS', { serialUnitId: randomUUID() })).toBe('SerialUnit');
      expect(await refusal(-1, 'LOSS', { serial: 'S2' })).toBe('UNIT_NOT_AVAILABLE');
      expect(await refusal(-1, 'LOSS', { serial: 'S3' })).toBe('TRANSITION_NOT_ALLOWED');
      expect(await refusal(1, 'RETURN', { serial: 'S1' })).toBe('TRANSITION_NOT_ALLOWED');
      expect(await refusal(1, 'FOUND', { serial: 'S1' })).toBe('TRANSITION_NOT_ALLOWED');
      expect(await refusal(1, 'FOUND', { serial: 'S4' })).toBe('reason');
      const elsewhere = { serial: 'S1', locationId: room.places.GM };
      expect(await refusal(-1, 'LOSS', elsewhere)).toBe('locationId');
      expect(await room.footprint()).toEqual(before);
    });
  });

  describe('of goods that come back', () => {
    let item: { id: string; sku: string };
    beforeEach(async () => {
      item = await room.stocked('RING', 5);
    });
    const back = (saleId: string | null, quantity: number, more: object = {}) =>
      adjust('RING', quantity, 'RETURN', {
        ...(saleId && { referenceKind: 'SALE', referenceId: saleId }),
        ...more,
      });
    const refused = async (result: ReturnType<typeof back>) => {
      const { code, field, kind, sold, corrected } = expectRefused(await result);
      return field ?? kind ?? [code, sold, corrected];
    };

    it('takes back what the sale took, in parts, and no more', async () => {
      const { saleId } = await sell(item, 3);
      const code = 'SALE_DID_NOT_SELL';
      expect(await refused(back(saleId, 5))).toEqual([code, 3, 0]);
      expectDone(await back(saleId.toUpperCase(), 2));
      expect(await refused(back(saleId, 2))).toEqual([code, 3, 2]);
      expectDone(await back(saleId, 1, { locationId: room.places.GM }));
      expect(await refused(back(saleId, 1))).toEqual([code, 3, 3]);
      expect((await room.level('RING')).onHand).toBe(4);
      expect((await room.level('RING', 'GM')).onHand).toBe(1);
      await room.assertSums();
    });

    it('comes of a sale that took this item, and that is known', async () => {
      await room.stocked('PIN', 1);
      const { saleId } = await sell(item, 1);
      const before = await room.footprint();
      expect(await refused(back(randomUUID(), 1))).toBe('Sale');
      expect(await refused(back('R-1', 1))).toBe('Sale');
      expect(await refused(back(null, 1))).toBe('referenceId');
      expect(await refused(back(saleId, -1))).toBe('quantity');
      expect(await refused(back(saleId, 1, { referenceKind: 'REPAIR' }))).toBe('referenceKind');
      const other = { referenceKind: 'SALE', referenceId: saleId };
      expect(await refused(adjust('PIN', 1, 'RETURN', other))).toEqual(['SALE_DID_NOT_SELL', 0, 0]);
      expect(await room.footprint()).toEqual(before);
    });

    it('of many who bring back the same pieces at once as many are heard as pieces were sold', async () => {
      const { saleId } = await sell(item, 3);
      const results = await Promise.all(Array.from({ length: 12 }, () => back(saleId, 1)));
      expect(results.filter((result) => !isRefusal(result))).toHaveLength(3);
      expect((await room.level('RING')).onHand).toBe(5);
      await room.assertSums();
    });

    it('a unit comes back of its own sale, named or not', async () => {
      const { item: brooch, unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
      const { saleId } = await sell(brooch, 1, unitIds[0]);
      const { saleId: other } = await sell(brooch, 1, unitIds[1]);
      const unit = (serial: string, of: object) => adjust('BROOCH', 1, 'RETURN', { serial, ...of });
      const reference = { referenceKind: 'SALE', referenceId: other };
      expect(await refused(unit('S1', reference))).toBe('referenceId');
      expectDone(await unit('S1', { ...reference, referenceId: saleId }));
      expectDone(await unit('S2', {}));
      expect((await room.level('BROOCH')).onHand).toBe(2);
    });
  });

  describe('of the wrong size on a sale', () => {
    type Correct = Parameters<StockRoom['corrections']['correct']>[1];
    const correct = (saleId: string, more: Partial<Correct> = {}) =>
      room.corrections.correct(room.caller, {
        saleId,
        wrongSku: 'RING-54',
        rightSku: 'RING-56',
        idempotencyKey: randomUUID(),
        ...more,
      });
    const stock = async () => ({
      wrong: (await room.level('RING-54')).onHand,
      right: (await room.level('RING-56')).onHand,
    });
    let wrong: { id: string; sku: string };
    beforeEach(async () => {
      wrong = await room.stocked('RING-54', 5);
      await room.stocked('RING-56', 5);
    });

    it('writes a pair with the sale, in both ledgers, where the sale took it', async () => {
      const { saleId, lineId } = await sell(wrong, 2);
      expectDone(await correct(saleId, { lineId, note: 'a 56 left' }));
      expect(await stock()).toEqual({ wrong: 4, right: 4 });
      const common = { reason: 'SALE_CORRECTION', note: 'a 56 left', actor: 'tester' };
      const reference = { kind: 'SALE', id: saleId };
      expect((await ledger()).slice(-2)).toEqual([
        { sku: 'RING-54', quantity: 1, resulting: 4, ...common, ...reference },
        { sku: 'RING-56', quantity: -1, resulting: 4, ...common, ...reference },
      ]);
      await room.assertSums();
    });

    it('what came back has the cost it was sold at', async () => {
      const lines = [
        { sku: 'GOLD-54', quantity: 1, unitCost: { amount: '80.00', currencyCode: 'EUR' } },
        { sku: 'GOLD-56', quantity: 1, unitCost: { amount: '90.00', currencyCode: 'EUR' } },
      ];
      const item = await room.register('GOLD-54');
      await room.register('GOLD-56');
      const input = { locationCode: 'HQ', lines, idempotencyKey: randomUUID() };
      expectDone(await room.receipts.receive(room.caller, input));
      const { saleId } = await sell(item, 1);
      const skus = { wrongSku: 'GOLD-54', rightSku: 'GOLD-56' };
      expectDone(await correct(saleId, skus));
      expectDone(await correct(saleId, { wrongSku: 'GOLD-56', rightSku: 'GOLD-54' }));
      const costs = await room.rows(
        `SELECT quantity, cost_minor AS cost FROM movement WHERE reason = 'SALE_CORRECTION' ORDER BY position`,
      );
      expect(costs).toEqual([
        { quantity: 1, cost: 8000 },
        { quantity: -1, cost: 9000 },
        { quantity: 1, cost: 9000 },
        { quantity: -1, cost: 8000 },
      ]);
    });

    it('corrects what the sale sold and no more, line by line and in all', async () => {
      const { saleId, lineId } = await sell(wrong, 2);
      const refused = async (more: Partial<Correct> = {}) => {
        const { code, sold, corrected } = expectRefused(await correct(saleId, more));
        return [code, sold, corrected];
      };
      const code = 'SALE_DID_NOT_SELL';
      expect(await refused({ quantity: 3 })).toEqual([code, 2, 0]);
      expectDone(await correct(saleId));
      expect(await refused({ lineId, quantity: 2 })).toEqual([code, 2, 1]);
      expectDone(await correct(saleId, { lineId }));
      expect(await refused()).toEqual([code, 2, 2]);
      expect(await refused({ lineId: randomUUID() })).toEqual([code, 0, 0]);
      // The other size that left is what the sale has sold now: it may be corrected in turn.
      expectDone(await correct(saleId, { wrongSku: 'RING-56', rightSku: 'RING-54', quantity: 2 }));
      expect(await stock()).toEqual({ wrong: 3, right: 5 });
    });

    it('what was returned is not corrected', async () => {
      const { saleId } = await sell(wrong, 1);
      const reference = { referenceKind: 'SALE', referenceId: saleId.toUpperCase() };
      expectDone(await adjust('RING-54', 1, 'RETURN', reference));
      expect(expectRefused(await correct(saleId)).code).toBe('SALE_DID_NOT_SELL');
    });

    it('of many who correct one line at once one does', async () => {
      const { saleId, lineId } = await sell(wrong, 1);
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, index) => correct(saleId, index % 2 === 0 ? { lineId } : {})),
      );
      expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
      expect(await stock()).toEqual({ wrong: 5, right: 4 });
      await room.assertSums();
    });

    it('is refused where it makes no sense, and writes nothing', async () => {
      const { item, unitIds } = await room.pieces('BROOCH', 'S1');
      await room.register('ENGRAVING', 'NONE');
      const { saleId } = await sell(wrong, 5);
      const { saleId: pieceSale } = await sell(item, 1, unitIds[0]);
      expectDone(await room.hold({ sku: 'RING-56', quantity: 3 }));
      const before = await room.footprint();
      const refusal = async (more: Partial<Correct>) => {
        const { code, field, kind } = expectRefused(await correct(saleId, more));
        return field ?? kind ?? code;
      };
      expect(await refusal({ quantity: 3 })).toBe('INSUFFICIENT_STOCK');
      expect(await refusal({ locationId: room.places.GM })).toBe('INSUFFICIENT_STOCK');
      expect(await refusal({ quantity: 0 })).toBe('quantity');
      expect(await refusal({ quantity: -1 })).toBe('quantity');
      expect(await refusal({ rightSku: 'RING-54' })).toBe('rightSku');
      expect(await refusal({ rightSku: 'NOTHING' })).toBe('StockItem');
      expect(await refusal({ rightSku: 'BROOCH' })).toBe('STOCK_ITEM_IS_SERIAL');
      expect(await refusal({ saleId: pieceSale, wrongSku: 'BROOCH' })).toBe('STOCK_ITEM_IS_SERIAL');
      expect(await refusal({ rightSku: 'ENGRAVING' })).toBe('STOCK_ITEM_NOT_TRACKED');
      expect(await refusal({ saleId: randomUUID() })).toBe('Sale');
      expect(await refusal({ saleId: 'no id' })).toBe('saleId');
      expect(await refusal({ locationId: randomUUID() })).toBe('Location');
      expect(await refusal({ note: 'a\0' })).toBe('note');
      expect(await room.footprint()).toEqual(before);
    });

    it('of a sale of another tenant, there is none', async () => {
      const { saleId } = await sell(wrong, 1);
      const other = await openStockRoom(database);
      await other.stocked('RING-54', 1);
      await other.stocked('RING-56', 1);
      const input = { wrongSku: 'RING-54', rightSku: 'RING-56', idempotencyKey: randomUUID() };
      expect(
        expectRefused(await other.corrections.correct(other.caller, { saleId, ...input })),
      ).toMatchObject({ code: 'NOT_FOUND', kind: 'Sale' });
    });
  });
});
