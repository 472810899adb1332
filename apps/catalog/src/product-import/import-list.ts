import type { Tx } from '@onecount/db';
import { codeKey, foldedIdentifier } from '@onecount/refusal';
import { publishChanges } from '../product/product.events.ts';
import { lockProductsOfVariants } from '../product/product.sql.ts';
import type { CountLine } from '../stock-command/stock-command.ts';
import { barcodesTaken, variantsBySku, type VariantView } from '../variant/variant.sql.ts';
import { columnName } from './csv-columns.ts';
import type { ListChange, ListPlan } from './csv-list.ts';
import type { RowError } from './csv-row.ts';
import { updateVariantValues, type ListValues } from './import-list.sql.ts';
import type { ImportJob } from './product-import.ts';

export type ListWritten = {
  productsUpdated: number;
  rowsRefused: number;
  variants: number;
  /** For inventory. */
  counts: CountLine[];
  errors: RowError[];
  warnings: RowError[];
};

/**
 * Brings the variants that the rows name to what they say, and their counts to inventory. Nothing is made: a SKU that
 * nobody has is a row error. Rows that say what is there already change nothing.
 */
export async function writeList(tx: Tx, job: ImportJob, plan: ListPlan): Promise<ListWritten> {
  const errors = [...plan.errors];
  const warnings = [...plan.warnings];
  const known = await lockedVariants(tx, plan.changes);
  const taken = await takenCodes(tx, plan.changes, known);
  const column = (field: 'sku' | 'price' | 'barcode') => columnName(job.columns, field);
  const values = new Map<string, ListValues>();
  const counts: CountLine[] = [];
  for (const change of plan.changes) {
    const { row, sku: value } = change;
    const variant = known.get(foldedIdentifier(value));
    if (variant === undefined) {
      const message = `No variant has the SKU ${value}; a list changes what is there.`;
      errors.push({ row, column: column('sku'), value, code: 'UNKNOWN_SKU', message });
      continue;
    }
    if (isOtherCurrency(variant, change, job.row.currencyCode)) {
      const message = `The amounts of ${value} are in ${variant.currencyCode}, not in ${job.row.currencyCode}.`;
      errors.push({ row, column: column('price'), value, code: 'BAD_PRICE', message });
      continue;
    }
    const isTaken = change.barcode !== undefined && taken.has(codeKey(change.barcode));
    if (isTaken) {
      const message = `"${change.barcode}" is scanned for another variant; here it is left out.`;
      const note = { row, column: column('barcode'), value: change.barcode };
      warnings.push({ ...note, code: 'BARCODE_NOT_KEPT', message });
    }
    const before = values.get(variant.id) ?? valuesOf(variant);
    values.set(
      variant.id,
      merged(before, isTaken ? { ...change, barcode: undefined } : change, job),
    );
    if (change.count) counts.push({ sku: variant.sku, row, ...change.count });
  }
  const changed = [...known.values()].flatMap((variant) => {
    const next = values.get(variant.id);
    const isNew = next && JSON.stringify(valuesOf(variant)) !== JSON.stringify(next);
    return isNew ? next : [];
  });
  const productIds = await store(tx, changed, known);
  const refused = new Set(errors.map(({ row }) => row)).size;
  const totals = { productsUpdated: productIds.length, variants: changed.length };
  return { ...totals, rowsRefused: refused, counts, errors, warnings };
}

/** The variants by the key of their SKU, read behind the locks of their products. */
async function lockedVariants(
  tx: Tx,
  changes: readonly ListChange[],
): Promise<Map<string, VariantView>> {
  const skus = [...new Set(changes.map(({ sku }) => sku))];
  const found = await variantsBySku(tx, false, skus);
  await lockProductsOfVariants(
    tx,
    found.map(({ id }) => id),
  );
  const variants = await variantsBySku(tx, false, skus);
  const present = variants.filter(({ removedAt }) => removedAt === null);
  return new Map(present.map((variant) => [foldedIdentifier(variant.sku), variant]));
}

async function takenCodes(
  tx: Tx,
  changes: readonly ListChange[],
  known: ReadonlyMap<string, VariantView>,
): Promise<Set<string>> {
  const wanted = changes.flatMap(({ sku, barcode }) => {
    const own = known.get(foldedIdentifier(sku))?.barcode;
    const isOwn = own && barcode && codeKey(own) === codeKey(barcode);
    return barcode === undefined || isOwn ? [] : barcode;
  });
  return barcodesTaken(tx, wanted);
}

function isOtherCurrency(variant: VariantView, change: ListChange, currencyCode: string): boolean {
  const { priceMinor, compareAtPriceMinor, costMinor } = change;
  const hasAmount = [priceMinor, compareAtPriceMinor, costMinor].some((one) => one !== undefined);
  return hasAmount && variant.currencyCode !== null && variant.currencyCode !== currencyCode;
}

const valuesOf = (variant: VariantView): ListValues => ({
  id: variant.id,
  currencyCode: variant.currencyCode,
  priceMinor: variant.priceMinor,
  compareAtPriceMinor: variant.compareAtPriceMinor,
  costMinor: variant.costMinor,
  barcode: variant.barcode,
  weightGrams: variant.weightGrams,
});

function merged(before: ListValues, change: ListChange, { row }: ImportJob): ListValues {
  const amounts = {
    priceMinor: change.priceMinor ?? before.priceMinor,
    compareAtPriceMinor: change.compareAtPriceMinor ?? before.compareAtPriceMinor,
    costMinor: change.costMinor ?? before.costMinor,
  };
  const hasMoney = Object.values(amounts).some((amount) => amount !== null);
  return {
    id: before.id,
    currencyCode: hasMoney ? (before.currencyCode ?? row.currencyCode) : before.currencyCode,
    ...amounts,
    barcode: change.barcode ?? before.barcode,
    weightGrams: change.weightGrams ?? before.weightGrams,
  };
}

/** Writes the values with one event for each product; answers the products. */
async function store(
  tx: Tx,
  changed: readonly ListValues[],
  known: ReadonlyMap<string, VariantView>,
): Promise<string[]> {
  if (changed.length === 0) return [];
  await updateVariantValues(tx, changed);
  const ids = new Set(changed.map(({ id }) => id));
  const touched = [...known.values()].filter(({ id }) => ids.has(id));
  const productIds = [...new Set(touched.map(({ productId }) => productId))].sort();
  await publishChanges(tx, productIds);
  return productIds;
}
