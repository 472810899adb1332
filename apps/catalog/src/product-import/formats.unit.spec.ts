import { csvOf, fileOf, planFile, type Cells } from '../../test/csv.ts';
import type { Field } from './csv-columns.ts';
import { fieldNames } from './csv-columns.ts';
import { planList } from './csv-list.ts';
import { groupsOf, survey } from './csv-source.ts';
import { fieldOfName, nameOfMapped } from './import-mapping.ts';

async function planOf(content: string, mapping?: Map<string, Field>) {
  const groups = await planFile(content, {}, mapping);
  return groups.map(({ handle, planned }) => {
    if (planned.errors !== undefined) throw new Error(JSON.stringify(planned.errors));
    return { handle, ...planned };
  });
}

describe('Shopify’s product file', () => {
  it('keeps metafields and texts for search engines as facts', async () => {
    const [product] = await planOf(
      csvOf([
        {
          ...{ Handle: 'ring', Title: 'Ring', 'SEO Title': 'A ring', 'SEO Description': 'Of gold' },
          'Care (product.metafields.custom.care)': 'Dry cloth',
          'Variant Inventory Qty': '1',
        },
      ]),
    );
    expect(product?.plan.facts).toEqual({
      seoTitle: 'A ring',
      seoDescription: 'Of gold',
      metadata: [{ key: 'custom.care', type: 'TEXT', value: 'Dry cloth' }],
    });
    expect(product?.warnings).toEqual([]);
  });
});

describe('WooCommerce’s product file', () => {
  const shirt: Cells = {
    ...{ ID: '10', Type: 'variable', SKU: 'TEE', Name: 'Tee', Published: '1' },
    ...{ Categories: 'Clothing > Shirts, Sale', Tags: 'soft', 'Tax status': 'taxable' },
    ...{ Images: 'https://x.test/1.jpg, https://x.test/2.jpg', 'Meta: _fabric': 'Cotton' },
    ...{ 'Attribute 1 name': 'Color', 'Attribute 1 value(s)': 'Red, Blue' },
  };
  const variation = (parent: string, color: string, change: Cells = {}): Cells => ({
    ...{ ID: `1${color}`, Type: 'variation', SKU: `TEE-${color}`, Name: `Tee - ${color}` },
    ...{ Published: '1', Parent: parent, 'Regular price': '20', Stock: '3', 'Weight (kg)': '0.25' },
    ...{ 'Attribute 1 name': 'Color', 'Attribute 1 value(s)': color },
    ...change,
  });
  const woo = (rows: Cells[]) => {
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const lines = rows.map((row) => names.map((name) => `"${row[name] ?? ''}"`).join(','));
    return [names.join(','), ...lines].join('\n');
  };

  it('joins variations to their parent, by SKU and by id, wherever it stands', async () => {
    const rows = [variation('id:10', 'Red'), shirt, variation('TEE', 'Blue')];
    const [product, ...others] = await planOf(woo(rows));
    expect(others).toEqual([]);
    expect(product).toMatchObject({
      handle: 'tee',
      warnings: [],
      plan: {
        title: 'Tee',
        category: 'Clothing > Shirts',
        tags: ['soft', 'Sale'],
        status: 'ACTIVE',
        options: [{ name: 'Color', values: ['Red', 'Blue'] }],
        media: [{ url: 'https://x.test/1.jpg' }, { url: 'https://x.test/2.jpg' }],
        facts: { metadata: [{ key: '_fabric', value: 'Cotton' }] },
        variants: [
          { sku: 'TEE-Red', priceMinor: 2000, weightGrams: 250, tracking: 'QUANTITY' },
          { sku: 'TEE-Blue', openingStock: [{ quantity: 3 }] },
        ],
      },
    });
  });

  it('reads a sale price, a virtual product, a hidden one, and two of one name', async () => {
    const simple = (id: string, change: Cells): Cells => ({
      ...{ ID: id, Type: 'simple', SKU: '', Name: 'Cup', Published: '1', 'Regular price': '9' },
      ...{ 'Sale price': '', Stock: '', 'Visibility in catalog': 'visible' },
      ...change,
    });
    const products = await planOf(
      woo([
        simple('1', { 'Sale price': '7', 'Visibility in catalog': 'hidden' }),
        simple('2', { Type: 'simple, virtual', Published: '0' }),
      ]),
    );
    expect(products).toMatchObject([
      {
        handle: 'cup',
        plan: { isUnlisted: true, variants: [{ priceMinor: 700, compareAtPriceMinor: 900 }] },
      },
      {
        handle: 'cup-2',
        plan: { status: 'DRAFT', variants: [{ requiresShipping: false, tracking: 'NONE' }] },
      },
    ]);
  });

  it('names the column of the file in an error', async () => {
    const rows = [shirt, variation('TEE', 'Red', { 'Regular price': 'ten' })];
    const [group] = await planFile(woo(rows));
    expect(group?.planned.errors).toMatchObject([
      { row: 3, column: 'Regular price', value: 'ten', code: 'BAD_PRICE' },
    ]);
  });
});

