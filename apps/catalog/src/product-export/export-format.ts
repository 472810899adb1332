import { csvLine, protectedCell } from '@onecount/service';
import { nameOfField, type Field } from '../product-import/csv-columns.ts';
import { fieldsOfProduct, jsonFields, type JsonProduct } from '../product-import/jsonl-rows.ts';
import type { StockCount } from '../stock-command/inventory.client.ts';

export type ExportFormat =
  | 'ONECOUNT_CSV'
  | 'ONECOUNT_JSONL'
  | 'SHOPIFY_PRODUCTS'
  | 'SHOPIFY_INVENTORY'
  | 'WOOCOMMERCE_PRODUCTS'
  | 'SKU_LIST';

/** Counts by SKU; only formats that say what is on hand ask for them. */
export type CountsBySku = ReadonlyMap<string, readonly StockCount[]>;

export type Format = {
  extension: 'csv' | 'jsonl';
  needsCounts: boolean;
  header: string;
  /** The lines of one product. */
  write(product: JsonProduct, counts: CountsBySku): string;
};

type Cells = Partial<Record<Field, string>>;
const codeFields: ReadonlySet<string> = new Set(['sku', 'barcode']);

const cellOf = (field: Field, cells: Cells) =>
  protectedCell(cells[field] ?? '', { isCode: codeFields.has(field) });

/** What is on hand in all locations; files have no sign. */
function onHandOf({ sku = '' }: Cells, counts: CountsBySku): string {
  const onHand = (counts.get(sku) ?? []).reduce((sum, each) => sum + each.onHand, 0);
  return String(Math.max(0, onHand));
}

const onecount: Format = {
  extension: 'csv',
  needsCounts: false,
  header: csvLine(jsonFields.map((field) => nameOfField(field))),
  write: (product) =>
    fieldsOfProduct(product)
      .map((cells) => csvLine(jsonFields.map((field) => cellOf(field, cells))))
      .join(''),
};

const shopifyColumns = {
  Handle: 'handle',
  Title: 'title',
  'Body (HTML)': 'description',
  Vendor: 'vendor',
  'Product Category': 'category',
  Type: 'productType',
  Tags: 'tags',
  'Option1 Name': 'option1Name',
  'Option1 Value': 'option1Value',
  'Option2 Name': 'option2Name',
  'Option2 Value': 'option2Value',
  'Option3 Name': 'option3Name',
  'Option3 Value': 'option3Value',
  'Variant SKU': 'sku',
  'Variant Grams': 'grams',
  'Variant Inventory Tracker': 'tracker',
  'Variant Inventory Qty': 'quantity',
  'Variant Price': 'price',
  'Variant Compare At Price': 'compareAtPrice',
  'Variant Requires Shipping': 'requiresShipping',
  'Variant Taxable': 'taxable',
  'Variant Barcode': 'barcode',
  'Image Src': 'imageUrl',
  'Image Alt Text': 'imageAlt',
  'SEO Title': 'seoTitle',
  'SEO Description': 'seoDescription',
  'Variant Image': 'variantImageUrl',
  'Variant Weight Unit': 'weightUnit',
  'Variant Tax Code': 'taxCode',
  'Cost per item': 'cost',
  Status: 'status',
  Metadata: 'metadata',
} as const satisfies Record<string, Field>;

const shopify: Format = {
  extension: 'csv',
  needsCounts: true,
  header: csvLine(Object.keys(shopifyColumns)),
  write: (product, counts) =>
    fieldsOfProduct(product)
      .map((cells, index) => shopifyCells(cells, { isFirst: index === 0, counts }))
      .map((cells) => csvLine(Object.values(shopifyColumns).map((field) => cellOf(field, cells))))
      .join(''),
};

function shopifyCells(
  cells: Cells,
  { isFirst, counts }: { isFirst: boolean; counts: CountsBySku },
): Cells {
  const isVariant = cells.rowKind === 'VARIANT';
  const isPlain = isVariant && !cells.option1Name;
  const isCounted = isVariant && cells.tracking !== 'NONE';
  const isUnlisted = cells.unlisted === 'true' && cells.status === 'ACTIVE';
  return {
    ...cells,
    ...(isPlain && isFirst ? { option1Name: 'Title', option1Value: 'Default Title' } : {}),
    tracker: isCounted ? 'shopify' : '',
    quantity: isCounted ? onHandOf(cells, counts) : '',
    status: isUnlisted ? 'unlisted' : (cells.status ?? '').toLowerCase(),
  };
}

const inventory: Format = {
  extension: 'csv',
  needsCounts: true,
  header: csvLine(['Handle', 'Title', 'SKU', 'Location', 'On hand']),
  write: ({ handle, title, variants }, counts) =>
    variants
      .flatMap(({ sku }) => counts.get(sku ?? '') ?? [])
      .map(({ sku, locationCode, onHand }) => {
        const code = protectedCell(sku, { isCode: true });
        return csvLine([handle, protectedCell(title), code, locationCode, String(onHand)]);
      })
      .join(''),
};

