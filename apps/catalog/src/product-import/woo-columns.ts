import type { Columns, Field } from './csv-columns.ts';

type Cell = (name: string) => string;

// Where each field of ours comes from, so that an error names the column of the file.
const sources = {
  rowKind: 'Type',
  handle: 'SKU',
  title: 'Name',
  description: 'Description',
  vendor: 'Brands',
  category: 'Categories',
  tags: 'Tags',
  status: 'Published',
  unlisted: 'Visibility in catalog',
  sku: 'SKU',
  barcode: 'GTIN, UPC, EAN, or ISBN',
  grams: 'Weight',
  tracker: 'Stock',
  quantity: 'Stock',
  inventoryPolicy: 'Backorders allowed?',
  price: 'Regular price',
  compareAtPrice: 'Regular price',
  requiresShipping: 'Type',
  taxable: 'Tax status',
  imageUrls: 'Images',
  variantImageUrl: 'Images',
  option1Name: 'Attribute 1 name',
  option1Value: 'Attribute 1 value(s)',
  option2Name: 'Attribute 2 name',
  option2Value: 'Attribute 2 value(s)',
  option3Name: 'Attribute 3 name',
  option3Value: 'Attribute 3 value(s)',
} as const satisfies Partial<Record<Field, string>>;
type WooField = keyof typeof sources;
const fields = Object.keys(sources) as WooField[];

const gramsOfUnit: Record<string, number> = { kg: 1000, g: 1, lbs: 453.59237, oz: 28.349523125 };

/** The columns of WooCommerce's product file, translated; undefined when the header is of another file. */
export function wooColumnsOf(header: readonly string[]): Columns | undefined {
  const at = new Map(header.map((name, index) => [name.trim().toLowerCase(), index]));
  if (!['type', 'sku', 'name', 'published'].every((name) => at.has(name))) return undefined;
  const weight = /^weight \((\w+)\)$/iu;
  const weightName = header.find((name) => weight.test(name.trim()))?.trim() ?? 'Weight';
  const gramsOf = gramsOfUnit[weight.exec(weightName)?.[1]?.toLowerCase() ?? 'kg'] ?? 1000;
  const nameOf = (field: WooField) => (field === 'grams' ? weightName : sources[field]);
  const known = new Set([...fields.map(nameOf), ...alsoRead].map((name) => name.toLowerCase()));
  const metafields = header.flatMap((name, index) => {
    const key = /^meta: (.+)$/iu.exec(name.trim())?.[1]?.replace(/[^\p{L}\p{N}._:-]+/gu, '_');
    return key === undefined ? [] : [{ index: index + fields.length + 1, key }];
  });
  const isIgnored = (name: string) =>
    name !== '' && !known.has(name.toLowerCase()) && !/^(meta: |attribute \d+ )/iu.test(name);
  return {
    format: 'WOOCOMMERCE_PRODUCTS',
    indexOf: new Map(fields.map((field, index) => [field, index])),
    header: [...fields.map(nameOf), 'Attribute 4 value(s)', ...header],
    ignored: header.map((name) => name.trim()).filter(isIgnored),
    surplusOptions: [fields.length],
    metafields,
    translate(cells) {
      const cell: Cell = (name) => (cells[at.get(name.toLowerCase()) ?? -1] ?? '').trim();
      const read = fieldsOf(cell, { weightName, gramsOf });
      return [...fields.map((field) => read[field] ?? ''), attributes(cell)[3]?.value ?? ''];
    },
  };
}

const alsoRead = ['ID', 'Parent', 'Sale price', 'Short description', 'In stock?'];

