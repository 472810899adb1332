import { codeKey, foldedIdentifier } from '@onecount/refusal';
import { combinationKey } from '../product/product.ts';
import type { VariantDraft } from '../variant/variant.ts';
import type { RowReader } from './csv-row.ts';

// What two variants of one product have in common and must not.

/**
 * Shops that count by product write one SKU on each of its sizes. Here a SKU is one variant: the further ones
 * get the next free number, always the same for the same file.
 */
export function numberRepeatedSkus(readers: readonly RowReader[], variants: VariantDraft[]): void {
  const written = new Set(variants.flatMap(({ sku }) => (sku ? [foldedIdentifier(sku)] : [])));
  const used = new Set<string>();
  for (const [index, variant] of variants.entries()) {
    const { sku } = variant;
    if (sku === undefined) continue;
    let own = sku;
    for (let n = 2; used.has(foldedIdentifier(own)); n += 1) {
      const next = `${sku}-${n}`;
      if (!written.has(foldedIdentifier(next))) own = next;
    }
    used.add(foldedIdentifier(own));
    if (own === sku) continue;
    variant.sku = own;
    const message = `SKU ${sku} stands on another variant of this product; this one is ${own}.`;
    readers[index]?.warn('sku', 'SKU_NUMBERED', message);
  }
}

/** A code that stands on several variants, a GTIN or a text like "N/A", is scanned for none but the first. */
export function dropRepeatedCodes(readers: readonly RowReader[], variants: VariantDraft[]): void {
  const seen = new Set<string>();
  for (const [index, variant] of variants.entries()) {
    const code = variant.barcode ?? variant.stockCode;
    if (code === undefined) continue;
    if (seen.has(codeKey(code))) {
      delete variant.barcode;
      delete variant.stockCode;
      const message = `"${code}" stands on another variant of this product; here it is left out.`;
      readers[index]?.warn('barcode', 'BARCODE_NOT_KEPT', message);
    }
    seen.add(codeKey(code));
  }
}

/** What two variants of one product must not share, reported at the later row. */
export function reportTwins(
  readers: readonly RowReader[],
  variants: readonly VariantDraft[],
): void {
  const seen = new Map<string, number>();
  const once = (key: string, index: number, report: (row: number) => void) => {
    const before = seen.get(key);
    if (before === undefined) seen.set(key, index);
    else report(readers[before]?.row.number ?? 0);
  };
  for (const [index, { optionValues: values, sku, openingStock }] of variants.entries()) {
    const reader = readers[index];
    if (reader === undefined) continue;
    once(`combination ${combinationKey(values)}`, index, (row) => {
      const shown = values.length === 0 ? 'without options' : values.join(' / ');
      reader.wrong(
        'option1Value',
        'DUPLICATE_VARIANT',
        `The variant ${shown} stands in row ${row} already.`,
      );
    });
    if (sku !== undefined) {
      once(`sku ${foldedIdentifier(sku)}`, index, (row) =>
        reader.wrong('sku', 'DUPLICATE_SKU', `SKU ${sku} stands in row ${row} already.`),
      );
    }
    for (const stockNumber of new Set(stockNumbersOf(openingStock))) {
      once(`stock number ${foldedIdentifier(stockNumber)}`, index, (row) =>
        reader.wrong(
          'stockNumbers',
          'DUPLICATE_SERIAL',
          `${stockNumber} stands in row ${row} already.`,
        ),
      );
    }
  }
}

function stockNumbersOf(openingStock: VariantDraft['openingStock']): string[] {
  return openingStock.flatMap((line) => line.serials.flatMap((unit) => unit.stockNumber ?? []));
}
