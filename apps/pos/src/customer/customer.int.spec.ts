import { randomUUID } from 'node:crypto';
import { clerk, customersOf, officer } from '../../test/customer.harness.ts';
import { startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
let customers: ReturnType<typeof customersOf>;
beforeAll(async () => {
  pos = await startPos();
  customers = customersOf(pos);
});
afterAll(() => pos?.stop());

const anna = {
  name: '  Anna Müller-Weiß ',
  note: 'Likes rose gold',
  emails: [{ address: 'Anna@Example.com', label: 'private' }],
  phones: [{ number: '030 123456', countryCode: 'de' }, { number: '+49 170 1234567' }],
  addresses: [{ lines: ['Lindenstr. 1'], postalCode: '10969', city: 'Berlin', countryCode: 'de' }],
  sizes: [{ kind: 'RING', system: 'EU', value: '54', place: 'left ring finger' }],
};
async function made(part: object = {}): Promise<{ id: string; version: number }> {
  return (await customers.create({ name: 'Somebody', ...part }))['customer'];
}
const rowsOf = (table: string, id: string) =>
  pos.rows(`SELECT * FROM ${table} WHERE customer_id = $1`, [id]);

it('enters a customer as it is kept, once for a key', async () => {
  const input = { ...anna, idempotencyKey: randomUUID() };
  const [one, two] = await Promise.all([customers.create(input), customers.create(input)]);
  expect(two).toEqual(one);
  expect(one['customer']).toMatchObject({
    ...{ version: 1, isErased: false, name: 'Anna Müller-Weiß', note: 'Likes rose gold' },
    emails: [{ address: 'Anna@Example.com', label: 'private' }],
    phones: [
      { number: '+4930123456', label: null },
      { number: '+491701234567', label: null },
    ],
    addresses: [{ lines: ['Lindenstr. 1'], city: 'Berlin', countryCode: 'DE' }],
    sizes: [{ kind: 'RING', system: 'EU', value: '54', place: 'left ring finger', note: null }],
    ...{ consents: [], duplicates: [] },
  });
  expect(await rowsOf('customer_profile', one['customer'].id)).toHaveLength(1);
  expect((await customers.create({ ...input, name: 'Other' })).__typename).toBe(
    'IdempotencyKeyReused',
  );
});

it.each([
  ['beginnings of words in any case and without accents', 'mull ANN'],
  ['an e-mail address in any case', 'searched@EXAMPLE'],
  ['an international number', '+49 171 55'],
  ['an international number with 00', '0049 171 5551'],
  ['a national number', '0171/555 12'],
  ['a national number of another country', '(212) 555-0199'],
])('finds a customer by %s', async (_name, query) => {
  const { id } = await made({
    name: `Anna Müller`,
    emails: [{ address: 'searched@example.com' }],
    phones: [{ number: '+491715551234' }, { number: '2125550199', countryCode: 'US' }],
  });
  const stranger = { ...clerk, tenantId: tenantB };
  expect(await customers.find(query)).toContain(id);
  expect(await customers.find(`${query.replace(/.$/, '')}77`)).not.toContain(id);
  expect(await customers.find(query, stranger)).toEqual([]);
});

it('finds by index, behind the wall', async () => {
  const plan = await pos.database.db.read(tenantB, (tx) =>
    tx.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT customer_id FROM customer_term WHERE tenant_id = $1 AND term >= $2 AND term < $3`,
      [tenantB, 'e:anna', 'e:annb'],
    ),
  );
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toMatch(/Index Cond: .*tenant_id.*term >= 'e:anna'.*term < 'e:annb'/);
});

it('lists by name and pages through it', async () => {
  const word = `Zyx${randomUUID().slice(0, 8)}`;
  for (const name of ['C', 'a', 'b']) await made({ name: `${word} ${name}` });
  const query = `query($after: String) { customers(query: "${word}", first: 2, after: $after) {
    nodes { name } pageInfo { hasNextPage endCursor } } }`;
  const first = (await pos.graphql(query, {}, clerk)).data['customers'];
  expect(first.nodes.map(({ name }: any) => name)).toEqual([`${word} a`, `${word} b`]);
  const rest = await pos.graphql(query, { after: first.pageInfo.endCursor }, clerk);
  expect(rest.data['customers'].nodes).toEqual([{ name: `${word} C` }]);
});

it('changes what is given and nothing else, at the version that was seen', async () => {
  const { id: customerId, version } = await made(anna);
  const change = { customerId, version, emails: [], note: ' ' };
  const [one, two] = await Promise.all([customers.update(change), customers.update(change)]);
  const [won, lost] = one.__typename === 'CustomerUpdateSuccess' ? [one, two] : [two, one];
  expect(won['customer']).toMatchObject({ version: 2, note: null, emails: [] });
  expect(won['customer'].phones).toHaveLength(2);
  expect(lost).toMatchObject({
    __typename: 'CustomerChanged',
    ...{ customerId, versionGiven: 1, version: 2 },
  });
  expect(await customers.find('anna@example.com')).not.toContain(customerId);
});

it('records consent beside what was said before', async () => {
  const { id: customerId } = await made();
  const said = { customerId, purpose: 'EMAIL_MARKETING', how: 'WRITTEN' };
  await customers.consent({ ...said, isGiven: true, at: '2026-01-01T00:00:00Z', note: 'form 7' });
  const withdrawn = await customers.consent({ ...said, isGiven: false, how: 'PHONE' });
  await customers.consent({ ...said, isGiven: true, at: '2025-01-01T00:00:00Z' });
  expect(withdrawn['customer'].consents).toMatchObject([
    { purpose: 'EMAIL_MARKETING', isGiven: false, how: 'PHONE', recordedBy: 'clerk' },
  ]);
  expect((await customers.byId(customerId)).consents).toEqual(withdrawn['customer'].consents);
  expect(await rowsOf('customer_consent', customerId)).toHaveLength(3);
  const early = await customers.consent({ ...said, isGiven: true, at: '2999-01-01T00:00:00Z' });
  expect(early).toMatchObject({ __typename: 'InvalidInput', field: 'at' });
});

it('finds who may be one person, and makes one of two', async () => {
  const phone = { number: '+4915112345678' };
  const kept = await made({ ...anna, name: 'Dora Duplicate', phones: [phone], emails: [] });
  const twin = await made({
    name: 'D. Duplicate',
    note: 'Tall',
    phones: [phone, { number: '+4915100000001' }],
    emails: [{ address: 'dora@example.com' }],
  });
  await customers.consent({
    customerId: twin.id,
    ...{ purpose: 'PROFILING', isGiven: true, how: 'IN_PERSON' },
  });
  expect((await customers.byId(kept.id)).duplicates).toEqual([{ id: twin.id }]);
  const shared = await pos.graphql(
    '{ customerDuplicates(first: 100) { nodes { contact customers { id } } } }',
    {},
    clerk,
  );
  expect(shared.data['customerDuplicates'].nodes).toContainEqual({
    contact: '+4915112345678',
    customers: expect.arrayContaining([{ id: kept.id }, { id: twin.id }]),
  });
  const pair = { customerId: kept.id, version: 1, duplicateId: twin.id, duplicateVersion: 2 };
  const stale = await customers.merge({ ...pair, duplicateVersion: 1 });
  expect(stale).toMatchObject({ __typename: 'CustomerChanged', customerId: twin.id, version: 2 });
  const merged = await customers.merge(pair);
  expect(merged['customer']).toMatchObject({
    ...{ id: kept.id, version: 2, name: 'Dora Duplicate', note: 'Likes rose gold\n\nTall' },
    phones: [{ number: '+4915112345678' }, { number: '+4915100000001' }],
    emails: [{ address: 'dora@example.com' }],
    consents: [{ purpose: 'PROFILING' }],
    duplicates: [],
  });
  expect(await customers.byId(twin.id)).toEqual(merged['customer']);
  expect(await rowsOf('customer_profile', twin.id)).toEqual([]);
  expect(await customers.find('dora@example.com')).toEqual([kept.id]);
  const again = await customers.merge({ ...pair, version: 2, duplicateVersion: 2 });
  expect(again).toMatchObject({ __typename: 'InvalidInput', field: 'duplicateId' });
});

it('merges a pair once when it is merged both ways at the same time', async () => {
  const [one, two] = [await made(), await made()];
  const pair = (kept: string, other: string) =>
    customers.merge({ customerId: kept, version: 1, duplicateId: other, duplicateVersion: 1 });
  const answers = await Promise.all([pair(one.id, two.id), pair(two.id, one.id)]);
  expect(answers.filter(({ __typename }) => __typename === 'CustomersMergeSuccess')).toHaveLength(
    1,
  );
  expect((await customers.byId(one.id)).id).toBe((await customers.byId(two.id)).id);
});

it.each([
  ['a blank name', { name: '  ' }, 'name'],
  ['a name of signs', { name: '***' }, 'name'],
  ['an endless note', { note: 'x'.repeat(5001) }, 'note'],
  ['no e-mail address', { emails: [{ address: 'anna@example' }] }, 'emails.0.address'],
  ['a national number of nowhere', { phones: [{ number: '0301234' }] }, 'phones.0.number'],
  ['no number', { phones: [{ number: '+49 abc' }] }, 'phones.0.number'],
  [
    'a country that is none',
    { addresses: [{ lines: ['x'], countryCode: 'QQ' }] },
    'addresses.0.countryCode',
  ],
  ['an address without lines', { addresses: [{ lines: [] }] }, 'addresses.0.lines'],
  ['a ring of 6.3', { sizes: [{ kind: 'RING', system: 'US', value: '6.3' }] }, 'sizes.0.value'],
  ['21 e-mail addresses', { emails: Array(21).fill({ address: 'a@b.de' }) }, 'emails'],
])('refuses %s, repeats nothing of it and writes nothing', async (_name, part, field) => {
  const before = await pos.rows('SELECT count(*) FROM customer');
  const refused = await customers.create({ name: 'Secret Person', ...part });
  expect(refused).toMatchObject({ __typename: 'InvalidInput', field });
  expect(JSON.stringify(refused)).not.toContain('anna@');
  expect(await pos.rows('SELECT count(*) FROM customer')).toEqual(before);
});

it('is of one tenant, and each scope may its own', async () => {
  const { id: customerId } = await made(anna);
  const theirs = { ...clerk, tenantId: tenantB };
  const unknown = { __typename: 'NotFound', kind: 'Customer', id: customerId };
  expect(await customers.byId(customerId, theirs)).toBeNull();
  expect(await customers.update({ customerId, version: 1, name: 'Mine' }, theirs)).toMatchObject(
    unknown,
  );
  const erasing = { ...officer, tenantId: tenantB };
  expect(await customers.erase({ customerId, version: 1 }, erasing)).toMatchObject(unknown);
  expect(await customers.exportAll({ customerId }, erasing)).toMatchObject(unknown);
  await expect(customers.erase({ customerId, version: 1 }, clerk)).rejects.toThrow('FORBIDDEN');
  await expect(customers.exportAll({ customerId }, clerk)).rejects.toThrow('FORBIDDEN');
  const seller = { scopes: ['sale:write'] };
  await expect(customers.create(anna, seller)).rejects.toThrow('FORBIDDEN');
  expect((await customers.byId(customerId)).version).toBe(1);
});
