import { tenantB, type Catalog } from '../../test/catalog.ts';
import { csvOf, type Cells } from '../../test/csv.ts';
import { imported, startImporter } from '../../test/import.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startImporter();
});
afterAll(() => catalog.stop());

const ring: Cells = {
  ...{ Handle: 'ring', Title: '=Ring, "gold"', Vendor: 'Nexus', Tags: 'a,b', Status: 'unlisted' },
  ...{ 'Option1 Name': 'Size', 'Option1 Value': '6', 'Variant SKU': 'R-6', 'Cost per item': '4' },
  ...{
    'Variant Price': '10.00',
    'Variant Inventory Qty': '3',
    'Image Src': 'https://x.test/1.jpg',
  },
};

async function fileOf(format: string, of = catalog, filter: object = {}, caller = {}) {
  const query = `query ($format: ProductImportFormat!, $filter: ProductFilterInput) {
    productExport(format: $format, filter: $filter) { url } }`;
  const { data, errors } = await of.graphql(query, { format, filter }, caller);
  if (errors) throw new Error(JSON.stringify(errors));
  const url = of.reachable(data.productExport.url);
  return { url, text: await (await fetch(url)).text() };
}

describe('an export', () => {
  it('imported elsewhere and exported again is the same file, in both formats of ours', async () => {
    await imported(
      catalog,
      csvOf([
        ring,
        { Handle: 'ring', 'Option1 Value': '7' },
        {
          ...ring,
          ...{
            Handle: 'cup',
            Title: 'Cup',
            Status: 'draft',
            'Option1 Name': '',
            'Option1 Value': '',
            'Variant SKU': 'C',
          },
        },
      ]),
    );
    for (const format of ['ONECOUNT_CSV', 'ONECOUNT_JSONL']) {
      const other = await startImporter();
      try {
        const { text } = await fileOf(format);
        const report = await imported(other, text);
        expect(report).toMatchObject({
          readAs: { format },
          totals: { productsCreated: 2, rowErrors: 0 },
        });
        expect((await fileOf(format, other)).text).toBe(text);
        const again = await imported(other, text, { overwriteExisting: true });
        expect(again.totals).toMatchObject({ productsUnchanged: 2, productsUpdated: 0 });
      } finally {
        await other.stop();
      }
    }
  });

  it('has what its filter finds, with counts, and nothing of another tenant', async () => {
    const { text } = await fileOf('SHOPIFY_INVENTORY', catalog, { statuses: ['ACTIVE'] });
    expect(text).toBe('Handle,Title,SKU,Location,On hand\nring,"\'=Ring, ""gold""",R-6,HQ,3\n');
    const foreign = await fileOf('SKU_LIST', catalog, {}, { tenantId: tenantB });
    expect(foreign.text.trim().split('\n')).toHaveLength(1);
  });

  it('is refused where its address is bent', async () => {
    const { url } = await fileOf('SKU_LIST');
    const bent = new URL(url);
    bent.searchParams.set('tenant', tenantB);
    const answer = await fetch(bent);
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'DOWNLOAD_REFUSED' }]);
  });
});

describe('rows to correct', () => {
  it('are the rows of refused products with what is wrong, and are imported alone', async () => {
    const row = (handle: string, price: string): Cells => ({
      Handle: handle,
      Title: handle,
      'Variant SKU': handle,
      'Variant Price': price,
      'Variant Inventory Qty': '1',
    });
    const id = await imported(catalog, csvOf([row('good', '1'), row('bad', 'x1')]));
    expect(id.totals).toMatchObject({ productsCreated: 1, productsRefused: 1 });
    const query =
      '{ productImports(first: 1) { nodes { rowsFile { url } none: rowsFile(severity: WARNING) { url } } } }';
    const { nodes } = (await catalog.graphql(query, {})).data.productImports;
    expect(nodes[0].none).toBeNull();
    const file = await (await fetch(catalog.reachable(nodes[0].rowsFile.url))).text();
    const [header, wrong, ...others] = file.trim().split('\n');
    expect(others).toEqual([]);
    expect(header).toContain('Import row,Import note');
    expect(wrong).toMatch(/^bad,bad,bad,x1,1,3,"?BAD_PRICE Variant Price: /u);
    const corrected = await imported(catalog, file.replace('x1', '2'));
    expect(corrected.totals).toMatchObject({ productsCreated: 1, rowErrors: 0 });
    expect(corrected.columnsIgnored).toEqual([]);
  });
});
