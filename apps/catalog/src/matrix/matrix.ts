import { codeKey, foldedIdentifier } from '@onecount/refusal';
import type { ProductWarning } from '../product/product.ts';
import { moneyWarnings } from '../variant/variant-change.ts';
import type { VariantRow } from '../variant/variant.entity.ts';
import { shownAmount } from './amount-change.ts';

/** A variant as it will be; where a picture is named, its address in place of an id that it may not have yet. */
export type Draft = VariantRow & { imageUrl?: string | null };

export type RowRefusal = {
  row: number | null;
  sku: string | null;
  field: string;
  value: string | null;
  message: string;
};
export type Difference = {
  id: string;
  sku: string;
  fields: { field: string; before: string | null; after: string | null }[];
};

const text = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value as string | number | boolean);

const shown: Record<string, (row: Draft) => string | null> = {
  sku: ({ sku }) => sku,
  price: ({ priceMinor, currencyCode }) => shownAmount(priceMinor, currencyCode),
  compareAtPrice: ({ compareAtPriceMinor: minor, currencyCode }) =>
    shownAmount(minor, currencyCode),
  cost: ({ costMinor, currencyCode }) => shownAmount(costMinor, currencyCode),
  currencyCode: ({ currencyCode }) => currencyCode,
  code: ({ barcode }) => barcode,
  weightGrams: ({ weightGrams }) => text(weightGrams),
  isActive: ({ isActive }) => text(isActive),
  isTaxable: ({ isTaxable }) => text(isTaxable),
  taxCode: ({ taxCode }) => taxCode,
  weightUnit: ({ weightUnit }) => weightUnit,
  requiresShipping: ({ requiresShipping }) => text(requiresShipping),
  position: ({ position }) => text(position),
};

/** What is different, by variant, in the order of the variants as they were. */
export function differencesOf(
  rows: readonly (Draft & { imageUrl: string | null })[],
  drafts: ReadonlyMap<string, Draft>,
): Difference[] {
  return rows.flatMap((row) => {
    const draft = drafts.get(row.id)!;
    const fields = Object.entries(shown).flatMap(([field, of]) => {
      const [before, after] = [of(row), of(draft)];
      return before === after ? [] : { field, before, after };
    });
    if (draft.imageUrl !== undefined && draft.imageUrl !== row.imageUrl) {
      fields.push({ field: 'imageUrl', before: row.imageUrl, after: draft.imageUrl });
    }
    return fields.length === 0 ? [] : { id: row.id, sku: row.sku, fields };
  });
}

/** Puts the moved ones at their places; the others keep their order around them. Answers ids in order. */
export function reordered(ids: readonly string[], moves: ReadonlyMap<string, number>): string[] {
  const order = ids.filter((id) => !moves.has(id));
  const moved = ids.filter((id) => moves.has(id)).sort((a, b) => moves.get(a)! - moves.get(b)!);
  for (const id of moved) order.splice(moves.get(id)! - 1, 0, id);
  return order;
}

/** The names that two of the product's own variants would share, as refusals of the later one. */
export function sharedNames(
  drafts: Iterable<Draft>,
  rowOf: (id: string) => number | null,
): RowRefusal[] {
  const seen = new Map<string, string>();
  const refusals: RowRefusal[] = [];
  for (const { id, sku, barcode } of drafts) {
    const names = [
      { field: 'sku', value: sku, key: `sku ${foldedIdentifier(sku)}` },
      ...(barcode === null
        ? []
        : [{ field: 'barcode', value: barcode, key: `code ${codeKey(barcode)}` }]),
    ];
    for (const { field, value, key } of names) {
      const other = seen.get(key);
      if (other === undefined) seen.set(key, id);
      else {
        const message = `Two variants would have the ${field} ${value}.`;
        refusals.push({ row: rowOf(id) ?? rowOf(other), sku, field, value, message });
      }
    }
  }
  return refusals;
}

const skusShown = 5;

/** What deserves a look about a product's variants, one warning for each kind. */
export function matrixWarnings(drafts: readonly Draft[]): ProductWarning[] {
  const warned = (code: string, what: string, some: readonly Draft[]): ProductWarning[] => {
    if (some.length === 0) return [];
    const names = some.slice(0, skusShown).map(({ sku }) => sku);
    const more = some.length > skusShown ? ', …' : '';
    const message = `${some.length} of ${drafts.length} variants ${what}: ${names.join(', ')}${more}`;
    return [{ code, message }];
  };
  const having = (code: string) =>
    drafts.filter((draft) => moneyWarnings(draft).some((warning) => warning.code === code));
  const common = commonPrice(drafts);
  const higher = drafts.filter(
    ({ priceMinor }) => common !== null && priceMinor !== null && priceMinor > common,
  );
  return [
    ...warned('PRICE_MISSING', 'have no price and cannot be sold', having('PRICE_MISSING')),
    ...warned(
      ...([
        'COMPARE_AT_NOT_ABOVE_PRICE',
        'have a former price that is not above the price',
      ] as const),
      having('COMPARE_AT_NOT_ABOVE_PRICE'),
    ),
    ...warned('PRICE_HIGHER', 'cost more than most of them', higher),
    ...warned(
      ...(['BARCODE_MISSING', 'have no barcode'] as const),
      drafts.filter(({ barcode }) => barcode === null),
    ),
  ];
}

/** The price that more than half of the variants have; null where there is none. */
function commonPrice(drafts: readonly Draft[]): number | null {
  const prices = Map.groupBy(drafts, ({ priceMinor }) => priceMinor);
  const [price] = [...prices].find(([, some]) => some.length * 2 > drafts.length) ?? [null];
  return price;
}
