import { randomUUID } from 'node:crypto';
import { card, startPos, tenantA, tenantB, type Pos, type Result } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 100 });
});
afterAll(() => pos?.stop());

const seller = { scopes: ['sale:write'], subject: 'till-token' };
const manager = { scopes: ['sale:write', 'register:manage'], subject: 'boss' };
const query = `mutation($input: SaleSalespersonSetInput!) { saleSalespersonSet(input: $input) {
  __typename ... on SaleSalespersonSetSuccess { sale { id salesperson lines { id salesperson } } }
  ... on UserError { code message } ... on SaleNotOpen { sale { status } } ... on NotFound { kind id } ... on InvalidInput { field } } }`;

async function set(input: object, caller: object = seller): Promise<Result> {
  const variables = { input: { idempotencyKey: randomUUID(), ...input } };
  const { data, errors } = await pos.graphql(query, variables, caller);
  if (!data?.['saleSalespersonSet']) throw new Error(JSON.stringify(errors));
  return data['saleSalespersonSet'] as Result;
}

async function basket(input: object = {}) {
  const lines = [{ sku: 'CHAIN' }, { sku: 'CHAIN' }];
  const opened = await pos.saleOpen(
    { channel: 'PHONE', currencyCode: 'EUR', lines, ...input },
    seller,
  );
  return opened['sale'] as { id: string; lines: { id: string }[] };
}
const named = ({ sale }: Result) => [
  sale.salesperson,
  ...sale.lines.map((line: { salesperson: string }) => line.salesperson),
];
const stored = (saleId: string) =>
  pos.rows(
    `SELECT s.salesperson, s.version, array_agg(l.salesperson ORDER BY l.position) AS lines
       FROM sale s JOIN sale_line l ON l.sale_id = s.id WHERE s.id = $1 GROUP BY s.salesperson, s.version`,
    [saleId],
  );

it('is whoever opened the sale, then whom the sale names, then whom the line names', async () => {
  const { id: saleId, lines } = await basket();
  const lineId = lines[1]!.id;
  expect(named(await set({ saleId, lineId, salesperson: 'staff-7' }))).toEqual([
    ...['till-token', 'till-token', 'staff-7'],
  ]);
  expect(named(await set({ saleId, salesperson: 'staff-3' }))).toEqual([
    ...['staff-3', 'staff-3', 'staff-7'],
  ]);
  expect(named(await set({ saleId, lineId }))).toEqual(['staff-3', 'staff-3', 'staff-3']);
  expect(named(await set({ saleId }))).toEqual(['till-token', 'till-token', 'till-token']);
});

it('is named when the sale is opened', async () => {
  const { id: saleId } = await basket({ salesperson: 'staff-3' });
  expect(await stored(saleId)).toMatchObject([{ salesperson: 'staff-3', lines: [null, null] }]);
});

it('of a committed sale is set right by a manager, and its event says nothing of it', async () => {
  const { id: saleId, lines } = await basket({ salesperson: 'staff-3' });
  await pos.saleCommit({ saleId, tenders: [card('200')] });
  const before = await stored(saleId);
  const refused = await set({ saleId, salesperson: 'staff-9' });
  expect(refused).toMatchObject({ __typename: 'SaleNotOpen', sale: { status: 'COMMITTED' } });
  expect(await stored(saleId)).toEqual(before);
  const right = await set({ saleId, lineId: lines[0]!.id, salesperson: 'staff-9' }, manager);
  expect(named(right)).toEqual(['staff-3', 'staff-9', 'staff-3']);
  expect((await stored(saleId))[0]!['version']).toBe(before[0]!['version']);
  const entries = await pos.rows(
    `SELECT salesperson FROM report_entries($2, current_date - 2, current_date + 2) WHERE sale_id = $1 ORDER BY position`,
    [saleId, tenantA],
  );
  expect(entries).toEqual([{ salesperson: 'staff-9' }, { salesperson: 'staff-3' }]);
  const [event] = await pos.rows('SELECT data::text FROM outbox WHERE aggregate_id = $1', [saleId]);
  expect(event!['data']).not.toContain('staff-');
});

it.each<[string, object, string, object]>([
  ['an unknown line', { lineId: randomUUID() }, 'NotFound', { kind: 'SaleLine' }],
  ['an unknown sale', { saleId: randomUUID() }, 'NotFound', { kind: 'Sale' }],
  ['an empty text', { salesperson: '' }, 'InvalidInput', { field: 'salesperson' }],
  ['a card', { salesperson: '4111111111111111' }, 'InvalidInput', { field: 'salesperson' }],
])('refuses %s and writes nothing', async (_, part, typename, data) => {
  const { id: saleId } = await basket();
  const before = await stored(saleId);
  const answer = await set({ saleId, salesperson: 'staff-3', ...part });
  expect(answer).toMatchObject({ __typename: typename, ...data });
  expect(await stored(saleId)).toEqual(before);
});

it("another tenant's sale is unknown, and a void one is not open", async () => {
  const { id: saleId } = await basket();
  const theirs = await set({ saleId, salesperson: 'staff-3' }, { ...seller, tenantId: tenantB });
  expect(theirs).toMatchObject({ __typename: 'NotFound', kind: 'Sale', id: saleId });
  await pos.saleVoid({ saleId, reason: 'left' });
  expect((await set({ saleId, salesperson: 'staff-3' }, manager)).__typename).toBe('SaleNotOpen');
});
