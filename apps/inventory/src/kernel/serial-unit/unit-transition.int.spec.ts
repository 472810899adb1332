import { isDatabaseError } from '@onecount/db';
import type { TestDatabase } from '@onecount/testing';
import { openStockRoom, openTestDatabase, type StockRoom } from '../../../test/stock-room.ts';
import type { SerialUnitStatus } from './serial-unit.sql.ts';
import { changeUnits, selectTransitions, type ChangeDocument } from './unit-transition.sql.ts';

const table: Record<SerialUnitStatus, SerialUnitStatus[]> = {
  AVAILABLE: ['HELD', 'IN_REPAIR', 'IN_TRANSIT', 'LOST', 'SCRAPPED'],
  HELD: ['AVAILABLE', 'IN_TRANSIT', 'LOST', 'SOLD'],
  SOLD: ['RETURNED'],
  RETURNED: ['AVAILABLE', 'IN_REPAIR', 'LOST', 'SCRAPPED'],
  IN_REPAIR: ['AVAILABLE', 'LOST', 'SCRAPPED'],
  IN_TRANSIT: ['AVAILABLE', 'LOST'],
  LOST: ['AVAILABLE'],
  SCRAPPED: [],
};
const statuses = Object.keys(table) as SerialUnitStatus[];
const pairs = statuses.flatMap((from) => statuses.map((to) => ({ from, to })));

const document: ChangeDocument = {
  reason: 'LOSS',
  referenceKind: 'STOCKTAKE',
  referenceId: 'T-1',
  note: 'not on its tray',
  actor: 'tester',
  traceparent: null,
};

describe('the transitions of a unit', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const change = (...changes: { unitId: string; to: SerialUnitStatus; locationId?: string }[]) =>
    room.db.inTransaction(room.tenantId, (tx) => changeUnits(tx, changes, document));

  it('are those of the table, whoever writes: each pair of two states is tried in plain SQL', async () => {
    const item = await room.register('RING', 'SERIAL');
    const set = `UPDATE serial_unit SET status = $2 WHERE id = $1`;
    const passed: typeof pairs = [];
    for (const { from, to } of pairs.filter((pair) => pair.from !== pair.to)) {
      const [unit] = await insertUnit(item.id, from);
      const done = await room.write(set, [unit!.id, to]).then(
        () => true,
        (err: unknown) => {
          expect(isDatabaseError(err) && err.constraint).toBe('serial_unit_transition');
          return false;
        },
      );
      if (done) passed.push({ from, to });
    }
    expect(passed).toEqual(pairs.filter(({ from, to }) => table[from].includes(to)));
    // A status that stays is no transition: facts of a scrapped unit can still be corrected.
    const [scrapped] = await insertUnit(item.id, 'SCRAPPED');
    await room.write(set, [scrapped!.id, 'SCRAPPED']);
    expect(await room.db.read(room.tenantId, selectTransitions)).toEqual(table);
  });

  let serial = 0;
  function insertUnit(itemId: string, status: SerialUnitStatus): Promise<{ id: string }[]> {
    serial += 1;
    return room.db.inTransaction(room.tenantId, (tx) =>
      tx.query<{ id: string }>(
        `INSERT INTO serial_unit (tenant_id, stock_item_id, serial, status, location_id, sale_id, sold_at)
         VALUES ($1, $2, $3, $4, $5, uuidv7(), now()) RETURNING id`,
        [room.tenantId, itemId, `X${serial}`, status, room.places.HQ],
      ),
    );
  }

  it('leave status, place, a row of history and an event of each unit', async () => {
    const { unitIds } = await room.pieces('RING', 'S1', 'S2');
    const [first, second] = unitIds as [string, string];
    const before = await room.rows<{ count: number }>('SELECT count(*) AS count FROM outbox');
    const changes = [
      { unitId: first, to: 'LOST' as const },
      { unitId: second, to: 'IN_TRANSIT' as const, locationId: room.places.GM },
    ];
    expect(await change(...changes)).toEqual([]);
    const text =
      'SELECT id, status, location_id AS place, version FROM serial_unit ORDER BY serial';
    expect(await room.rows(text)).toEqual([
      { id: first, status: 'LOST', place: room.places.HQ, version: 2 },
      { id: second, status: 'IN_TRANSIT', place: room.places.GM, version: 2 },
    ]);
    const history = await room.rows(
      `SELECT serial_unit_id AS unit, kind, from_status AS from, to_status AS to, location_id AS place, reason, note, actor
       FROM serial_unit_change ORDER BY id`,
    );
    const common = { kind: 'STATUS', from: 'AVAILABLE', reason: 'LOSS' };
    const said = { note: 'not on its tray', actor: 'tester' };
    expect(history).toHaveLength(2);
    expect(history).toContainEqual({
      ...common,
      ...said,
      unit: first,
      to: 'LOST',
      place: room.places.HQ,
    });
    const after = await room.rows<{ count: number }>('SELECT count(*) AS count FROM outbox');
    expect(Number(after[0]!.count) - Number(before[0]!.count)).toBe(2);
  });

  it('are refused with what would be allowed; then nothing of the call is written', async () => {
    const { unitIds } = await room.pieces('RING', 'S1', 'S2');
    const [first, second] = unitIds as [string, string];
    const before = await room.footprint();
    const refused = await change({ unitId: first, to: 'LOST' }, { unitId: second, to: 'SOLD' });
    expect(refused).toEqual([
      { unitId: second, from: 'AVAILABLE', to: 'SOLD', allowed: table.AVAILABLE },
    ]);
    expect(await room.footprint()).toEqual(before);
    expect(await room.rows('SELECT 1 FROM serial_unit_change')).toEqual([]);
  });
});
