import { randomUUID } from 'node:crypto';
import type { Catalog } from '../../test/catalog.ts';
import { csvOf, type Cells } from '../../test/csv.ts';
import { imported, startImporter } from '../../test/import.ts';

// What files of real shops hold, each with what is right (issue 8): no product is lost for what a storefront tolerates.

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startImporter();
});
afterAll(() => catalog.stop());

const unique = (prefix: string) => `${prefix}-${randomUUID().slice(0, 8)}`;

const cup = (handle: string, change: Cells = {}): Cells => ({
  Handle: handle,
  Title: handle,
  'Variant SKU': handle.toUpperCase(),
  'Variant Inventory Tracker': 'shopify',
  'Variant Inventory Qty': '2',
  'Variant Price': '9.00',
  ...change,
});

async function publicly(query: string, variables: object): Promise<any> {
  const { data, errors } = await catalog.graphql(query, variables, { scopes: ['shop:read'] });
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const codesOf = async (handle: string) => {
  const query = `query ($handle: String!) { product(handle: $handle) { variants { nodes {
    barcode stockCode tracking } } } }`;
  return (await catalog.graphql(query, { handle })).data.product?.variants.nodes;
};
const warningsOf = ({ rowWarnings }: Awaited<ReturnType<typeof imported>>) =>
  rowWarnings.nodes.map(({ row, column, value, code }) => ({ row, column, value, code }));

describe('an import of a real shop’s file', () => {
  it('keeps a barcode with a wrong check digit as a code that is scanned, and says so at its row', async () => {
    const handle = unique('clay-cup');
    const report = await imported(
      catalog,
      csvOf([cup(handle, { 'Variant Barcode': '365275101829' })]),
    );
    expect(report.totals).toMatchObject({ productsCreated: 1, unitsReceived: 2, rowErrors: 0 });
    expect(warningsOf(report)).toEqual([
      {
        row: 2,
        column: 'Variant Barcode',
        value: '365275101829',
        code: 'BARCODE_KEPT_AS_STOCK_CODE',
      },
    ]);
    expect(report.rowWarnings.nodes[0]?.['message']).toContain('wrong check digit, not 2');
    expect(await codesOf(handle)).toEqual([
      { barcode: null, stockCode: '365275101829', tracking: 'QUANTITY' },
    ]);
    const [event] = await catalog.db.read('01900000-0000-7000-8000-00000000000a', (tx) =>
      tx.query<{ code: string; barcode: string | null }>(
        `SELECT data -> 'variants' -> 0 ->> 'stockCode' AS code,
           data -> 'variants' -> 0 ->> 'barcode' AS barcode
         FROM outbox WHERE data ->> 'handle' = $1`,
        [handle],
      ),
    );
    expect(event).toEqual({ code: '365275101829', barcode: null });
  });

  it('loses no product for a text that is everybody’s barcode, or a number that a spreadsheet rounded', async () => {
    const [one, two] = [unique('cup'), unique('cup')];
    const code = unique('none');
    const size = (value: string): Cells => ({
      ...{ 'Option1 Name': 'Size', 'Option1 Value': value, 'Variant SKU': `${one}-${value}` },
      'Variant Barcode': code,
    });
    const report = await imported(
      catalog,
      csvOf([
        cup(one, size('S')),
        cup(one, size('M')),
        cup(two, { 'Variant Barcode': code }),
        cup(unique('cup'), { 'Variant Barcode': '3.65275E+11' }),
      ]),
    );
    expect(report.totals).toMatchObject({ productsCreated: 3, productsRefused: 0, rowErrors: 0 });
    expect(warningsOf(report).map(({ row, code: of }) => [row, of])).toEqual([
      [2, 'BARCODE_KEPT_AS_STOCK_CODE'],
      [3, 'BARCODE_KEPT_AS_STOCK_CODE'],
      [3, 'BARCODE_NOT_KEPT'],
      [4, 'BARCODE_KEPT_AS_STOCK_CODE'],
      [4, 'BARCODE_NOT_KEPT'],
      [5, 'BARCODE_NOT_KEPT'],
    ]);
    const codes = [...(await codesOf(one)), ...(await codesOf(two))];
    expect(codes.map(({ stockCode }: { stockCode: string }) => stockCode)).toEqual([
      code,
      null,
      null,
    ]);
  });

  it('brings an unlisted product in: on sale, found by who has its address, in no public list', async () => {
    const handle = unique('unlisted-pin');
    const report = await imported(catalog, csvOf([cup(handle, { Status: 'unlisted' })]));
    expect(report.totals).toMatchObject({ productsCreated: 1, rowErrors: 0, rowWarnings: 0 });
    const listed = `query ($query: String!) { products(query: $query) { nodes { handle } } }`;
    const byHandle = `query ($handle: String!) { product(handle: $handle) { status isUnlisted } }`;
    expect(await publicly(listed, { query: handle })).toEqual({ products: { nodes: [] } });
    expect((await catalog.graphql(listed, { query: handle })).data.products.nodes).toEqual([
      { handle },
    ]);
    expect(await publicly(byHandle, { handle })).toEqual({
      product: { status: 'ACTIVE', isUnlisted: true },
    });
  });

  it('takes what could run out of a description, and says what', async () => {
    const handle = unique('cup');
    const html = '<p onclick="a()">Hand-made</p><script>b()</script>';
    const report = await imported(catalog, csvOf([cup(handle, { 'Body (HTML)': html })]));
    expect(warningsOf(report)).toEqual([
      { row: 2, column: 'Body (HTML)', value: html, code: 'HTML_REMOVED' },
    ]);
    expect(report.rowWarnings.nodes[0]?.['message']).toContain('onclick of <p>, <script>');
    const query = `query ($handle: String!) { product(handle: $handle) { descriptionHtml } }`;
    expect((await catalog.graphql(query, { handle })).data.product).toEqual({
      descriptionHtml: '<p>Hand-made</p>',
    });
  });

  it('reads a UPC-E, a semicolon file, and an address without its scheme', async () => {
    const handle = unique('gum');
    const picture = '//cdn.shop.test/gum.jpg';
    const content = [
      'Handle;Title;Variant SKU;Variant Inventory Qty;Variant Price;Variant Barcode;Image Src',
      `${handle};Gum;${handle};1;1.00;04252614;${picture}`,
    ].join('\n');
    const report = await imported(catalog, content);
    expect(report.totals).toMatchObject({ productsCreated: 1, unitsReceived: 1, rowErrors: 0 });
    expect(warningsOf(report)).toEqual([
      { row: 2, column: 'Image Src', value: picture, code: 'ADDRESS_COMPLETED' },
    ]);
    expect(await codesOf(handle)).toMatchObject([{ barcode: '04252614', stockCode: null }]);
  });

  it('refuses a report address that would run', async () => {
    const handle = unique('ring');
    const report = await imported(
      catalog,
      csvOf([
        cup(handle, {
          ...{ 'Variant Inventory Qty': '1', 'Serial Number': handle, 'Certificate Number': '1' },
          'Certificate URL': 'javascript:steal()',
        }),
      ]),
    );
    expect(report.totals).toMatchObject({ productsCreated: 0, productsRefused: 1 });
    expect(report.rowErrors.nodes).toMatchObject([{ column: 'Certificate URL', code: 'BAD_URL' }]);
    expect(await codesOf(handle)).toBeUndefined();
  });

  it('makes nothing of a gift card and of a file of counts by location', async () => {
    const handle = unique('gift');
    const gift = await imported(catalog, csvOf([cup(handle, { 'Gift Card': 'true' })]));
    expect(gift.rowErrors.nodes).toMatchObject([{ column: 'Gift Card', code: 'GIFT_CARD' }]);
    const counts = `Handle,Title,SKU,Location,Available,On hand\n${handle},Ring,X-1,HQ,4,4\n`;
    const report = await imported(catalog, counts);
    expect(report).toMatchObject({ status: 'COMPLETED', totals: { productsCreated: 0 } });
    expect(report.rowErrors.nodes).toMatchObject([{ row: 2, value: 'X-1', code: 'UNKNOWN_SKU' }]);
    expect(await codesOf(handle)).toBeUndefined();
  });
});
