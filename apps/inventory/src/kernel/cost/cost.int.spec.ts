import { randomUUID } from 'node:crypto';
import { isRefusal } from '@onecount/refusal';
import { sample, type TestDatabase } from '@onecount/testing';
import fc from 'fast-check';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import type { LineRefusal } from '../../documents/receipt/receipt.ts';
import { selectCostLayers, selectItemCosts } from './cost.sql.ts';

type Method = 'FIFO' | 'WEIGHTED_AVERAGE';
const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });

describe('the cost of goods', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const costBy = (method: Method, of = room) =>
    of.write(
      `INSERT INTO inventory_setting (tenant_id, costing_method) VALUES ($1, $2)
       ON CONFLICT (tenant_id) DO UPDATE SET costing_method = excluded.costing_method`,
      [of.tenantId, method],
    );
  const receive = (sku: string, quantity: number, amount?: string, of = room) =>
    of.receipts.receive(of.caller, {
      locationCode: 'HQ',
      lines: [{ sku, quantity, ...(amount && { unitCost: eur(amount) }) }],
      idempotencyKey: randomUUID(),
    });
  type Reason = Parameters<StockRoom['adjustments']['adjust']>[1]['reason'];
  const adjust = (
    sku: string,
    quantity: number,
    reason: Reason,
    more: { referenceKind?: string; referenceId?: string; of?: StockRoom } = {},
  ) => {
    const { of = room, ...reference } = more;
    return of.adjustments.adjust(of.caller, {
      sku,
      locationId: of.places.HQ,
      quantity,
      reason,
      idempotencyKey: randomUUID(),
      ...reference,
    } as Parameters<StockRoom['adjustments']['adjust']>[1]);
  };
  const sell = async (
    item: { id: string; sku: string },
    quantity: number,
    of = room,
    at: 'HQ' | 'GM' = 'HQ',
  ) => {
    const saleId = randomUUID();
    const lineId = randomUUID();
    const line = {
      lineId,
      stockItemId: item.id,
      sku: item.sku,
      quantity,
      locationId: of.places[at],
    };
    const { outcome } = await of.apply(saleId, [line]);
    return { saleId, outcome };
  };
  /** Quantity, cost and of how many, of the newest movement. */
  const newest = async (of = room) => {
    const [row] = await of.rows<{ quantity: number; cost: number | null; known: number | null }>(
      `SELECT quantity, cost_minor AS cost, cost_quantity AS known FROM movement ORDER BY position DESC LIMIT 1`,
    );
    return [row!.quantity, row!.cost, row!.known];
  };
  const costOf = async (stockItemId: string, of = room) =>
    (await of.db.read(of.tenantId, (tx) => selectItemCosts(tx, [stockItemId])))[0];
  const codesOf = (result: object) =>
    (expectRefused(result)['reasons'] as LineRefusal[]).map(({ code }) => code);

  it('by weighted average, a sale takes the average and the last one what is left of it', async () => {
    const item = await room.register('RING');
    await receive('RING', 1, '10.00');
    await receive('RING', 2, '10.01');
    await sell(item, 1);
    expect(await newest()).toEqual([-1, 1001, 1]);
    await sell(item, 2);
    expect(await newest()).toEqual([-2, 2001, 2]);
    expect(await costOf(item.id)).toBeUndefined();
  });

  it('by FIFO, the oldest goods leave first; a tenant may switch at any time', async () => {
    const item = await room.register('RING');
    await costBy('FIFO');
    await receive('RING', 2, '10.00');
    await receive('RING', 3, '20.00');
    await sell(item, 3);
    expect(await newest()).toEqual([-3, 4000, 3]);
    expect((await costOf(item.id))!.valueMinor).toBe(4000);
    const page = { stockItemId: item.id, after: undefined, limit: 9 };
    const layers = await room.db.read(room.tenantId, (tx) => selectCostLayers(tx, page));
    expect(layers).toMatchObject([{ quantity: 3, remaining: 2, remainingMinor: 4000 }]);
    await costBy('WEIGHTED_AVERAGE');
    await sell(item, 1);
    // The pool has sold three of five at their average of 16.00: two are left for 32.00.
    expect(await newest()).toEqual([-1, 1600, 1]);
  });

  it('a sale publishes what its goods cost in its movement event; a partly known one of how many', async () => {
    const item = await room.register('RING');
    await receive('RING', 2, '10.00');
    await receive('RING', 3);
    await sell(item, 4);
    expect(await newest()).toEqual([-4, 2000, 2]);
    await sell(item, 1);
    expect(await newest()).toEqual([-1, null, null]);
    const events = await room.rows<{ data: Record<string, unknown> }>(
      `SELECT data FROM outbox WHERE type = 'inventory.movement-recorded' ORDER BY sequence DESC LIMIT 2`,
    );
    expect(events.map(({ data }) => [data['cost'], data['costQuantity']])).toEqual([
      [undefined, undefined],
      [{ amountMinor: 2000, currencyCode: 'EUR' }, 2],
    ]);
  });

  it('what comes back has the cost it left with; what is found, the average; a delivery without a price, none', async () => {
    const item = await room.register('RING');
    await receive('RING', 2, '10.00');
    const { saleId } = await sell(item, 2);
    await receive('RING', 2, '30.00');
    await adjust('RING', 1, 'RETURN', { referenceKind: 'SALE', referenceId: saleId });
    expect(await newest()).toEqual([1, 1000, 1]);
    await adjust('RING', 3, 'FOUND');
    expect(await newest()).toEqual([3, 7000, 3]);
    await receive('RING', 5);
    expect(await newest()).toEqual([5, null, null]);
    expect(await costOf(item.id)).toMatchObject({ quantity: 6, valueMinor: 14_000 });
  });

  it('what comes back in parts brings back what the sale took, and no more', async () => {
    const item = await room.register('RING');
    await receive('RING', 1, '0.34');
    await receive('RING', 2, '0.33');
    const { saleId } = await sell(item, 3);
    await receive('RING', 1, '9.00');
    const costs: unknown[] = [];
    for (const _ of [1, 2, 3]) {
      await adjust('RING', 1, 'RETURN', { referenceKind: 'SALE', referenceId: saleId });
      costs.push(await newest());
    }
    expect(costs).toEqual([
      [1, 33, 1],
      [1, 34, 1],
      [1, 33, 1],
    ]);
    expect(await costOf(item.id)).toMatchObject({ quantity: 4, valueMinor: 1000 });
  });

  it('goods sold ahead leave without a cost, and their receipt is of the rest', async () => {
    const item = await room.register('RING', 'QUANTITY', 5);
    await receive('RING', 1, '10.00');
    expect((await sell(item, 4)).outcome).toBe('APPLIED');
    expect(await newest()).toEqual([-4, 1000, 1]);
    await receive('RING', 10, '12.00');
    expect(await costOf(item.id)).toMatchObject({ quantity: 7, valueMinor: 8400 });
    await sell(item, 7);
    expect(await newest()).toEqual([-7, 8400, 7]);
  });

  it('a serial unit has its own cost, from its receipt to its sale', async () => {
    const item = await room.register('BROOCH', 'SERIAL');
    const line = (serial: string, amount: string) => ({
      sku: 'BROOCH',
      units: [{ serial }],
      unitCost: eur(amount),
    });
    const lines = [line('S1', '100.00'), line('S2', '250.00')];
    const input = { locationCode: 'HQ', lines, idempotencyKey: randomUUID() };
    expectDone(await room.receipts.receive(room.caller, input));
    expect(await costOf(item.id)).toMatchObject({ quantity: 2, valueMinor: 35_000 });
    const [unit] = await room.rows<{ id: string }>(
      "SELECT id FROM serial_unit WHERE serial = 'S2'",
    );
    const sold = { lineId: randomUUID(), stockItemId: item.id, sku: 'BROOCH', quantity: 1 };
    await room.apply(randomUUID(), [{ ...sold, serialUnitId: unit!.id }]);
    expect(await newest()).toEqual([-1, 25_000, 1]);
    expect(await costOf(item.id)).toMatchObject({ quantity: 1, valueMinor: 10_000 });
  });

  it('units on hand that are given serials take their cost along, and bring it back', async () => {
    const item = await room.register('RING');
    await receive('RING', 4, '10.01');
    await room.write(
      `INSERT INTO serial_unit (tenant_id, stock_item_id, location_id, serial)
       SELECT $1, $2, $3, s FROM unnest(ARRAY['R1', 'R2', 'R3']) s`,
      [room.tenantId, item.id, room.places.HQ],
    );
    const own = await room.rows<{ id: string }>(
      'SELECT id FROM serial_unit WHERE stock_item_id = $1 ORDER BY id',
      [item.id],
    );
    const registered = own.map(({ id }) => id);
    await room.write('SELECT cost_to_units($1, $2, $3)', [room.tenantId, item.id, registered]);
    const costs = await room.rows<{ cost: number }>(
      'SELECT cost_minor AS cost FROM serial_unit WHERE stock_item_id = $1 ORDER BY id',
      [item.id],
    );
    expect(costs.map(({ cost }) => cost)).toEqual([1001, 1001, 1001]);
    expect(await costOf(item.id)).toMatchObject({ quantity: 4, valueMinor: 4004 });
    const layerOf = () =>
      room.rows('SELECT quantity::int, average_minor::int AS minor FROM item_cost');
    expect(await layerOf()).toEqual([{ quantity: 1, minor: 1001 }]);
    await room.write('SELECT cost_from_units($1, $2, $3)', [room.tenantId, item.id, registered]);
    expect(await layerOf()).toEqual([{ quantity: 4, minor: 4004 }]);
  });

  it('an item is kept in one currency while any of it is in stock', async () => {
    const item = await room.register('RING');
    await room.register('BROOCH', 'SERIAL');
    const usd = { amount: '1.00', currencyCode: 'USD' };
    const ask = (lines: Parameters<StockRoom['receipts']['receive']>[1]['lines']) =>
      room.receipts.receive(room.caller, {
        locationCode: 'HQ',
        lines,
        idempotencyKey: randomUUID(),
      });
    const piece = (serial: string) => ({ sku: 'BROOCH', units: [{ serial }] });
    expectDone(await receive('RING', 1, '10.00'));
    expectDone(await ask([{ ...piece('S1'), unitCost: eur('5.00') }]));
    const before = await room.footprint();
    expect(codesOf(await ask([{ sku: 'RING', quantity: 1, unitCost: usd }]))).toEqual([
      'COST_INVALID',
    ]);
    expect(codesOf(await ask([{ ...piece('S2'), unitCost: usd }]))).toEqual(['COST_INVALID']);
    const tooMuch = eur('9999999999999.99');
    expect(codesOf(await ask([{ sku: 'RING', quantity: 2, unitCost: tooMuch }]))).toEqual([
      'COST_INVALID',
    ]);
    expect(codesOf(await ask([{ sku: 'RING', quantity: 1, unitCost: tooMuch }]))).toEqual([
      'COST_INVALID',
    ]);
    expect(await room.footprint()).toEqual(before);
    await sell(item, 1);
    expectDone(await ask([{ sku: 'RING', quantity: 1, unitCost: usd }]));
    expect(await costOf(item.id)).toMatchObject({ currency: 'USD', valueMinor: 100 });
  });

  it('two first receipts in two currencies at once: one is received', async () => {
    await room.register('RING');
    const results = await Promise.all(
      ['EUR', 'USD', 'EUR', 'USD'].map((currencyCode, index) =>
        room.receipts.receive(room.caller, {
          locationCode: index < 2 ? 'HQ' : 'GM',
          lines: [{ sku: 'RING', quantity: 1, unitCost: { amount: '1.00', currencyCode } }],
          idempotencyKey: randomUUID(),
        }),
      ),
    );
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(2);
    for (const refused of results.filter(isRefusal))
      expect(codesOf(refused)).toEqual(['COST_INVALID']);
    expect(await room.rows('SELECT DISTINCT currency FROM cost_layer')).toHaveLength(1);
  });

  it('first receipts of the same items in any order, at two places at once, wait for each other', async () => {
    const skus = ['A', 'B', 'C', 'D', 'E', 'F'];
    for (const sku of skus) await room.register(sku);
    await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const lines = skus.map((sku) => ({ sku, quantity: 2, unitCost: eur('1.50') }));
        const input = {
          lines: index % 2 === 0 ? lines : lines.reverse(),
          idempotencyKey: randomUUID(),
        };
        const locationCode = index % 2 === 0 ? 'HQ' : 'GM';
        expectDone(await room.receipts.receive(room.caller, { locationCode, ...input }));
      }),
    );
    expect(await room.rows('SELECT quantity, average_minor AS minor FROM item_cost')).toEqual(
      skus.map(() => ({ quantity: 16, minor: 2400 })),
    );
    const [deadlocks] = await room.rows(
      'SELECT deadlocks::int AS count FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(deadlocks).toEqual({ count: 0 });
  });

  it('sales at two places at once share one pool, and nothing is lost between them', async () => {
    const item = await room.register('RING');
    await receive('RING', 10, '1.01');
    for (const quantity of [3, 7])
      expectDone(
        await room.receipts.receive(room.caller, {
          locationCode: 'GM',
          lines: [{ sku: 'RING', quantity, unitCost: eur('2.00') }],
          idempotencyKey: randomUUID(),
        }),
      );
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => sell(item, 1, room, index % 2 === 0 ? 'HQ' : 'GM')),
    );
    const [sum] = await room.rows<{ cost: number }>(
      "SELECT sum(cost_minor)::int AS cost FROM movement WHERE reason = 'SALE'",
    );
    expect(sum!.cost).toBe(3010);
  });

  describe('against a model', () => {
    type Layer = { remaining: bigint; minor: bigint };
    type Step =
      | { kind: 'receive'; quantity: number; cents: number }
      | { kind: 'receiveUnknown' | 'sell' | 'damage' | 'find'; quantity: number }
      | { kind: 'switch'; method: Method };

    const share = (minor: bigint, part: bigint, whole: bigint) =>
      whole === 0n ? 0n : (minor * part * 2n + whole) / (whole * 2n);
    const least = (a: bigint, b: bigint) => (a < b ? a : b);

    /** Both books with plain lists; the database must say the same of every movement. */
    function model() {
      let layers: Layer[] = [];
      let average = 0n;
      let onHand = 0n;
      let method: Method = 'WEIGHTED_AVERAGE';
      const known = () => layers.reduce((sum, { remaining }) => sum + remaining, 0n);
      const fifo = () => layers.reduce((sum, { minor }) => sum + minor, 0n);
      const value = () => (method === 'FIFO' ? fifo() : average);
      return {
        known,
        value,
        average: () => average,
        fifo,
        switchTo: (to: Method) => void (method = to),
        canIssue: (quantity: bigint, limit: bigint) => onHand - quantity >= -limit,
        come(quantity: bigint, minor: bigint | null) {
          const ahead = known() > 0n || onHand >= 0n ? 0n : least(quantity, -onHand);
          onHand += quantity;
          if (minor === null) return null;
          const rest = minor - share(minor, ahead, quantity);
          if (quantity > ahead) layers.push({ remaining: quantity - ahead, minor: rest });
          average += rest;
          return minor;
        },
        averageFor: (quantity: bigint) => (known() > 0n ? share(value(), quantity, known()) : null),
        go(quantity: bigint) {
          const taken = least(quantity, known());
          const byAverage = share(average, taken, known());
          let rest = taken;
          let byFifo = 0n;
          for (const layer of layers) {
            const part = least(layer.remaining, rest);
            const minor = share(layer.minor, part, layer.remaining);
            layer.remaining -= part;
            layer.minor -= minor;
            byFifo += minor;
            rest -= part;
          }
          layers = layers.filter(({ remaining }) => remaining > 0n);
          average -= byAverage;
          onHand -= quantity;
          return taken === 0n ? null : method === 'FIFO' ? byFifo : byAverage;
        },
      };
    }

    const quantity = fc.integer({ min: 1, max: 7 });
    const step: fc.Arbitrary<Step> = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('receive' as const),
          quantity,
          cents: fc.nat({ max: 999 }),
        }),
      },
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constantFrom(
            'receiveUnknown' as const,
            'sell' as const,
            'sell' as const,
            'damage' as const,
            'find' as const,
          ),
          quantity,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('switch' as const),
          method: fc.constantFrom<Method[]>('FIFO', 'WEIGHTED_AVERAGE'),
        }),
      },
    );
    const limit = 4;

    async function run(of: StockRoom, steps: Step[]): Promise<void> {
      const item = await of.register('RING', 'QUANTITY', limit);
      const books = model();
      for (const each of steps) {
        if (each.kind === 'switch') {
          await costBy(each.method, of);
          books.switchTo(each.method);
          continue;
        }
        const count = BigInt(each.quantity);
        let expected: bigint | null;
        switch (each.kind) {
          case 'receive':
            await receive('RING', each.quantity, (each.cents / 100).toFixed(2), of);
            expected = books.come(count, count * BigInt(each.cents));
            break;
          case 'receiveUnknown':
            await receive('RING', each.quantity, undefined, of);
            expected = books.come(count, null);
            break;
          case 'find':
            await adjust('RING', each.quantity, 'FOUND', { of });
            expected = books.come(count, books.averageFor(count));
            break;
          case 'damage': {
            const result = await adjust('RING', -each.quantity, 'DAMAGE', { of });
            expect(isRefusal(result)).toBe(!books.canIssue(count, 0n));
            if (isRefusal(result)) continue;
            expected = books.go(count);
            break;
          }
          case 'sell': {
            const { outcome } = await sell(item, each.quantity, of);
            expect(outcome === 'APPLIED').toBe(books.canIssue(count, BigInt(limit)));
            if (outcome !== 'APPLIED') continue;
            expected = books.go(count);
          }
        }
        expect((await newest(of))[1]).toBe(expected === null ? null : Number(expected));
        expect((await costOf(item.id, of)) ?? { quantity: 0, valueMinor: 0 }).toMatchObject({
          quantity: Number(books.known()),
          valueMinor: Number(books.value()),
        });
      }
      // Of each receipt: what came in is what left, what was sold ahead, and what remains.
      const [sums] = await of.rows<Record<string, number>>(
        `SELECT coalesce(sum(cost_minor), 0)::int AS "in", coalesce(sum(sold_ahead_minor), 0)::int AS ahead,
                coalesce(sum(remaining_minor), 0)::int AS fifo, coalesce(sum(remaining), 0)::int AS units,
                (SELECT coalesce(sum(average_minor), 0)::int FROM item_cost) AS average FROM cost_layer`,
      );
      expect(sums).toMatchObject({
        fifo: Number(books.fifo()),
        average: Number(books.average()),
        units: Number(books.known()),
      });
    }

    it('says of every movement and of every stock what two plain lists say', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 20 }), async (steps) =>
          run(await openStockRoom(database), steps),
        ),
        sample({ runs: 20, full: 400 }),
      );
    });
  });
});
