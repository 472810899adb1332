import { startCatalog, tenantA, tenantB, type Catalog } from '../../test/catalog.ts';
import { refreshDue } from '../product-refresh/product-refresh.service.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
  for (const task of catalog.background) await task.stop();
});
afterAll(() => catalog.stop());

const refused = `__typename ... on UserError { message } ... on VendorTaken { field value }
  ... on InvalidInput { field value }`;
const create = (input: object, tenantId = tenantA) =>
  catalog.ask(
    'vendorCreate',
    `${refused} ... on VendorCreateSuccess { vendor { id name code } }`,
    input,
    { tenantId },
  );
const update = (input: object, tenantId = tenantA) =>
  catalog.ask(
    'vendorUpdate',
    `${refused} ... on NotFound { kind } ... on VendorUpdateSuccess { vendor { name code } }`,
    input,
    { tenantId },
  );

test('a vendor has three letters of its own, and its products follow its new name', async () => {
  const { vendor } = await create({ name: 'Nexus', code: 'nxj' });
  expect(vendor).toMatchObject({ name: 'Nexus', code: 'NXJ' });
  const { product } = await catalog.mutate('productCreate', { title: 'Tee', vendor: 'nexus' });
  const changed = await update({ id: vendor.id, name: 'Nexus Ltd' });
  expect(changed.vendor).toEqual({ name: 'Nexus Ltd', code: 'NXJ' });
  await refreshDue(catalog.db);
  const rows = await catalog.db.read(tenantA, (tx) =>
    tx.query<{ sequence: number; vendor: string }>(
      `SELECT sequence, data ->> 'vendor' AS vendor FROM outbox WHERE aggregate_id = $1 ORDER BY position`,
      [product.id],
    ),
  );
  expect(rows).toEqual([
    { sequence: 1, vendor: 'Nexus' },
    { sequence: 2, vendor: 'Nexus Ltd' },
  ]);
  expect((await update({ id: vendor.id, code: null })).vendor.code).toBeNull();
});

test('a name or code of another vendor, and one that is no code, are refused', async () => {
  const { vendor } = await create({ name: 'Sterling', code: 'STR' });
  await create({ name: 'Acme', code: 'ACM' });
  const taken = { __typename: 'VendorTaken' };
  expect(await create({ name: 'STERLING' })).toMatchObject({ ...taken, field: 'name' });
  expect(await update({ id: vendor.id, code: 'acm' })).toMatchObject({
    ...{ ...taken, field: 'code', value: 'ACM' },
  });
  const invalid = { __typename: 'InvalidInput', field: 'code', value: 'AB' };
  expect(await create({ name: 'New', code: 'AB' })).toMatchObject(invalid);
  expect(await create({ name: ' ' })).toMatchObject({ field: 'name' });
  expect(await update({ id: vendor.id, name: 'x' }, tenantB)).toMatchObject({ kind: 'Vendor' });
});
