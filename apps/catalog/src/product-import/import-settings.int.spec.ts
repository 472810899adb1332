import { randomUUID } from 'node:crypto';
import type { Catalog } from '../../test/catalog.ts';
import { csvOf, type Cells } from '../../test/csv.ts';
import { finishedReport, imported, startImport, startImporter, upload } from '../../test/import.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startImporter();
});
afterAll(() => catalog.stop());

const unique = (prefix: string) => `${prefix}-${randomUUID().slice(0, 8)}`;
const simple = (handle: string, change: Cells = {}): Cells => ({
  ...{ Handle: handle, Title: handle, 'Variant SKU': handle, 'Variant Price': '10.00' },
  'Variant Inventory Qty': '3',
  ...change,
});
const productBy = async (handle: string) => {
  const query = `query ($handle: String!) { product(handle: $handle) { version
    variants { nodes { sku barcode price { amount } cost { amount } } } } }`;
  return (await catalog.graphql(query, { handle })).data.product;
};
const codes = (notes: { nodes: Record<string, unknown>[] }) =>
  notes.nodes.map(({ row, code }) => [row, code]);

describe('a dry run', () => {
  it('tells what the import then does, and writes nothing', async () => {
    const [one, two] = [unique('dry'), unique('dry')];
    const content = csvOf([
      simple(one),
      simple(two, { 'Variant SKU': one }),
      simple(unique('dry'), { 'Variant Price': 'x' }),
    ]);
    const told = await imported(catalog, content, { dryRun: true });
    expect(told).toMatchObject({
      ...{ status: 'COMPLETED', dryRun: true },
      totals: { productsCreated: 2, productsRefused: 1, unitsRequested: 6, unitsReceived: 0 },
    });
    expect([await productBy(one), await productBy(two)]).toEqual([null, null]);
    expect(catalog.inventory.items.has(one)).toBe(false);
    const done = await imported(catalog, content);
    expect(done.totals).toMatchObject({ ...told.totals, unitsReceived: 6 });
    expect([codes(done.rowErrors), codes(done.rowWarnings)]).toEqual([
      codes(told.rowErrors),
      codes(told.rowWarnings),
    ]);
    expect(codes(done.rowWarnings)).toEqual([[3, 'SKU_NUMBERED']]);
  });
});

describe('a file that is imported again', () => {
  it('changes nothing, numbered SKUs included', async () => {
    const [one, two] = [unique('again'), unique('again')];
    const content = csvOf([simple(one), simple(two, { 'Variant SKU': one })]);
    await imported(catalog, content);
    const again = await imported(catalog, content, { overwriteExisting: true });
    expect(again.totals).toMatchObject({ productsUnchanged: 2, productsUpdated: 0, rowErrors: 0 });
    expect(await productBy(two)).toMatchObject({
      version: 1,
      variants: { nodes: [{ sku: `${one}-2` }] },
    });
  });
});

describe('pictures', () => {
  it('come in while there is room for them beside those that the product has', async () => {
    const handle = unique('seen');
    const rows = (from: number, to: number): Cells[] =>
      Array.from({ length: to - from }, (_, index) => ({
        ...(index === 0 ? simple(handle) : { Handle: handle }),
        'Image Src': `https://x.test/${from + index}.jpg`,
      }));
    await imported(catalog, csvOf(rows(0, 249)));
    const report = await imported(catalog, csvOf(rows(248, 252)), { overwriteExisting: true });
    expect(report.totals).toMatchObject({ productsUpdated: 1, rowErrors: 0 });
    expect(report.rowWarnings.nodes.map(({ code, value }) => [code, value])).toEqual([
      ['IMAGE_NOT_KEPT', 'https://x.test/250.jpg'],
      ['IMAGE_NOT_KEPT', 'https://x.test/251.jpg'],
    ]);
    const query = 'query ($handle: String!) { product(handle: $handle) { media { url } } }';
    const { media } = (await catalog.graphql(query, { handle })).data.product;
    expect(media).toHaveLength(250);
  });
});

