import { isIdentifier } from '@onecount/refusal';
import { isCurrencyCode } from '@onecount/money';
import { barcodeProblem } from '../variant/barcode.ts';
import {
  skuProblem,
  taxCodeProblem,
  weightSigns,
  weightUnits,
  type VariantDraft,
  type WeightUnit,
} from '../variant/variant.ts';
import { optionValues } from './csv-options.ts';
import type { GroupContext } from './csv-product.ts';
import type { RowReader } from './csv-row.ts';
import { stockOf } from './csv-stock.ts';

/** The variant of one row. */
export function variantOf(
  reader: RowReader,
  names: readonly string[],
  context: GroupContext,
): VariantDraft {
  const sku = reader.code('sku');
  const currencyCode = currencyOf(reader, context.currencyCode);
  const problem = sku === undefined ? null : skuProblem(sku);
  if (problem !== null) reader.wrong('sku', 'BAD_SKU', `SKU "${sku}" ${problem}.`);
  return {
    sku,
    ...codeOf(reader),
    optionValues: optionValues(names, reader),
    currencyCode,
    ...pricesOf(reader, currencyCode),
    costMinor: reader.price('cost', currencyCode),
    isActive: reader.flag('active', true) ?? true,
    isTaxable: reader.flag('taxable', true) ?? true,
    taxCode: taxCodeOf(reader),
    requiresShipping: reader.flag('requiresShipping', true) ?? true,
    weightGrams: reader.grams(),
    weightUnit: weightUnitOf(reader),
    mediaUrl: reader.url('variantImageUrl'),
    ...stockOf(reader, context),
  };
}

function taxCodeOf(reader: RowReader): string | undefined {
  const shown = reader.text('taxCode');
  const problem = shown === '' ? null : taxCodeProblem(shown);
  if (problem === null) return shown || undefined;
  reader.warn('taxCode', 'FACT_NOT_KEPT', `Tax code "${shown}" ${problem}.`);
  return undefined;
}

function weightUnitOf(reader: RowReader): WeightUnit | undefined {
  const shown = reader.text('weightUnit');
  const unit = weightUnits.find((each) => weightSigns[each] === shown.toLowerCase());
  if (shown !== '' && unit === undefined) {
    const message = `"${shown}" is no unit of weight (g, kg, oz, lb): the weight is shown in grams.`;
    reader.warn('weightUnit', 'FACT_NOT_KEPT', message);
  }
  return unit;
}

function currencyOf(reader: RowReader, fallback: string): string {
  const shown = reader.text('currency').toUpperCase();
  if (shown === '' || isCurrencyCode(shown)) return shown || fallback;
  reader.wrong('currency', 'BAD_PRICE', `"${shown}" is no ISO 4217 currency.`);
  return fallback;
}

function pricesOf(reader: RowReader, currencyCode: string) {
  const priceMinor = reader.price('price', currencyCode);
  const compareAtPriceMinor = reader.price('compareAtPrice', currencyCode);
  if (compareAtPriceMinor && priceMinor !== undefined && compareAtPriceMinor < priceMinor) {
    const message = `The price before, ${reader.text('compareAtPrice')}, is below the price, ${reader.text('price')}.`;
    reader.warn('compareAtPrice', 'COMPARE_AT_BELOW_PRICE', message);
  }
  return { priceMinor, compareAtPriceMinor };
}

// Shops print labels of their own, and the largest storefront checks no digit: what is no GTIN is scanned all the
// same. What a spreadsheet made of a number (3.65275E+11) is on no label.
/** The code of a row: a GTIN, or what is scanned all the same. */
export function codeOf(reader: RowReader): Pick<VariantDraft, 'barcode' | 'stockCode'> {
  const code = reader.code('barcode');
  if (code === undefined) return {};
  const problem = barcodeProblem(code);
  if (problem === null) return { barcode: code };
  if (!isIdentifier(code) || /^[0-9]+([.,][0-9]+)?E\+?[0-9]+$/iu.test(code)) {
    reader.warn('barcode', 'BARCODE_NOT_KEPT', `"${code}" is no code that can be scanned.`);
    return {};
  }
  const message = `"${code}" ${problem}: it is kept as a stock code, which is scanned like a barcode.`;
  reader.warn('barcode', 'BARCODE_KEPT_AS_STOCK_CODE', message);
  return { stockCode: code };
}
