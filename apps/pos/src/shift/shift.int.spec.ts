import { randomUUID } from 'node:crypto';
import { cash, startPos, tenantA, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos({ SHIFT_HOURS_MAX: '10' });
  const gm = 'INSERT INTO known_location (tenant_id, id, code, name) VALUES ($1, $2, $3, $3)';
  await pos.rows(gm, [tenantA, randomUUID(), 'GM']);
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
});
afterAll(() => pos?.stop());

const openTill = async (locationCode = 'HQ') => {
  const opened = await pos.registerOpen({ locationCode, registerName: randomUUID() });
  return { registerId: opened['register'].id, shiftId: opened['register'].openShift.id };
};
const shifts = async (filter: object, caller = {}) => {
  const query = `query($filter: ShiftFilterInput) { shifts(filter: $filter, first: 100) {
    nodes { id status minutesOpen isLeftOpen openedBy closedBy register { id } } } }`;
  return (await pos.graphql(query, { filter }, caller)).data['shifts'].nodes as any[];
};

it('shows what somebody forgot to close, and how long it has been open', async () => {
  const forgotten = await openTill();
  const fresh = await openTill();
  const back = `UPDATE shift SET opened_at = opened_at - interval '11 hours' WHERE id = $1`;
  await pos.rows(back, [forgotten.shiftId]);
  const left = await shifts({ isLeftOpen: true });
  expect(left).toMatchObject([
    {
      id: forgotten.shiftId,
      status: 'OPEN',
      minutesOpen: 660,
      isLeftOpen: true,
      openedBy: 'cashier',
    },
  ]);
  expect(await shifts({ isLeftOpen: false, registerId: fresh.registerId })).toMatchObject([
    { id: fresh.shiftId, isLeftOpen: false, register: { id: fresh.registerId } },
  ]);
  expect(await shifts({ isLeftOpen: true }, { tenantId: tenantB })).toEqual([]);
});

it('finds shifts by what is asked, newest first, page by page', async () => {
  const { registerId, shiftId } = await openTill('GM');
  const countedCash = { amount: '0', currencyCode: 'EUR' };
  await pos.registerClose({ registerId, countedCash }, { scopes: ['sale:write'], subject: 'late' });
  const second = await openTill('GM');
  const atGm = (await shifts({ locationCode: 'gm' })).map(({ id }) => id);
  expect(atGm).toEqual([second.shiftId, shiftId]);
  expect(await shifts({ locationCode: 'GM', status: 'CLOSED' })).toMatchObject([
    { id: shiftId, closedBy: 'late' },
  ]);
  const page = `query($after: String) { shifts(first: 1, after: $after, filter: { locationCode: "GM" }) {
    nodes { id } pageInfo { endCursor hasNextPage } } }`;
  const first = (await pos.graphql(page)).data['shifts'];
  expect(first).toMatchObject({ nodes: [{ id: second.shiftId }], pageInfo: { hasNextPage: true } });
  const { endCursor } = first.pageInfo;
  const last = (await pos.graphql(page, { after: endCursor })).data['shifts'];
  expect(last).toMatchObject({ nodes: [{ id: shiftId }], pageInfo: { hasNextPage: false } });
});

it('stands on every document of its till: who, where and in which shift', async () => {
  const { registerId, shiftId } = await openTill();
  const till = { channel: 'COUNTER', registerId, currencyCode: 'EUR' };
  const { sale } = await pos.saleOpen({ ...till, lines: [{ sku: 'CHAIN' }] });
  const query = `{ sale(id: "${sale.id}") { cashier register { id } shift { id } } }`;
  const document = { cashier: 'cashier', register: { id: registerId } };
  expect((await pos.graphql(query)).data['sale']).toEqual({ ...document, shift: null });
  await pos.saleCommit({ saleId: sale.id, tenders: [cash('100')] });
  expect((await pos.graphql(query)).data['sale']).toEqual({ ...document, shift: { id: shiftId } });
  const shift = (await pos.graphql(`{ shift(id: "${shiftId}") { register { id } } }`)).data[
    'shift'
  ];
  expect(shift).toEqual({ register: { id: registerId } });
  const unknown = await pos.graphql(
    `{ a: shift(id: "x") { id } b: shift(id: "${randomUUID()}") { id } }`,
  );
  expect(unknown.data).toEqual({ a: null, b: null });
});
