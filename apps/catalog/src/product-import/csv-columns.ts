/** The cells that an import understands; everything else in a file is ignored and listed. */
export type Field = keyof typeof names;

// First Shopify's classic export, then its present template, both without case. A metafield column is
// known by its key, because the words in front of the brackets are the shop's own.
const names = {
  handle: ['handle', 'url handle'],
  title: ['title'],
  description: ['body (html)', 'body html', 'description'],
  vendor: ['vendor'],
  category: ['product category', 'category'],
  productType: ['type', 'product type', 'custom product type'],
  tags: ['tags'],
  published: ['published', 'published on online store'],
  status: ['status'],
  option1Name: ['option1 name'],
  option1Value: ['option1 value'],
  option2Name: ['option2 name'],
  option2Value: ['option2 value'],
  option3Name: ['option3 name'],
  option3Value: ['option3 value'],
  sku: ['variant sku', 'sku'],
  barcode: ['variant barcode', 'barcode'],
  grams: ['variant grams', 'weight value (grams)'],
  tracker: ['variant inventory tracker', 'inventory tracker'],
  quantity: ['variant inventory qty', 'inventory quantity'],
  inventoryPolicy: ['variant inventory policy', 'continue selling when out of stock'],
  giftCard: ['gift card'],
  price: ['variant price', 'price'],
  compareAtPrice: ['variant compare at price', 'compare-at price', 'compare at price'],
  cost: ['cost per item', 'variant cost'],
  weightUnit: ['variant weight unit', 'weight unit for display'],
  taxCode: ['variant tax code', 'tax code'],
  requiresShipping: ['variant requires shipping', 'requires shipping'],
  taxable: ['variant taxable', 'charge tax'],
  imageUrl: ['image src', 'product image url'],
  imagePosition: ['image position'],
  imageAlt: ['image alt text'],
  variantImageUrl: ['variant image', 'variant image url'],
  serials: ['serial number', 'serial numbers', 'variant serial number'],
  stockNumbers: ['stock number', 'stock numbers'],
  certificateNumber: ['certificate number'],
  certificateLab: ['certificate lab'],
  certificateGrade: ['certificate grade'],
  certificateUrl: ['certificate url'],
  seoTitle: ['seo title'],
  seoDescription: ['seo description'],
  // What our own files say beside the storefront's columns.
  tracking: ['tracking'],
  active: ['variant active'],
  unlisted: ['unlisted'],
  currency: ['currency'],
  styleNumber: ['style number'],
  productGroup: ['product group'],
  metadata: ['metadata'],
  // Several in one cell.
  imageUrls: ['image urls'],
  // Counts by location.
  location: ['location'],
  onHand: [
    'on hand (new)',
    'on hand',
    'on hand (current)',
    'available',
    'available (not editable)',
  ],
  /** PRODUCT in a row that carries the product and is none of its variants. */
  rowKind: ['row kind'],
} as const satisfies Record<string, readonly string[]>;

const metafieldKeys: Record<string, Field> = {
  serial: 'serials',
  serials: 'serials',
  serial_number: 'serials',
  serial_numbers: 'serials',
  stock_number: 'stockNumbers',
  stock_numbers: 'stockNumbers',
  certificate: 'certificateNumber',
  certificate_number: 'certificateNumber',
  certificate_lab: 'certificateLab',
  grading_lab: 'certificateLab',
  certificate_grade: 'certificateGrade',
  grade: 'certificateGrade',
  certificate_url: 'certificateUrl',
  certificate_report_url: 'certificateUrl',
  report_url: 'certificateUrl',
};

const fieldByName = new Map<string, Field>(
  (Object.entries(names) as [Field, readonly string[]][]).flatMap(([field, aliases]) =>
    aliases.map((alias): [string, Field] => [alias, field]),
  ),
);

export type ImportFormat =
  | 'SHOPIFY_PRODUCTS'
  | 'SHOPIFY_INVENTORY'
  | 'WOOCOMMERCE_PRODUCTS'
  | 'ONECOUNT_CSV'
  | 'ONECOUNT_JSONL'
  | 'SKU_LIST';

/** Which field a column of the file is, by its name without case: what the shop says of columns of its own. */
export type ColumnMapping = ReadonlyMap<string, Field>;

export type Columns = {
  format: ImportFormat;
  /** Index of each field that the file has. */
  indexOf: ReadonlyMap<Field, number>;
  /** Names as they stand in the file. */
  header: readonly string[];
  ignored: string[];
  /** Columns of a fourth and further option, which no product can have. */
  surplusOptions: number[];
  /** Columns whose cells are kept as facts of the product, under these keys. */
  metafields: { index: number; key: string }[];
  /** Cells by field out of the cells of the file; they stand in front of those. */
  translate?(cells: readonly string[]): string[];
};

export type HeaderProblem = { problem: string };