const listColumns = {
  SKU: 'sku',
  Barcode: 'barcode',
  Price: 'price',
  'Compare At Price': 'compareAtPrice',
  'Cost per item': 'cost',
} as const satisfies Record<string, Field>;

const list: Format = {
  extension: 'csv',
  needsCounts: false,
  header: csvLine(Object.keys(listColumns)),
  write: (product) =>
    fieldsOfProduct(product)
      .filter(({ rowKind }) => rowKind === 'VARIANT')
      .map((cells) => csvLine(Object.values(listColumns).map((field) => cellOf(field, cells))))
      .join(''),
};

const jsonl: Format = {
  extension: 'jsonl',
  needsCounts: false,
  header: '',
  write: (product) => `${JSON.stringify(product)}\n`,
};

const wooColumns = [
  ...['Type', 'SKU', 'GTIN, UPC, EAN, or ISBN', 'Name', 'Published', 'Visibility in catalog'],
  ...['Description', 'Tax status', 'Stock', 'Weight (g)', 'Sale price', 'Regular price'],
  ...['Categories', 'Tags', 'Images', 'Parent', 'Brands'],
  ...[1, 2, 3].flatMap((n) => [`Attribute ${n} name`, `Attribute ${n} value(s)`]),
] as const;
type WooCells = Partial<Record<(typeof wooColumns)[number], string>>;

const woo: Format = {
  extension: 'csv',
  needsCounts: true,
  header: csvLine(wooColumns),
  write(product, counts) {
    const rows = fieldsOfProduct(product).filter(({ rowKind }) => rowKind === 'VARIANT');
    const isVariable = Boolean(rows[0]?.option1Name);
    const parent = { ...wooProduct(product), Type: 'variable', SKU: product.handle };
    const lines = isVariable
      ? [
          { ...parent, ...wooAttributes(rows) },
          ...rows.map((cells) => wooVariant(cells, counts, product.handle)),
        ]
      : rows.map((cells) => ({
          ...wooVariant(cells, counts, ''),
          ...wooProduct(product),
          Type: 'simple',
        }));
    const code = (name: string) => name === 'SKU' || name.startsWith('GTIN');
    return lines
      .map((cells: WooCells) =>
        csvLine(wooColumns.map((name) => protectedCell(cells[name] ?? '', { isCode: code(name) }))),
      )
      .join('');
  },
};

const escaped = (text: string) => text.replaceAll(',', '\\,');

function wooProduct(product: JsonProduct): WooCells {
  return {
    Name: product.title,
    Published: product.status === 'ACTIVE' ? '1' : '-1',
    'Visibility in catalog': product.isUnlisted ? 'hidden' : 'visible',
    Description: product.descriptionHtml ?? '',
    Categories: escaped(product.category ?? ''),
    Brands: escaped(product.vendor ?? ''),
    Tags: (product.tags ?? []).map(escaped).join(', '),
    Images: (product.media ?? []).map(({ url }) => url).join(', '),
  };
}

function wooAttributes(rows: readonly Cells[]): WooCells {
  const cells: Record<string, string> = {};
  for (const n of [1, 2, 3] as const) {
    const name = rows[0]?.[`option${n}Name`];
    if (!name) continue;
    const values = [...new Set(rows.map((row) => row[`option${n}Value`] ?? ''))];
    cells[`Attribute ${n} name`] = name;
    cells[`Attribute ${n} value(s)`] = values.map(escaped).join(', ');
  }
  return cells;
}

function wooVariant(cells: Cells, counts: CountsBySku, parent: string): WooCells {
  const before = cells.compareAtPrice ?? '';
  return {
    ...{ Type: 'variation', SKU: cells.sku, Parent: parent },
    'GTIN, UPC, EAN, or ISBN': cells.barcode,
    Published: cells.active === 'false' ? '-1' : '1',
    'Tax status': cells.taxable === 'false' ? 'none' : 'taxable',
    Stock: cells.tracking === 'NONE' ? '' : onHandOf(cells, counts),
    'Weight (g)': cells.grams,
    'Sale price': before === '' ? '' : cells.price,
    'Regular price': before === '' ? cells.price : before,
    Images: cells.variantImageUrl,
    'Attribute 1 name': cells.option1Name,
    'Attribute 1 value(s)': cells.option1Value,
    'Attribute 2 name': cells.option2Name,
    'Attribute 2 value(s)': cells.option2Value,
    'Attribute 3 name': cells.option3Name,
    'Attribute 3 value(s)': cells.option3Value,
  };
}

export const formats: Record<ExportFormat, Format> = {
  ONECOUNT_CSV: onecount,
  ONECOUNT_JSONL: jsonl,
  SHOPIFY_PRODUCTS: shopify,
  SHOPIFY_INVENTORY: inventory,
  WOOCOMMERCE_PRODUCTS: woo,
  SKU_LIST: list,
};
