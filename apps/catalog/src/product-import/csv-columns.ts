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

export type Columns = {
  /** Index of each field that the file has. */
  indexOf: ReadonlyMap<Field, number>;
  /** Names as they stand in the file. */
  header: readonly string[];
  ignored: string[];
  /** Columns of a fourth and further option, which no product can have. */
  surplusOptions: number[];
};

export type HeaderProblem = { problem: string };

// Exports of the same shops that hold something else, known by columns that no product file has.
const otherFiles = [
  {
    columns: [/^location$/iu, /^(on hand|available)\b/iu],
    problem:
      'This is an inventory file: it counts products by location and has none to import. ' +
      'Import the product file; then receive the counts (stockReceive) or count them (stocktake).',
  },
  {
    columns: [/^financial status$/iu, /^lineitem name$/iu],
    problem: 'This is a file of orders, not of products.',
  },
  {
    columns: [/^first name$/iu, /^e-?mail$/iu],
    problem: 'This is a file of customers, not of products.',
  },
];

/** Reads the header row; a file without Handle and Title is no product file. */
export function columnsOf(header: readonly string[]): Columns | HeaderProblem {
  const indexOf = new Map<Field, number>();
  const ignored: string[] = [];
  const surplusOptions: number[] = [];
  for (const [index, cell] of header.entries()) {
    const name = cell.trim();
    const field = fieldOf(name);
    if (isSurplusOption(name)) surplusOptions.push(index);
    else if (field !== undefined && !indexOf.has(field)) indexOf.set(field, index);
    else if (name !== '') ignored.push(name);
  }
  const other = otherFiles.find(({ columns }) =>
    columns.every((name) => header.some((cell) => name.test(cell.trim()))),
  );
  if (other !== undefined) return { problem: other.problem };
  const missing = (['handle', 'title'] as const).filter((field) => !indexOf.has(field));
  if (missing.length > 0) {
    const wanted = missing.map((field) => (field === 'handle' ? 'Handle' : 'Title')).join(' and ');
    return { problem: `The first row must be the header of a product file; it lacks ${wanted}.` };
  }
  return { indexOf, header, ignored, surplusOptions };
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
