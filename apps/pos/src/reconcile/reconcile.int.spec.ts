import { randomUUID } from 'node:crypto';
import { deliver, movement } from '../../test/movements.ts';
import { cash, startPos, tenantB, type Pos, type Result } from '../../test/pos.harness.ts';

let pos: Pos;
let registerId: string;
beforeEach(async () => {
  pos = await startPos();
  const money = { amount: '1000', currencyCode: 'EUR' };
  const till = { locationCode: 'HQ', registerName: 'Front', openingFloat: money };
  registerId = (await pos.registerOpen(till))['register'].id;
  for (const sku of ['RING', 'CHAIN'])
    await pos.product({ sku, tracking: 'QUANTITY', onHand: 100, priceMinor: 1000 });
  await pos.product({ sku: 'RESIZE', tracking: 'NONE', priceMinor: 500 });
});
afterEach(() => pos?.stop());

type Sold = { id: string; lines: { id: string; sku: string; quantity: number }[] };
/** Two rings, a chain and a service, and whatever was told of it. */
async function sell(): Promise<Sold> {
  const { sale } = await pos.saleOpen({ channel: 'COUNTER', registerId, currencyCode: 'EUR' });
  for (const [sku, quantity] of [
    ['RING', 2],
    ['CHAIN', 1],
    ['RESIZE', 1],
  ] as const)
    await pos.saleLineAdd({ saleId: sale.id, sku, quantity });
  const paid = await pos.saleCommit({ saleId: sale.id, tenders: [cash('35.00')] });
  expect(paid.__typename).toBe('SaleCommitSuccess');
  return paid['sale'];
}
async function takeBack(sale: Sold, sku: string, quantity = 1): Promise<Result> {
  const lines = [{ lineId: lineOf(sale, sku).id, quantity }];
  const back = await pos.saleReturn({ saleId: sale.id, registerId, reason: 'FAULTY', lines });
  expect(back.__typename).toBe('SaleReturnSuccess');
  return back['saleReturn'];
}
const lineOf = (sale: Sold, sku: string) => sale.lines.find((line) => line.sku === sku)!;

/** As inventory says it: what left for a line is below zero. */
const moved = (sale: Sold, sku: string, quantity: number, given: object = {}) =>
  movement({
    ...{ referenceKind: 'SALE', referenceId: sale.id, lineId: lineOf(sale, sku).id, sku, quantity },
    ...{ reason: quantity < 0 ? 'SALE' : 'RETURN', occurredAt: new Date().toISOString() },
    ...given,
  });
const allOf = (sale: Sold) => [moved(sale, 'RING', -2), moved(sale, 'CHAIN', -1)];
const publish = () => pos.rows('UPDATE outbox SET published_at = clock_timestamp()');

const reader = { scopes: ['report:read'], subject: 'owner' };
const days = () =>
  [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));
async function reconcile(variables: Record<string, unknown> = {}, caller = reader) {
  const [fromDate, toDate] = days();
  const query = `query ($fromDate: String!, $toDate: String!, $settledSeconds: Int!, $first: Int, $after: String) {
    saleReconcile(fromDate: $fromDate, toDate: $toDate, settledSeconds: $settledSeconds) {
      counts { sales returns pending differences }
      differences(first: $first, after: $after) {
        nodes { kind saleId sale { id status } lineId returnId sku expected actual } pageInfo { hasNextPage endCursor } } } }`;
  const given = { fromDate, toDate, settledSeconds: 0, ...variables };
  const { data, errors } = await pos.graphql(query, given, caller);
  if (!data?.['saleReconcile']) throw new Error(JSON.stringify(errors));
  return data['saleReconcile'];
}
const found = async (variables = {}) =>
  (await reconcile(variables)).differences.nodes.map((of: any) => [
    ...[of.kind, of.saleId, of.sku, of.expected, of.actual],
  ]);

it('books that agree have no difference, whatever was sold, corrected and taken back', async () => {
  const sale = await sell();
  await takeBack(sale, 'RING');
  await takeBack(sale, 'RING');
  await takeBack(sale, 'RESIZE');
  await deliver(pos, [
    ...allOf(sale),
    moved(sale, 'RING', 1, { reason: 'SALE_CORRECTION' }),
    moved(sale, 'RING', -1, { reason: 'SALE_CORRECTION', sku: 'CHAIN' }),
    moved(sale, 'RING', 1, { sku: 'CHAIN' }),
    moved(sale, 'RING', 1),
  ]);
  await publish();
  const { counts, differences } = await reconcile();
  expect(counts).toEqual({ sales: 1, returns: 3, pending: 0, differences: 0 });
  expect(differences.nodes).toEqual([]);
});

it('a sale of which the ledger has nothing, or another number, is found', async () => {
  const [nothing, less] = [await sell(), await sell()];
  await deliver(pos, [moved(less, 'RING', -1), moved(less, 'CHAIN', -1), moved(less, 'CHAIN', -1)]);
  await publish();
  expect(new Set(await found())).toEqual(
    new Set([
      ['SALE_WITHOUT_MOVEMENT', nothing.id, 'RING', 2, 0],
      ['SALE_WITHOUT_MOVEMENT', nothing.id, 'CHAIN', 1, 0],
      ['SALE_QUANTITY_DIFFERS', less.id, 'RING', 2, 1],
      ['SALE_QUANTITY_DIFFERS', less.id, 'CHAIN', 1, 2],
    ]),
  );
  const { differences } = await reconcile({ first: 3 });
  const rest = await reconcile({ after: differences.pageInfo.endCursor });
  expect([differences.nodes.length, rest.differences.nodes.length]).toEqual([3, 1]);
  expect(differences.nodes[0].sale).toEqual({
    id: differences.nodes[0].saleId,
    status: 'COMMITTED',
  });
});