// Exports of the same shops that hold something else, known by columns that no product file has.
const otherFiles = [
  {
    columns: [/^financial status$/iu, /^lineitem name$/iu],
    problem: 'This is a file of orders, not of products.',
  },
  {
    columns: [/^first name$/iu, /^e-?mail$/iu],
    problem: 'This is a file of customers, not of products.',
  },
];

const listFields: Field[] = [
  ...(['price', 'compareAtPrice', 'cost', 'barcode', 'grams'] as const),
  ...(['quantity', 'onHand'] as const),
];

/**
 * Reads the header row. A file with Handle and Title is one of products; one with SKU and counts by location is of
 * stock; one with SKU and anything to change, without a title, is a list.
 */
export function columnsOf(
  header: readonly string[],
  mapping: ColumnMapping = new Map(),
): Columns | HeaderProblem {
  const read = mappedColumns(header, mapping);
  const other = otherFiles.find(({ columns }) =>
    columns.every((name) => header.some((cell) => name.test(cell.trim()))),
  );
  if (other !== undefined) return { problem: other.problem };
  const has = (field: Field) => read.indexOf.has(field);
  if (has('sku') && has('location') && has('onHand'))
    return { ...read, format: 'SHOPIFY_INVENTORY' };
  if (has('sku') && !has('title') && listFields.some(has)) return { ...read, format: 'SKU_LIST' };
  // Who names the columns of a foreign file need not have a handle: the title stands for it.
  const wanted = mapping.size > 0 ? (['title'] as const) : (['handle', 'title'] as const);
  const missing = wanted.filter((field) => !has(field));
  if (missing.length > 0) {
    const names = missing.map((field) => (field === 'handle' ? 'Handle' : 'Title')).join(' and ');
    return { problem: `The first row must be the header of a product file; it lacks ${names}.` };
  }
  return { ...read, format: has('tracking') ? 'ONECOUNT_CSV' : 'SHOPIFY_PRODUCTS' };
}

function mappedColumns(header: readonly string[], mapping: ColumnMapping): Omit<Columns, 'format'> {
  const indexOf = new Map<Field, number>();
  const ignored: string[] = [];
  const surplusOptions: number[] = [];
  const metafields: Columns['metafields'] = [];
  for (const [index, cell] of header.entries()) {
    const name = cell.trim();
    const field = mapping.get(name.toLowerCase()) ?? fieldOf(name);
    const key = metafieldKey(name);
    if (isSurplusOption(name)) surplusOptions.push(index);
    else if (field !== undefined && isBetter(field, name, { indexOf, header })) {
      indexOf.set(field, index);
    } else if (field === undefined && key !== undefined) metafields.push({ index, key });
    else if (name !== '' && !isOurNote(name)) ignored.push(name);
  }
  return { indexOf, header, ignored, surplusOptions, metafields };
}

/** The first of two columns of one field, unless the later one's name is the better: "On hand (new)" over "On hand". */
function isBetter(
  field: Field,
  name: string,
  { indexOf, header }: { indexOf: ReadonlyMap<Field, number>; header: readonly string[] },
): boolean {
  const before = indexOf.get(field);
  if (before === undefined) return true;
  if (field !== 'onHand') return false;
  const rank = (of: string) => (names.onHand as readonly string[]).indexOf(of.toLowerCase());
  return rank(name) < rank(header[before]!.trim());
}

/** Columns that a list of refused rows carries, so that it can be imported again once corrected. */
export const noteColumns = ['Import row', 'Import note'] as const;
const isOurNote = (name: string) => (noteColumns as readonly string[]).includes(name);

/** `custom.care` of "Care (product.metafields.custom.care)". */
function metafieldKey(name: string): string | undefined {
  return /\(product\.metafields\.([^.()]+\.[^.()]+)\)\s*$/iu.exec(name)?.[1];
}

function fieldOf(name: string): Field | undefined {
  const metafield = /\((?:product|variant)\.metafields\.[^.()]+\.([^.()]+)\)\s*$/iu.exec(name);
  if (metafield === null) return fieldByName.get(name.toLowerCase());
  const key = metafield[1]?.toLowerCase() ?? '';
  return Object.hasOwn(metafieldKeys, key) ? metafieldKeys[key] : undefined;
}

function isSurplusOption(name: string): boolean {
  return /^option([4-9]|[1-9][0-9]+) (name|value)$/iu.test(name);
}

/** The column as the file calls it, for an error message. */
export function columnName(columns: Columns, field: Field): string | undefined {
  const index = columns.indexOf.get(field);
  return index === undefined ? undefined : columns.header[index]?.trim();
}

/** Every field that a column can be mapped to. */
export const fieldNames = Object.keys(names) as Field[];

/** The name under which we write a field. */
export function nameOfField(field: Field): string {
  return (names[field] as readonly string[])[0]!;
}
