import { randomUUID } from 'node:crypto';
import { card, cash, startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos({ CLAIM_PATIENCE_MS: '0' });
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });
const open = (part: object = {}) =>
  pos.registerOpen({ locationCode: 'HQ', registerName: randomUUID(), ...part });
const registerIdOf = (answer: Record<string, any>) => answer['register'].id as string;

async function counterSale(registerId: string, tenders: object[]) {
  const opened = await pos.saleOpen({ channel: 'COUNTER', registerId, currencyCode: 'EUR' });
  const saleId = opened['sale'].id as string;
  await pos.saleLineAdd({ saleId, sku: 'CHAIN' });
  return { saleId, answer: await pos.saleCommit({ saleId, tenders }) };
}

it('makes a till when it is first opened and finds it again by its name', async () => {
  const registerName = 'Front';
  const first = await open({ registerName, openingFloat: eur('150') });
  expect(first).toMatchObject({
    __typename: 'RegisterOpenSuccess',
    register: {
      name: 'Front',
      locationCode: 'HQ',
      openShift: { openingFloat: { amount: '150.00' } },
    },
  });
  const registerId = registerIdOf(first);
  await pos.registerClose({ registerId, countedCash: eur('150') });
  expect(registerIdOf(await open({ registerName }))).toBe(registerId);
});

it('opens one shift for ten cashiers at once', async () => {
  const registerName = randomUUID();
  const answers = await Promise.all(Array.from({ length: 10 }, () => open({ registerName })));
  const names = answers.map((answer) => answer.__typename);
  expect(names.filter((name) => name === 'RegisterOpenSuccess')).toHaveLength(1);
  expect(names.filter((name) => name === 'RegisterAlreadyOpen')).toHaveLength(9);
});

it('repeats its answer for the same key', async () => {
  const input = { registerName: randomUUID(), idempotencyKey: randomUUID() };
  const twins = await Promise.all([open(input), open(input)]);
  expect(twins[1]).toEqual(twins[0]);
  const reused = await open({ ...input, registerName: 'Other' });
  expect(reused.__typename).toBe('IdempotencyKeyReused');
});

it.each([
  ['an unknown location', { locationCode: 'XX' }, 'NotFound', { kind: 'Location' }],
  ['no location', { locationCode: undefined }, 'InvalidInput', { field: 'locationCode' }],
  ['no name', { registerName: '' }, 'InvalidInput', { field: 'registerName' }],
  ['a negative float', { openingFloat: eur('-1') }, 'InvalidInput', { field: 'openingFloat' }],
])('refuses %s', async (_name, part, typename, data) => {
  expect(await open(part)).toMatchObject({ __typename: typename, ...data });
});

it('says by how much the cash differs: float + cash − change', async () => {
  const registerId = registerIdOf(await open({ openingFloat: eur('50') }));
  await counterSale(registerId, [cash('120')]);
  await counterSale(registerId, [card('100')]);
  const input = { registerId, countedCash: eur('149.50'), idempotencyKey: randomUUID() };
  const closed = await pos.registerClose(input);
  expect(closed).toMatchObject({
    __typename: 'RegisterCloseSuccess',
    register: { id: registerId, openShift: null },
    shift: {
      expectedCash: { amount: '150.00' },
      countedCash: { amount: '149.50' },
      difference: { amount: '-0.50' },
    },
  });
  expect(await pos.registerClose(input)).toEqual(closed);
  const again = await pos.registerClose({ ...input, idempotencyKey: randomUUID() });
  expect(again.__typename).toBe('RegisterClosed');
});

it('sells nothing while it is closed, also not from a basket opened before', async () => {
  const registerId = registerIdOf(await open());
  const counter = { channel: 'COUNTER', registerId, currencyCode: 'EUR' };
  const saleId = (await pos.saleOpen(counter))['sale'].id as string;
  await pos.saleLineAdd({ saleId, sku: 'CHAIN' });
  await pos.registerClose({ registerId, countedCash: eur('0') });
  expect((await pos.saleOpen(counter)).__typename).toBe('RegisterClosed');
  const answer = await pos.saleCommit({ saleId, tenders: [cash('100')] });
  expect(answer.__typename).toBe('RegisterClosed');
  const [sale] = await pos.rows('SELECT status FROM sale WHERE id = $1', [saleId]);
  expect(sale).toEqual({ status: 'OPEN' });
});

it('does not close over a checkout whose outcome is not known', async () => {
  const registerId = registerIdOf(await open());
  pos.inventory.fail('saleClaim', 'down');
  const { saleId, answer } = await counterSale(registerId, [cash('100')]);
  expect(answer.__typename).toBe('SalePending');
  const refused = await pos.registerClose({ registerId, countedCash: eur('100') });
  expect(refused).toMatchObject({ __typename: 'ShiftHasPendingSales', saleIds: [saleId] });
  pos.inventory.repair();
  const closed = await pos.registerClose({ registerId, countedCash: eur('100') });
  expect(closed).toMatchObject({ shift: { difference: { amount: '0.00' } } });
});

it('counts every sale of the shift when closing races with paying', async () => {
  for (let round = 0; round < 5; round += 1) {
    const registerId = registerIdOf(await open());
    const [sales, closed] = await Promise.all([
      Promise.all([1, 2, 3].map(() => counterSale(registerId, [cash('100')]).catch(() => null))),
      pos.registerClose({ registerId, countedCash: eur('0') }),
    ]);
    const sold = sales.filter((sale) => sale?.answer.__typename === 'SaleCommitSuccess').length;
    const isClosed = closed!.__typename === 'RegisterCloseSuccess';
    if (isClosed) expect(Number(closed!['shift'].expectedCash.amount)).toBe(sold * 100);
  }
});

it('hides a till from another tenant', async () => {
  const registerId = registerIdOf(await open());
  const query = `{ register(id: "${registerId}") { id } registers(first: 100) { nodes { id } totalCount } }`;
  const own = await pos.graphql(query);
  expect(own.data['register']).toEqual({ id: registerId });
  const { nodes, totalCount } = own.data['registers'] as { nodes: object[]; totalCount: number };
  expect(totalCount).toBe(nodes.length);
  const { data } = await pos.graphql(query, {}, { tenantId: tenantB });
  expect(data).toEqual({ register: null, registers: { nodes: [], totalCount: 0 } });
});