describe('lists', () => {
  it('of prices change what the SKU has, once', async () => {
    const [one, two] = [unique('price'), unique('price')];
    await imported(catalog, csvOf([simple(one, { 'Cost per item': '4.00' }), simple(two)]));
    const content = `SKU,Price\n${one},12.50\n${two},10.00\nNOBODY,1\n`;
    const report = await imported(catalog, content);
    expect(report).toMatchObject({
      readAs: { format: 'SKU_LIST' },
      totals: { productsUpdated: 1, rowsImported: 2, rowsRefused: 1, variantsImported: 1 },
      rowErrors: { nodes: [{ row: 4, value: 'NOBODY', code: 'UNKNOWN_SKU' }] },
    });
    expect(await productBy(one)).toMatchObject({
      version: 2,
      variants: { nodes: [{ price: { amount: '12.50' }, cost: { amount: '4.00' } }] },
    });
    expect(await productBy(two)).toMatchObject({ version: 1 });
    expect((await imported(catalog, content)).totals).toMatchObject({ productsUpdated: 0 });
  });

  it('of counts open what was never counted, and correct what was only where they are asked to', async () => {
    const [counted, empty] = [unique('count'), unique('count')];
    await imported(
      catalog,
      csvOf([
        simple(counted),
        simple(empty, { 'Variant Inventory Qty': '', 'Variant Inventory Tracker': 'shopify' }),
      ]),
    );
    const content = `SKU,Location,On hand\n${counted},HQ,9\n${empty},HQ,4\n${empty},Mars,1\n`;
    const told = await imported(catalog, content, { dryRun: true });
    expect(catalog.inventory.onHand(empty, 'HQ')).toBe(0);
    const kept = await imported(catalog, content);
    expect([codes(told.rowWarnings), codes(told.rowErrors)]).toEqual([
      codes(kept.rowWarnings),
      codes(kept.rowErrors),
    ]);
    expect(kept.readAs).toMatchObject({ format: 'SHOPIFY_INVENTORY' });
    expect(codes(kept.rowWarnings)).toEqual([[2, 'STOCK_KEPT']]);
    expect(codes(kept.rowErrors)).toEqual([[4, 'UNKNOWN_LOCATION']]);
    const { onHand } = catalog.inventory;
    expect([onHand(counted, 'HQ'), onHand(empty, 'HQ')]).toEqual([3, 4]);
    await imported(catalog, content, { existingStock: 'SET' });
    expect(onHand(counted, 'HQ')).toBe(9);
    const product = csvOf([simple(counted, { 'Variant Inventory Qty': '2' })]);
    await imported(catalog, product, { overwriteExisting: true, existingStock: 'SET' });
    expect(onHand(counted, 'HQ')).toBe(2);
  });
});

describe('settings of an import', () => {
  it('are refused where they say nothing, and a saved mapping is found by its name', async () => {
    const name = unique('mapping');
    const columns = [
      { column: 'Bezeichnung', field: 'TITLE' },
      { column: 'Nummer', field: 'SKU' },
      { column: 'VK', field: 'PRICE' },
    ];
    const save = (input: object) => catalog.mutate('productImportMappingSave', input);
    expect(await save({ name, columns: [...columns, columns[0]] })).toMatchObject({
      __typename: 'InvalidInput',
      field: 'columns.3',
    });
    expect(await save({ name, columns })).toMatchObject({
      __typename: 'ProductImportMappingSaveSuccess',
    });
    const sku = unique('N');
    const content = `Nummer;Bezeichnung;VK\n${sku};Goldring ${sku};1299,00\n`;
    const report = await imported(catalog, content, { mappingName: name });
    expect(report.totals).toMatchObject({ productsCreated: 1, rowErrors: 0 });
    const { uploadId } = await upload(catalog, content);
    const start = { uploadId, locationCode: 'HQ', currencyCode: 'EUR' };
    expect(
      await catalog.mutate('productImportStart', { ...start, mappingName: 'nobody' }),
    ).toMatchObject({ kind: 'ProductImportMapping', id: 'nobody' });
  });

  it('name warnings that refuse the product', async () => {
    const handle = unique('strict');
    const content = csvOf([simple(handle, { 'Variant Inventory Qty': '-2' })]);
    const report = await imported(catalog, content, { warningsRefused: ['NEGATIVE_QUANTITY'] });
    expect(codes(report.rowErrors)).toEqual([[2, 'NEGATIVE_QUANTITY']]);
    expect(await productBy(handle)).toBeNull();
  });
});

describe('cancelling', () => {
  it('ends an import, keeps what is in, and importing the file again brings the rest', async () => {
    const handles = Array.from({ length: 400 }, () => unique('many'));
    const content = csvOf(handles.map((handle) => simple(handle)));
    const id = await startImport(catalog, content);
    const answer = await catalog.mutate('productImportCancel', { id });
    expect(answer.__typename).toBe('ProductImportCancelSuccess');
    const report = await finishedReport(catalog, id);
    expect(report.status).toBe('CANCELLED');
    const before = report.totals['productsCreated']!;
    expect(before).toBeLessThan(handles.length);
    const rest = await imported(catalog, content, { overwriteExisting: true });
    expect(rest.totals).toMatchObject({ productsRefused: 0, rowErrors: 0 });
    const { productsCreated, productsUnchanged } = rest.totals;
    expect([productsUnchanged, productsCreated! + productsUnchanged!]).toEqual([before, 400]);
    expect(await catalog.mutate('productImportCancel', { id: randomUUID() })).toMatchObject({
      kind: 'ProductImport',
    });
  });
});
