import { randomUUID } from 'node:crypto';
import { startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
});
afterAll(() => pos?.stop());

const atHq = (registerName: string) => ({ locationCode: 'HQ', registerName });
async function made(registerName: string = randomUUID()): Promise<string> {
  return (await pos.registerCreate(atHq(registerName)))['register'].id;
}

it('makes a closed till, which opens under its name', async () => {
  const input = { ...atHq('  Window  '), idempotencyKey: randomUUID() };
  const created = await pos.registerCreate(input);
  const register = { name: 'Window', locationCode: 'HQ', isActive: true, openShift: null };
  expect(created).toMatchObject({ __typename: 'RegisterCreateSuccess', register });
  expect(await pos.registerCreate(input)).toEqual(created);
  const opened = await pos.registerOpen(atHq('Window'));
  expect(opened['register'].id).toBe(created['register'].id);
});

it('gives a name once in a location, also to ten at once', async () => {
  const wanted = atHq(randomUUID());
  const answers = await Promise.all(Array.from({ length: 10 }, () => pos.registerCreate(wanted)));
  const [won, ...lost] = answers.sort((a, b) => a.__typename.localeCompare(b.__typename));
  const registerId = won!['register'].id;
  const refusal = { __typename: 'RegisterNameTaken', name: wanted.registerName, registerId };
  expect(lost).toEqual(lost.map(() => expect.objectContaining(refusal)));
  const other = await made();
  const renamed = await pos.registerRename({
    registerId: other,
    ...{ ...wanted, locationCode: undefined },
  });
  expect(renamed).toMatchObject(refusal);
});

it('changes its name and keeps its id', async () => {
  const registerId = await made();
  const registerName = randomUUID();
  const renamed = await pos.registerRename({ registerId, registerName });
  expect(renamed).toMatchObject({ register: { id: registerId, name: registerName } });
});

it('opens no more while it is put away, and again when it is put back', async () => {
  const registerName = randomUUID();
  const registerId = await made(registerName);
  await pos.registerOpen(atHq(registerName));
  const refused = await pos.registerDeactivate({ registerId });
  expect(refused).toMatchObject({ __typename: 'RegisterAlreadyOpen', registerId });
  const countedCash = { amount: '0', currencyCode: 'EUR' };
  await pos.registerClose({ registerId, countedCash });
  expect((await pos.registerDeactivate({ registerId }))['register'].isActive).toBe(false);
  const closed = await pos.registerOpen(atHq(registerName));
  expect(closed).toMatchObject({ __typename: 'RegisterInactive', registerId });
  expect((await pos.registerReactivate({ registerId }))['register'].isActive).toBe(true);
  expect((await pos.registerOpen(atHq(registerName))).__typename).toBe('RegisterOpenSuccess');
});

it('is never open and put away, whoever comes first', async () => {
  for (let round = 0; round < 5; round += 1) {
    const registerName = randomUUID();
    const registerId = await made(registerName);
    await Promise.all([
      pos.registerOpen(atHq(registerName)),
      pos.registerDeactivate({ registerId }),
    ]);
    const both = `SELECT FROM register r JOIN shift h ON h.register_id = r.id AND h.closed_at IS NULL
      WHERE r.id = $1 AND r.deactivated_at IS NOT NULL`;
    expect(await pos.rows(both, [registerId])).toEqual([]);
  }
});

it.each([
  ['a blank name', { registerName: '   ' }, 'InvalidInput', { field: 'registerName' }],
  ['a name too long', { registerName: 'x'.repeat(61) }, 'InvalidInput', { field: 'registerName' }],
  ['no location', { locationCode: undefined }, 'InvalidInput', { field: 'locationCode' }],
  ['an unknown location', { locationCode: 'XX' }, 'NotFound', { kind: 'Location' }],
])('refuses %s', async (_name, part, __typename, data) => {
  const before = await pos.rows('SELECT count(*) FROM register');
  expect(await pos.registerCreate({ ...atHq('New'), ...part })).toMatchObject({
    __typename,
    ...data,
  });
  expect(await pos.rows('SELECT count(*) FROM register')).toEqual(before);
});

it("is a manager's, and of one tenant", async () => {
  const registerId = await made();
  const stranger = { scopes: ['register:manage'], tenantId: tenantB };
  const input = { registerId, registerName: 'Mine' };
  expect(await pos.registerRename(input, stranger)).toMatchObject({ __typename: 'NotFound' });
  expect(await pos.registerDeactivate({ registerId }, stranger)).toMatchObject({
    kind: 'Register',
  });
  await expect(pos.registerRename(input, { scopes: ['sale:write'] })).rejects.toThrow('FORBIDDEN');
});
