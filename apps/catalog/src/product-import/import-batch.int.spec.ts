import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Catalog } from '../../test/catalog.ts';
import { csvOf, type Cells } from '../../test/csv.ts';
import { imported, startImporter } from '../../test/import.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startImporter();
});
afterAll(() => catalog.stop());

const unique = (prefix: string) => `${prefix}-${randomUUID().slice(0, 8)}`;
const rowsOf = (total: number, change: (index: number) => Cells = () => ({})) => {
  const run = unique('batch');
  return Array.from({ length: total }, (_, index): Cells => ({
    ...{ Handle: `${run}-${index}`, Title: `Title ${index}`, 'Variant SKU': `${run}-${index}` },
    ...{ 'Variant Price': '10.00', 'Variant Inventory Qty': '3', ...change(index) },
  }));
};
const skuOf = (row: Cells) => row['Variant SKU']!;

async function asOwner(statement: string): Promise<void> {
  const owner = new pg.Client({ connectionString: catalog.database.ownerUrl });
  await owner.connect();
  try {
    await owner.query(statement);
  } finally {
    await owner.end();
  }
}

describe('a batch of products', () => {
  it('is told to inventory in one request for its items and one for its stock', async () => {
    const rows = rowsOf(30);
    const before = catalog.inventory.calls;
    const report = await imported(catalog, csvOf(rows));
    expect(report.totals).toMatchObject({ productsCreated: 30, unitsReceived: 90 });
    // The first one asks for the location.
    expect(catalog.inventory.calls - before).toBe(3);
    expect(rows.map((row) => catalog.inventory.unitsOf(skuOf(row)))).toEqual(Array(30).fill(3));
  });

  it('has all of its stock but that of the product which inventory refuses', async () => {
    const taken = unique('NO');
    const serial = { 'Variant Inventory Qty': '', 'Stock Number': taken };
    const rows = rowsOf(12, (index) => (index === 3 || index === 7 ? serial : {}));
    const report = await imported(catalog, csvOf(rows));
    expect(report).toMatchObject({
      totals: { productsCreated: 12, unitsRequested: 32, unitsReceived: 31, stockPending: 0 },
      rowErrors: { nodes: [{ row: 9, code: 'STOCK_REFUSED', value: skuOf(rows[7]!) }] },
    });
    const units = rows.map((row) => catalog.inventory.unitsOf(skuOf(row)));
    expect(units).toEqual([3, 3, 3, 1, 3, 3, 3, 0, 3, 3, 3, 3]);
  });

  it('comes in but for the product that the database itself refuses', async () => {
    await asOwner(`ALTER TABLE product ADD CONSTRAINT no_such CHECK (title <> 'Unstorable')`);
    const rows = rowsOf(5, (index): Cells => (index === 2 ? { Title: 'Unstorable' } : {}));
    const report = await imported(catalog, csvOf(rows));
    expect(report).toMatchObject({
      totals: { productsCreated: 4, productsRefused: 1, unitsReceived: 12, rowErrors: 1 },
      rowErrors: { nodes: [{ row: 4, handle: rows[2]!['Handle'], code: 'INVALID' }] },
    });
  });

  it('gives what an earlier product of it takes to no later one, and frees what one gives up', async () => {
    const [first, second] = rowsOf(2, () => ({ 'Variant Barcode': '' })) as [Cells, Cells];
    const [old, next] = ['4006381333931', '4012345123456'];
    await imported(catalog, csvOf([{ ...first, 'Variant Barcode': old }, second]));
    const report = await imported(
      catalog,
      csvOf([
        { ...first, 'Variant Barcode': next },
        { ...second, 'Variant Barcode': old },
        ...rowsOf(1, () => ({ 'Variant Barcode': next, 'Variant SKU': skuOf(first) })),
      ]),
      { overwriteExisting: true },
    );
    expect(report.totals).toMatchObject({ productsUpdated: 2, productsCreated: 1, rowErrors: 0 });
    expect(report.rowWarnings.nodes.map(({ row, code }) => [row, code])).toEqual([
      [4, 'SKU_NUMBERED'],
      [4, 'BARCODE_NOT_KEPT'],
    ]);
  });
});