it('a movement of a sale that is void, of none and of a line that it does not have is found', async () => {
  const { sale: basket } = await pos.saleOpen({ channel: 'WEB', currencyCode: 'EUR' });
  const added = await pos.saleLineAdd({ saleId: basket.id, sku: 'RING' });
  await pos.saleVoid({ saleId: basket.id, reason: 'left' });
  const sale = await sell();
  const nobody = { id: randomUUID(), lines: added['sale'].lines as Sold['lines'] };
  await deliver(pos, [
    ...allOf(sale),
    moved({ ...basket, lines: added['sale'].lines }, 'RING', -1),
    moved(nobody, 'RING', -1),
    moved(sale, 'RING', -4, { lineId: randomUUID() }),
  ]);
  await publish();
  expect(new Set(await found())).toEqual(
    new Set([
      ['MOVEMENT_WITHOUT_SALE', basket.id, 'RING', 0, 1],
      ['MOVEMENT_WITHOUT_SALE', nobody.id, 'RING', 0, 1],
      ['MOVEMENT_WITHOUT_SALE', sale.id, 'RING', 0, 4],
    ]),
  );
});

it('a return that the ledger lacks or counts otherwise, and goods that came back without one, are found', async () => {
  const sales = [await sell(), await sell(), await sell()];
  const [lacks, differs, without] = sales as [Sold, Sold, Sold];
  const back = await takeBack(lacks, 'CHAIN');
  await takeBack(differs, 'RING', 2);
  await deliver(pos, [
    ...sales.flatMap(allOf),
    moved(differs, 'RING', 1),
    moved(without, 'RING', 2),
  ]);
  await publish();
  expect(new Set(await found())).toEqual(
    new Set([
      ['RETURN_WITHOUT_MOVEMENT', lacks.id, 'CHAIN', 1, 0],
      ['RETURN_QUANTITY_DIFFERS', differs.id, 'RING', 2, 1],
      ['MOVEMENT_WITHOUT_RETURN', without.id, 'RING', 0, 2],
    ]),
  );
  const { nodes } = (await reconcile()).differences;
  expect(nodes.find(({ kind }: any) => kind === 'RETURN_WITHOUT_MOVEMENT').returnId).toBe(
    back['id'],
  );
});

it('an event that has not left is found, and one that is gone before its time', async () => {
  const sales = [await sell(), await sell(), await sell()];
  const [stuck, gone, fine] = sales as [Sold, Sold, Sold];
  const back = await takeBack(fine, 'CHAIN');
  await deliver(pos, [...sales.flatMap(allOf), moved(fine, 'CHAIN', 1)]);
  await publish();
  await pos.rows(`UPDATE outbox SET published_at = NULL WHERE aggregate_id = $1`, [stuck.id]);
  await pos.rows(`DELETE FROM outbox WHERE aggregate_id = $1`, [gone.id]);
  await pos.rows(`UPDATE outbox SET published_at = NULL WHERE type = 'pos.sale-returned'`);
  expect(new Set(await found())).toEqual(
    new Set([
      ['SALE_UNPUBLISHED', stuck.id, null, 1, 0],
      ['SALE_UNPUBLISHED', gone.id, null, 1, 0],
      ['RETURN_UNPUBLISHED', fine.id, null, 1, 0],
    ]),
  );
  expect((await reconcile()).differences.nodes.at(-1)).toMatchObject({ returnId: back['id'] });
  // A week later the outbox has forgotten it, which is no difference.
  await pos.rows(`UPDATE sale SET committed_at = committed_at - interval '8 days' WHERE id = $1`, [
    gone.id,
  ]);
  const [before, after] = [9, 7].map((age) =>
    new Date(Date.now() - age * 86_400_000).toISOString().slice(0, 10),
  );
  expect(await found({ fromDate: before, toDate: after })).toEqual([]);
});

it('what is younger than events take is pending and no difference', async () => {
  await sell();
  const { counts, differences } = await reconcile({ settledSeconds: 3600 });
  // Two lines that the ledger does not have, and the event.
  expect(counts).toEqual({ sales: 1, returns: 0, pending: 3, differences: 0 });
  expect(differences.nodes).toEqual([]);
  expect((await reconcile()).counts).toMatchObject({ pending: 0, differences: 3 });
});

it('another tenant has nothing to compare, a cashier may not, and a day has at most 86400 seconds', async () => {
  await sell();
  const theirs = await reconcile({}, { ...reader, tenantId: tenantB } as never);
  expect(theirs.counts).toEqual({ sales: 0, returns: 0, pending: 0, differences: 0 });
  await expect(reconcile({}, { scopes: ['sale:write'], subject: 'anna' })).rejects.toThrow(
    'FORBIDDEN',
  );
  await expect(reconcile({ settledSeconds: -1 })).rejects.toThrow('BAD_USER_INPUT');
  await expect(reconcile({ settledSeconds: 86_401 })).rejects.toThrow('BAD_USER_INPUT');
});