function fieldsOf(
  cell: Cell,
  weight: { weightName: string; gramsOf: number },
): Partial<Record<WooField, string>> {
  const kinds = cell('Type')
    .toLowerCase()
    .split(/\s*,\s*/u);
  const isVariation = kinds.includes('variation');
  const isParent = kinds.includes('variable');
  const images = cell('Images');
  return {
    ...namesOf(cell, isVariation),
    ...moneyOf(cell),
    rowKind: isParent ? 'PRODUCT' : isVariation ? 'VARIANT' : '',
    sku: isParent ? '' : cell('SKU'),
    barcode: cell(sources.barcode),
    grams: gramsText(cell(weight.weightName), weight.gramsOf),
    ...(isParent ? {} : stockOf(cell)),
    requiresShipping: kinds.includes('virtual') ? 'false' : '',
    taxable: { taxable: 'true', none: 'false', shipping: 'false' }[cell('Tax status')] ?? '',
    ...(isVariation ? { variantImageUrl: images.split(/,\s*/u)[0] } : { imageUrls: images }),
    ...(isVariation || isParent ? optionsOf(cell, isVariation) : {}),
  };
}

function namesOf(cell: Cell, isVariation: boolean): Partial<Record<WooField, string>> {
  if (isVariation) return { handle: parentKey(cell('Parent')) };
  const [category = '', ...others] = listOf(cell('Categories'));
  return {
    handle: cell('SKU') === '' ? `id:${cell('ID')}` : `sku:${cell('SKU')}`,
    title: cell('Name'),
    description: cell('Description') || cell('Short description'),
    vendor: listOf(cell('Brands'))[0] ?? '',
    category,
    tags: [...listOf(cell('Tags')), ...others].join(','),
    // 0 is private and -1 a draft: neither is on sale.
    status: cell('Published') === '1' ? 'active' : 'draft',
    unlisted: /^(hidden|search)$/iu.test(cell('Visibility in catalog')) ? 'true' : '',
  };
}

const parentKey = (parent: string) => (parent.startsWith('id:') ? parent : `sku:${parent}`);

function moneyOf(cell: Cell): Partial<Record<WooField, string>> {
  const [regular, sale] = [cell('Regular price'), cell('Sale price')];
  return sale === '' ? { price: regular } : { price: sale, compareAtPrice: regular };
}

/** Blank stock is stock that the shop does not manage. */
function stockOf(cell: Cell): Partial<Record<WooField, string>> {
  const stock = cell('Stock');
  const isOversold = /^(1|notify|yes)$/iu.test(cell('Backorders allowed?'));
  return {
    quantity: stock,
    tracker: stock === '' ? '' : 'woocommerce',
    inventoryPolicy: isOversold ? 'continue' : '',
  };
}

function gramsText(shown: string, gramsOf: number): string {
  if (shown === '' || !/^[0-9]+([.,][0-9]+)?$/u.test(shown)) return shown;
  return String(Math.round(Number(shown.replace(',', '.')) * gramsOf));
}

/** A variation without a value of an attribute is for any of them. */
function optionsOf(cell: Cell, isVariation: boolean): Partial<Record<WooField, string>> {
  const [one, two, three] = attributes(cell);
  const value = (shown: string | undefined) => (isVariation ? shown || 'Any' : '');
  return {
    ...(one && { option1Name: one.name, option1Value: value(one.value) }),
    ...(two && { option2Name: two.name, option2Value: value(two.value) }),
    ...(three && { option3Name: three.name, option3Value: value(three.value) }),
  };
}

function attributes(cell: Cell): { name: string; value: string }[] {
  const all = Array.from({ length: 10 }, (_, index) => ({
    name: cell(`Attribute ${index + 1} name`),
    value: cell(`Attribute ${index + 1} value(s)`),
  }));
  return all.filter(({ name }) => name !== '');
}

// A comma inside a name is written with a backslash.
function listOf(text: string): string[] {
  const parts = text.split(/(?<!\\),/u).map((part) => part.replaceAll('\\,', ',').trim());
  return parts.filter((part) => part !== '');
}

/** Both names of a product row; variations name their parent by either. */
export function wooNames(cells: readonly string[], { header }: Columns): [string, string] | null {
  const cell = (name: string) =>
    (cells[header.findLastIndex((of) => of.trim().toLowerCase() === name)] ?? '').trim();
  const [id, sku, type] = [cell('id'), cell('sku'), cell('type').toLowerCase()];
  return id === '' || sku === '' || type.includes('variation') ? null : [`id:${id}`, `sku:${sku}`];
}
