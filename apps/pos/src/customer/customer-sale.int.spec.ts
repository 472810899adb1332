import { randomUUID } from 'node:crypto';
import { sql } from '@onecount/db';
import { clerk, customersOf } from '../../test/customer.harness.ts';
import { card, startPos, tenantA, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
let customers: ReturnType<typeof customersOf>;
beforeAll(async () => {
  pos = await startPos();
  customers = customersOf(pos);
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
});
afterAll(() => pos?.stop());

const web = { channel: 'WEB', currencyCode: 'EUR' };
const secret = 'Zacharias Quintessenz';
async function made(name = secret): Promise<string> {
  const emails = [{ address: 'zach@quintessenz.example' }];
  const phones = [{ number: '+4915199988877' }];
  const created = await customers.create({ name, emails, phones, note: 'allergic to nickel' });
  return created['customer'].id;
}
async function sold(customerId: string): Promise<string> {
  const opened = await pos.saleOpen({ ...web, customerId, lines: [{ sku: 'CHAIN' }] });
  const saleId = opened['sale'].id as string;
  const answer = await pos.saleCommit({ saleId, tenders: [card('100')] });
  expect(answer.__typename).toBe('SaleCommitSuccess');
  return saleId;
}
const buyerOf = async (saleId: string) => {
  const query = 'query($id: ID!) { sale(id: $id) { customer { id name isErased } } }';
  return (await pos.graphql(query, { id: saleId }, clerk)).data['sale'].customer;
};
const salesOf = async (id: string) => {
  const query = 'query($id: ID!) { customer(id: $id) { sales { nodes { id } } } }';
  const { data } = await pos.graphql(query, { id }, clerk);
  return data['customer'].sales.nodes.map((sale: { id: string }) => sale.id);
};
const salesCount = () => pos.rows('SELECT count(*)::int AS n FROM sale');

it('is named by a basket, a checkout and a sale that was paid already', async () => {
  const customerId = await made();
  const basket = await sold(customerId);
  const saleId = await pos.basket('CHAIN');
  const commit = { saleId, customerId, tenders: [card('100')], idempotencyKey: randomUUID() };
  const committed = await pos.saleCommit(commit);
  expect(committed.__typename).toBe('SaleCommitSuccess');
  expect(await pos.saleCommit(commit)).toEqual(committed);
  const paid = { ...web, customerId, lines: [{ sku: 'CHAIN' }], tenders: [card('100')] };
  const recorded = (await pos.saleRecord(paid))['sale'].id;
  for (const id of [basket, saleId, recorded])
    expect(await buyerOf(id)).toEqual({ id: customerId, name: secret, isErased: false });
  expect(await salesOf(customerId)).toEqual([recorded, saleId, basket]);
  const query = `{ sale(id: "${basket}") { customer { id } } }`;
  const { errors } = await pos.graphql(query, {}, { scopes: ['sale:read'] });
  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

it('is named and taken away while the basket is open, and not after', async () => {
  const customerId = await made();
  const saleId = await pos.basket('CHAIN');
  const named = await customers.buys({ saleId, customerId });
  expect(named).toMatchObject({ sale: { id: saleId, customer: { id: customerId } } });
  const taken = await customers.buys({ saleId, customerId: null });
  expect(taken).toMatchObject({ sale: { customer: null } });
  await customers.buys({ saleId, customerId });
  await pos.saleCommit({ saleId, tenders: [card('100')] });
  const late = await customers.buys({ saleId, customerId: null });
  expect(late).toMatchObject({ __typename: 'SaleNotOpen', sale: { status: 'COMMITTED' } });
  expect(await buyerOf(saleId)).toMatchObject({ id: customerId });
});

it('stays with the basket when a process of the release before checks it out', async () => {
  const customerId = await made();
  const opened = await pos.saleOpen({ ...web, customerId, lines: [{ sku: 'CHAIN' }] });
  const saleId = opened['sale'].id as string;
  const [{ version } = {}] = await pos.rows('SELECT version FROM sale WHERE id = $1', [saleId]);
  const [answer] = await pos.database.db.statement<{ result: string }>(
    sql('test.sale-intent-before', 'SELECT sale_intent($1, $2, $3, $4, $5, $6, $7, $8) AS result'),
    [tenantA, randomUUID(), 'hash', saleId, version, '[]', 0, 60],
  );
  expect(answer).toEqual({ result: 'PENDING' });
  expect(await buyerOf(saleId)).toMatchObject({ id: customerId });
});

it('follows who was merged, without a change of the sale', async () => {
  const [kept, duplicate] = [await made('Kept'), await made('Duplicate')];
  const saleId = await sold(duplicate);
  await customers.merge({
    ...{ customerId: kept, version: 1, duplicateId: duplicate, duplicateVersion: 1 },
  });
  expect(await buyerOf(saleId)).toMatchObject({ id: kept, name: 'Kept' });
  const later = await sold(duplicate);
  expect(await salesOf(kept)).toEqual([later, saleId]);
});

it.each([
  ['no id', () => 'nobody', 'NotFound'],
  ['an unknown id', () => randomUUID(), 'NotFound'],
  ["another tenant's", () => stranger(), 'NotFound'],
  ['an erased one', () => erased(), 'CustomerErased'],
])('refuses %s in every way to sell, and writes nothing', async (_name, idOf, __typename) => {
  const customerId = await idOf();
  const saleId = await pos.basket('CHAIN');
  const before = await salesCount();
  const tenders = [card('100')];
  const lines = [{ sku: 'CHAIN' }];
  for (const answer of [
    await pos.saleOpen({ ...web, customerId }),
    await pos.saleOpen({ ...web, customerId, lines }),
    await pos.saleRecord({ ...web, customerId, lines, tenders }),
    await pos.saleCommit({ saleId, customerId, tenders }),
    await customers.buys({ saleId, customerId }),
  ])
    expect(answer).toMatchObject({ __typename });
  expect(await salesCount()).toEqual(before);
  const [sale] = await pos.rows('SELECT status, customer_id FROM sale WHERE id = $1', [saleId]);
  expect(sale).toEqual({ status: 'OPEN', customer_id: null });
});

async function stranger(): Promise<string> {
  const theirs = { ...clerk, tenantId: tenantB };
  return (await customers.create({ name: 'Theirs' }, theirs))['customer'].id;
}
async function erased(): Promise<string> {
  const id = await made();
  await customers.erase({ customerId: id, version: 1 });
  return id;
}

it('exports what is known, the numbers of the documents included, and keeps none of it', async () => {
  const customerId = await made();
  await customers.consent({
    ...{ customerId, purpose: 'EMAIL_MARKETING', isGiven: true, how: 'ONLINE', note: 'form 7' },
  });
  const saleId = await sold(customerId);
  const idempotencyKey = randomUUID();
  const answer = await customers.exportAll({ customerId, idempotencyKey });
  const known = JSON.parse(answer['document']);
  const [sale] = await pos.rows('SELECT receipt_number FROM sale WHERE id = $1', [saleId]);
  expect(known).toMatchObject({
    customer: { id: customerId, name: secret, note: 'allergic to nickel' },
    consents: [{ purpose: 'EMAIL_MARKETING', isGiven: true, how: 'ONLINE', note: 'form 7' }],
    changes: [
      { operation: 'customerCreate' },
      { operation: 'customerConsentRecord' },
      { operation: 'customerExport' },
    ],
    documents: [
      {
        ...{ kind: 'SALE', id: saleId, receiptNumber: sale!['receipt_number'] },
        total: { amount: '100.00', currencyCode: 'EUR' },
      },
    ],
    documentsLeftOut: 0,
  });
  const kept = await pos.rows('SELECT response FROM idempotency_record WHERE key = $1', [
    idempotencyKey,
  ]);
  expect(kept).toEqual([{ response: { answer: { customerId } } }]);
});

it('is forgotten: nothing of the person is left in any table, and documents stand', async () => {
  const create = { name: secret, emails: [{ address: 'zach@quintessenz.example' }] };
  const key = randomUUID();
  const made = (await customers.create({ ...create, idempotencyKey: key }))['customer'].id;
  const twin = (await customers.create({ name: secret, note: 'Quintessenz too' }))['customer'].id;
  const [hash] = await pos.rows('SELECT input_hash FROM idempotency_record WHERE key = $1', [key]);
  const saleId = await sold(twin);
  await customers.merge({ customerId: made, version: 1, duplicateId: twin, duplicateVersion: 1 });
  const erase = { customerId: made, version: 2, idempotencyKey: randomUUID() };
  const stale = await customers.erase({ customerId: made, version: 1 });
  expect(stale).toMatchObject({ __typename: 'CustomerChanged', version: 2 });
  const answer = await customers.erase(erase);
  expect(answer).toMatchObject({ __typename: 'CustomerEraseSuccess', customerId: made });
  expect(await customers.erase(erase)).toEqual(answer);

  expect(await buyerOf(saleId)).toEqual({ id: made, name: null, isErased: true });
  expect(await salesOf(made)).toEqual([saleId]);
  const tables = await pos.rows<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  for (const { name } of tables)
    for (const id of [made, twin]) {
      const rows = await pos.rows<{ row: string }>(
        `SELECT to_jsonb(t)::text AS row FROM "${name}" t WHERE to_jsonb(t)::text LIKE '%' || $1 || '%'`,
        [id],
      );
      for (const { row } of rows) expect(row).not.toMatch(/quintessenz/i);
    }
  expect(
    await pos.rows(`SELECT FROM idempotency_record WHERE input_hash = $1`, [hash!['input_hash']]),
  ).toEqual([]);
  const again = await customers.create({ ...create, idempotencyKey: key });
  expect(again.__typename).toBe('IdempotencyKeyReused');
  for (const change of [
    await customers.update({ customerId: made, version: 3, name: 'Back' }),
    await customers.erase({ customerId: twin, version: 3 }),
    await customers.exportAll({ customerId: made }),
  ])
    expect(change.__typename).toBe('CustomerErased');
});

it('is forgotten for good, whatever is recorded at the same moment', async () => {
  for (let round = 0; round < 5; round += 1) {
    const customerId = await made();
    const consent = {
      customerId,
      purpose: 'PROFILING',
      isGiven: true,
      how: 'ONLINE',
      note: secret,
    };
    const update = { customerId, version: 1, note: secret };
    await Promise.all([
      customers.consent(consent),
      customers.erase({ customerId, version: 1 }),
      customers.update(update),
      customers.erase({ customerId, version: 2 }),
      customers.consent(consent),
    ]);
    const { version } = await customers.byId(customerId);
    await customers.erase({ customerId, version });
    for (const table of ['customer_profile', 'customer_consent', 'customer_term'])
      expect(await pos.rows(`SELECT FROM ${table} WHERE customer_id = $1`, [customerId])).toEqual(
        [],
      );
  }
});

it('goes into no event', async () => {
  const customerId = await made();
  await sold(customerId);
  const events = await pos.rows<{ data: object }>('SELECT data FROM outbox');
  expect(events.length).toBeGreaterThan(0);
  expect(JSON.stringify(events)).not.toMatch(new RegExp(`quintessenz|${customerId}`, 'i'));
});
