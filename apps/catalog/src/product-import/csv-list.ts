import type { Columns } from './csv-columns.ts';
import { codeOf } from './csv-variant.ts';
import type { GroupContext, RowGroup } from './csv-product.ts';
import { rowReader, type RowError, type RowReader } from './csv-row.ts';

/** What one row of a list changes about the variant of its SKU; undefined stays. */
export type ListChange = {
  row: number;
  sku: string;
  priceMinor?: number;
  compareAtPriceMinor?: number;
  costMinor?: number;
  barcode?: string;
  weightGrams?: number;
  count?: { location: string; onHand: number };
};

export type ListPlan = { changes: ListChange[]; errors: RowError[]; warnings: RowError[] };

/** The changes of a list; a row that is wrong is left out of them, and the others go on. Never throws. */
export function planList(group: RowGroup, context: GroupContext): ListPlan {
  const plan: ListPlan = { changes: [], errors: [], warnings: [] };
  for (const row of group.rows) {
    const errors: RowError[] = [];
    const tell = {
      error: (error: RowError) => void errors.push(error),
      warning: (warning: RowError) => void plan.warnings.push(warning),
    };
    const reader = rowReader(context.columns, row, tell);
    const change = changeOf(reader, context);
    if (row.isTorn) {
      const message = `A quotation mark in line ${row.line} is not closed.`;
      errors.push({ row: row.number, code: 'QUOTE_NOT_CLOSED', message });
    }
    if (errors.length === 0) plan.changes.push(change);
    plan.errors.push(...errors);
  }
  return plan;
}

function changeOf(reader: RowReader, context: GroupContext): ListChange {
  const { currencyCode } = context;
  const sku = reader.code('sku') ?? '';
  if (sku === '') reader.wrong('sku', 'MISSING_SKU', 'The row has no SKU: it changes nothing.');
  const { barcode, stockCode } = codeOf(reader);
  return {
    row: reader.row.number,
    sku,
    priceMinor: reader.price('price', currencyCode),
    compareAtPriceMinor: reader.price('compareAtPrice', currencyCode),
    costMinor: reader.price('cost', currencyCode),
    barcode: barcode ?? stockCode,
    weightGrams: reader.grams(),
    count: countOf(reader, context),
  };
}

/** A location that does not have the item is "not stocked" in the storefront's file. */
function countOf(
  reader: RowReader,
  { columns, locationCode }: GroupContext & { columns: Columns },
): ListChange['count'] {
  const field = columns.indexOf.has('onHand') ? 'onHand' : 'quantity';
  if (/^not stocked$/iu.test(reader.text(field))) return undefined;
  const onHand = reader.quantity(field);
  const location = reader.text('location') || locationCode;
  return onHand === undefined ? undefined : { location, onHand };
}
