import { protectedCell } from '@onecount/service';
import { z } from 'zod';
import { nameOfField, type Columns, type Field } from './csv-columns.ts';
import { weightSigns, weightUnits } from '../variant/variant.ts';
import { linesOf, type OpenFile, type TextForm } from './file-text.ts';

// A product a line, as an export writes it: read into the rows that it would be in a product file.

const text = z.string().nullish();
const amount = z.union([z.string(), z.number()]).nullish();
const pair = z.object({ name: z.string(), value: z.string() });

const variantSchema = z.object({
  sku: text,
  barcode: text,
  stockCode: text,
  options: z.array(pair).max(3).default([]),
  price: amount,
  compareAtPrice: amount,
  cost: amount,
  currency: text,
  tracking: text,
  isActive: z.boolean().default(true),
  isTaxable: z.boolean().default(true),
  taxCode: text,
  requiresShipping: z.boolean().default(true),
  weightGrams: z.number().nullish(),
  weightUnit: z.enum(weightUnits).default('GRAM'),
  imageUrl: text,
  quantity: z.number().nullish(),
});

const productSchema = z.object({
  handle: z.string(),
  title: z.string(),
  descriptionHtml: text,
  vendor: text,
  category: text,
  productType: text,
  tags: z.array(z.string()).default([]),
  status: text,
  isUnlisted: z.boolean().default(false),
  seoTitle: text,
  seoDescription: text,
  styleNumber: text,
  productGroup: text,
  metadata: z.array(z.object({ key: z.string(), type: z.string(), value: z.string() })).default([]),
  media: z.array(z.object({ url: z.string(), alt: text })).default([]),
  variants: z.array(variantSchema).min(1),
});

export type JsonProduct = z.input<typeof productSchema>;
type Cells = Partial<Record<Field, string>>;

/** The fields that a product of ours has, in the order of our own file. */
export const jsonFields = [
  ...(['handle', 'title', 'description', 'vendor', 'category', 'productType', 'tags'] as const),
  ...(['status', 'unlisted', 'seoTitle', 'seoDescription', 'styleNumber'] as const),
  ...(['productGroup', 'metadata', 'imageUrl', 'imageAlt', 'option1Name'] as const),
  ...(['option1Value', 'option2Name', 'option2Value', 'option3Name', 'option3Value'] as const),
  ...(['sku', 'barcode', 'price', 'compareAtPrice', 'cost', 'currency', 'tracking'] as const),
  ...(['active', 'taxable', 'requiresShipping', 'grams', 'weightUnit'] as const),
  ...(['taxCode', 'variantImageUrl', 'quantity', 'rowKind'] as const),
] satisfies Field[];

export const jsonColumns: Columns = {
  format: 'ONECOUNT_JSONL',
  indexOf: new Map(jsonFields.map((field, index) => [field, index])),
  header: jsonFields.map((field) => nameOfField(field)),
  ignored: [],
  surplusOptions: [],
  metafields: [],
};

/** Whether the file begins with a JSON object. */
export async function isJsonLines(open: OpenFile, form: TextForm): Promise<boolean> {
  for await (const { lines } of linesOf(open, form)) {
    const first = lines.find((line) => line.trim() !== '');
    if (first !== undefined) return first.trimStart().startsWith('{');
  }
  return false;
}

/** The rows of one line; a line that is no product is one row with its problem, and costs nothing else. */
export function jsonRecordsOf(line: string): { cells: string[]; problem?: string }[] {
  const parsed = productSchema.safeParse(parsedJson(line));
  if (parsed.success) return rowsOf(parsed.data).map((cells) => ({ cells: cellsOf(cells) }));
  const [issue] = parsed.error.issues;
  const reason = [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ');
  return [{ cells: cellsOf({}), problem: `The line is no product: ${reason}.` }];
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return 'no JSON';
  }
}

// As in a file of ours, so that what reads the cells gives back the text.
const cellsOf = (cells: Cells): string[] =>
  jsonFields.map((field) =>
    protectedCell(cells[field] ?? '', { isCode: field === 'sku' || field === 'barcode' }),
  );
const shown = (value: string | number | null | undefined) => String(value ?? '');

/** The rows of a product, field by field: each picture and each variant in the first row that is free. */
export function fieldsOfProduct(product: JsonProduct): Cells[] {
  return rowsOf(productSchema.parse(product));
}

function rowsOf(product: z.output<typeof productSchema>): Cells[] {
  const { handle, media } = product;
  const pictures = media.map(({ url, alt }): Cells => ({ imageUrl: url, imageAlt: shown(alt) }));
  const variants = product.variants.map(variantCells);
  const total = Math.max(pictures.length, variants.length);
  return Array.from({ length: total }, (_, index) => ({
    ...{ handle, rowKind: variants[index] ? 'VARIANT' : 'IMAGE' },
    ...(index === 0 ? productCells(product) : {}),
    ...pictures[index],
    ...variants[index],
  }));
}

function productCells(product: z.output<typeof productSchema>): Cells {
  return {
    title: product.title,
    description: shown(product.descriptionHtml),
    vendor: shown(product.vendor),
    category: shown(product.category),
    productType: shown(product.productType),
    tags: product.tags.map((tag) => tag.replaceAll(',', '\\,')).join(','),
    status: shown(product.status),
    unlisted: String(product.isUnlisted),
    seoTitle: shown(product.seoTitle),
    seoDescription: shown(product.seoDescription),
    styleNumber: shown(product.styleNumber),
    productGroup: shown(product.productGroup),
    metadata: product.metadata.length === 0 ? '' : JSON.stringify(product.metadata),
  };
}

function variantCells(variant: z.output<typeof variantSchema>): Cells {
  const [one, two, three] = variant.options;
  return {
    option1Name: shown(one?.name),
    option1Value: shown(one?.value),
    option2Name: shown(two?.name),
    option2Value: shown(two?.value),
    option3Name: shown(three?.name),
    option3Value: shown(three?.value),
    sku: shown(variant.sku),
    barcode: shown(variant.barcode ?? variant.stockCode),
    price: shown(variant.price),
    compareAtPrice: shown(variant.compareAtPrice),
    cost: shown(variant.cost),
    currency: shown(variant.currency),
    tracking: shown(variant.tracking),
    active: String(variant.isActive),
    taxable: String(variant.isTaxable),
    requiresShipping: String(variant.requiresShipping),
    grams: shown(variant.weightGrams),
    weightUnit: weightSigns[variant.weightUnit],
    taxCode: shown(variant.taxCode),
    variantImageUrl: shown(variant.imageUrl),
    quantity: shown(variant.quantity),
  };
}
