import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { createLeaseService, type LeaseService } from './lease.service.ts';

describe('a lease keeps stock for a register that is offline', () => {
  let database: TestDatabase;
  let room: StockRoom;
  let leases: LeaseService;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
    leases = createLeaseService({ db: room.db });
  });
  afterEach(() => room.assertSums());
  afterAll(() => database.drop());

  type Line = { sku: string; quantity?: number; serial?: string };
  const asked = (lines: Line[], part: object = {}) => ({
    leaseId: randomUUID(),
    ...{ locationId: room.places.HQ, holdSeconds: 3600, subject: 'cashier' },
    lines: lines.map((line) => ({ lineId: randomUUID(), quantity: 1, ...line })),
    ...part,
  });
  async function leased(...lines: Line[]): Promise<string> {
    const input = asked(lines);
    expectDone(await leases.place(room.caller, input));
    return input.leaseId;
  }
  const claim = (leaseId: string | null, lines: Line[], saleId: string = randomUUID()) =>
    room.sales.claim(room.caller, {
      ...{ saleId, leaseId, channel: 'COUNTER' },
      lines: lines.map(({ quantity = 1, ...line }, index) => ({
        lineId: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
        ...{ ...line, quantity, locationId: room.places.HQ },
      })),
    });
  const counts = async (sku: string) => {
    const { onHand, committed } = await room.level(sku);
    return { onHand, committed };
  };
  const liveOf = (reference: string) =>
    room.rows(
      `SELECT kind, quantity, serial_unit_id AS unit FROM hold WHERE reference_id = $1 AND status = 'LIVE' ORDER BY line_id, part`,
      [reference],
    );

  it('is free nowhere else, and given to a sale of it without a count moving', async () => {
    await room.stocked('CHAIN', 5);
    const leaseId = await leased({ sku: 'CHAIN', quantity: 4 });
    expect(await counts('CHAIN')).toEqual({ onHand: 5, committed: 4 });
    expect(expectRefused(await claim(null, [{ sku: 'CHAIN', quantity: 2 }]))).toMatchObject({
      reasons: [{ code: 'INSUFFICIENT_STOCK', requested: 2, available: 1 }],
    });
    const saleId = randomUUID();
    const lines = [{ sku: 'CHAIN', quantity: 3 }];
    const first = expectDone(await claim(leaseId, lines, saleId));
    expect(await counts('CHAIN')).toEqual({ onHand: 5, committed: 4 });
    expect(await liveOf(leaseId)).toEqual([{ kind: 'SOFT', quantity: 1, unit: null }]);
    expect(await liveOf(saleId)).toEqual([{ kind: 'HARD', quantity: 3, unit: null }]);
    expect(await claim(leaseId, lines, saleId)).toEqual(first);
    expect(await liveOf(leaseId)).toEqual([{ kind: 'SOFT', quantity: 1, unit: null }]);
  });

  it('takes what the lease does not have from what is free, and nothing of the lease if that is not enough', async () => {
    await room.stocked('CHAIN', 5);
    const leaseId = await leased({ sku: 'CHAIN', quantity: 2 });
    const before = await room.footprint();
    expect(expectRefused(await claim(leaseId, [{ sku: 'CHAIN', quantity: 6 }]))).toMatchObject({
      reasons: [{ code: 'INSUFFICIENT_STOCK', requested: 6, available: 5 }],
    });
    expect(await room.footprint()).toEqual(before);
    const saleId = randomUUID();
    expectDone(await claim(leaseId, [{ sku: 'CHAIN', quantity: 5 }], saleId));
    expect(await counts('CHAIN')).toEqual({ onHand: 5, committed: 5 });
    expect(await liveOf(leaseId)).toEqual([]);
  });

  it('gives a named piece to the sale of it, also out of a lease of any, and to nobody else', async () => {
    const { unitIds } = await room.pieces('RING', 'R-1', 'R-2', 'R-3');
    const leaseId = await leased({ sku: 'RING', serial: 'R-1' }, { sku: 'RING' });
    expect(expectRefused(await claim(null, [{ sku: 'RING', serial: 'R-1' }]))).toMatchObject({
      reasons: [{ code: 'UNIT_NOT_AVAILABLE' }],
    });
    const first = expectDone(
      await claim(leaseId, [{ sku: 'RING' }, { sku: 'RING', serial: 'R-1' }]),
    );
    // The oldest of those that are free goes to the line of any.
    expect(first.lines.map(({ units }) => units[0]!.serialUnitId)).toEqual([
      unitIds[1],
      unitIds[0],
    ]);
    expect(await counts('RING')).toEqual({ onHand: 3, committed: 2 });
    const second = await leased({ sku: 'RING' });
    const named = expectDone(await claim(second, [{ sku: 'RING', serial: 'R-3' }]));
    expect(named.lines[0]!.units[0]!.serialUnitId).toBe(unitIds[2]);
    expect(await counts('RING')).toEqual({ onHand: 3, committed: 3 });
  });

  it('sells the last piece of a lease once to ten that ask at once', async () => {
    await room.pieces('BROOCH', 'B-1');
    const leaseId = await leased({ sku: 'BROOCH', serial: 'B-1' });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => claim(leaseId, [{ sku: 'BROOCH', serial: 'B-1' }])),
    );
    expect(answers.filter(({ __typename }) => __typename === 'SaleClaimed')).toHaveLength(1);
    expect(answers.filter(({ __typename }) => __typename === 'SaleClaimRefused')).toHaveLength(9);
  });

  it('is the same for the same lease, all lines or none, and another for other lines', async () => {
    await room.stocked('CHAIN', 5);
    await room.stocked('CORD', 1);
    const input = asked([{ sku: 'CHAIN', quantity: 2 }, { sku: 'CORD' }]);
    const [one, two] = await Promise.all([
      leases.place(room.caller, input),
      leases.place(room.caller, input),
    ]);
    expect(two).toEqual(one);
    expect(one).toMatchObject({ holds: [{ sku: 'CHAIN', quantity: 2 }, { sku: 'CORD' }] });
    expect(await counts('CHAIN')).toEqual({ onHand: 5, committed: 2 });
    const other = await leases.place(room.caller, { ...input, holdSeconds: 60 });
    expect(other).toMatchObject({ __typename: 'IdempotencyKeyReused' });
    const before = await room.footprint();
    const short = await leases.place(room.caller, asked([{ sku: 'CHAIN' }, { sku: 'CORD' }]));
    expect(short).toMatchObject({
      __typename: 'HoldBatchRefused',
      reasons: [{ index: 1, sku: 'CORD', code: 'INSUFFICIENT_STOCK', available: 0 }],
    });
    expect(await room.footprint()).toEqual(before);
  });

  it('gives back what is left of it, once, and what ended by time is left to who is first', async () => {
    await room.stocked('CHAIN', 5);
    const leaseId = await leased({ sku: 'CHAIN', quantity: 4 });
    expectDone(await claim(leaseId, [{ sku: 'CHAIN' }]));
    const release = () => leases.release(room.caller, { leaseId });
    expect(await release()).toMatchObject({ released: 1 });
    expect(await release()).toMatchObject({ released: 0 });
    expect(await counts('CHAIN')).toEqual({ onHand: 5, committed: 1 });
    const lost = await leased({ sku: 'CHAIN', quantity: 4 });
    const [hold] = await room.rows<{ id: string }>('SELECT id FROM hold WHERE reference_id = $1', [
      lost,
    ]);
    await room.expire(hold!.id);
    expectDone(await claim(null, [{ sku: 'CHAIN', quantity: 4 }]));
    expect(expectRefused(await claim(lost, [{ sku: 'CHAIN' }]))).toMatchObject({
      reasons: [{ available: 0 }],
    });
  });

  it('is not released, taken over or forged as a hold of anybody', async () => {
    await room.stocked('CHAIN', 5);
    const leaseId = await leased({ sku: 'CHAIN' });
    const [hold] = await room.rows<{ id: string }>('SELECT id FROM hold WHERE reference_id = $1', [
      leaseId,
    ]);
    const release = { holdId: hold!.id, idempotencyKey: randomUUID() };
    expect(expectRefused(await room.holds.release(room.caller, release)).code).toBe(
      'HOLD_OF_DOCUMENT',
    );
    const forged = { sku: 'CHAIN', referenceKind: 'LEASE', referenceId: leaseId };
    expect(expectRefused(await room.hold(forged))).toMatchObject({ field: 'referenceKind' });
  });

  it.each([
    ['no lines', { lines: [] }, 'lines'],
    ['more than a day', { holdSeconds: 86_401 }, 'holdSeconds'],
    ['a lease that is no id', { leaseId: 'lease' }, 'leaseId'],
    [
      'none of a SKU',
      { lines: [{ lineId: randomUUID(), sku: 'CHAIN', quantity: 0 }] },
      'lines.0.quantity',
    ],
  ])('refuses %s', async (_name, part, field) => {
    const input = { ...asked([{ sku: 'CHAIN' }]), ...part };
    expect(await leases.place(room.caller, input)).toMatchObject({
      __typename: 'InvalidInput',
      field,
    });
    expect(await room.rows('SELECT FROM hold')).toEqual([]);
  });
});