describe('a list', () => {
  async function listOf(content: string) {
    const open = fileOf(content);
    const surveyed = await survey(open);
    const context = { currencyCode: 'USD', locationCode: 'HQ', repeatedSku: 'NUMBER' as const };
    const changes: object[] = [];
    const errors: object[] = [];
    for await (const { group } of groupsOf(open, surveyed)) {
      const plan = planList(group, { ...context, columns: surveyed.columns });
      changes.push(...plan.changes);
      errors.push(...plan.errors);
    }
    return { format: surveyed.columns.format, changes, errors };
  }

  it('of SKU and price needs no title; a row that is wrong leaves the others alone', async () => {
    expect(await listOf('SKU;Price\nA;10,50\n;1\nB;x\nC;3\n')).toMatchObject({
      format: 'SKU_LIST',
      changes: [
        { row: 2, sku: 'A', priceMinor: 1050 },
        { row: 5, sku: 'C', priceMinor: 300 },
      ],
      errors: [
        { row: 3, code: 'MISSING_SKU' },
        { row: 4, code: 'BAD_PRICE' },
      ],
    });
  });

  it('of counts by location is the storefront’s inventory file', async () => {
    const header =
      'Handle,Title,Option1 Name,Option1 Value,SKU,Location,Available,On hand (current),On hand (new)';
    const rows = [
      'ring,Ring,Title,Default Title,R-1,Main shop,3,4,5',
      'ring,Ring,,,R-2,HQ,,not stocked,',
    ];
    const read = await listOf([header, ...rows].join('\n'));
    expect(read).toMatchObject({ format: 'SHOPIFY_INVENTORY', errors: [] });
    expect(read.changes).toMatchObject([
      { sku: 'R-1', count: { location: 'Main shop', onHand: 5 } },
      { sku: 'R-2', count: undefined },
    ]);
  });
});

describe('JSON lines', () => {
  it('are a product each; a line that is none costs itself', async () => {
    const options = (value: string) => [{ name: 'Size', value }];
    const product = {
      ...{ handle: 'ring', title: 'Ring', tags: ['gold'], isUnlisted: true, status: 'ACTIVE' },
      media: [{ url: 'https://x.test/1.jpg' }, { url: 'https://x.test/2.jpg', alt: 'Back' }],
      variants: [{ sku: 'R-6', options: options('6'), price: '10.00', currency: 'EUR' }],
    };
    const content = `${JSON.stringify(product)}\n{"title": 1}\nno json\n`;
    const groups = await planFile(content);
    expect(groups[0]?.planned).toMatchObject({
      plan: {
        isUnlisted: true,
        options: [{ name: 'Size', values: ['6'] }],
        media: [{}, { alt: 'Back' }],
        variants: [{ sku: 'R-6', priceMinor: 1000, currencyCode: 'EUR' }],
      },
    });
    expect(groups.slice(1).map(({ planned }) => planned.errors)).toMatchObject([
      [{ row: 2, code: 'INVALID' }],
      [{ row: 3, code: 'INVALID' }],
    ]);
  });
});

describe('a mapping of columns', () => {
  it('reads a foreign file, whose titles stand for handles', async () => {
    const mapping = new Map<string, Field>([
      ['bezeichnung', 'title'],
      ['artikelnummer', 'sku'],
      ['vk', 'price'],
    ]);
    const content = 'Artikelnummer;Bezeichnung;VK\nN1;Goldring 585;1299,00\n';
    expect(await planOf(content, mapping)).toMatchObject([
      { handle: 'goldring-585', plan: { variants: [{ sku: 'N1', priceMinor: 129900 }] } },
    ]);
  });

  it('has a name in the graph for every field, and back', () => {
    expect(fieldNames.map((field) => fieldOfName(nameOfMapped(field)))).toEqual(fieldNames);
  });
});
