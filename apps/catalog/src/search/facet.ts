import { moneyOf, type Money } from '@onecount/money';

/** How many products have a term, as the database counted them. */
export type FacetRow = { kind: string; value: string; label: string; count: number };
export type FacetValue = { value: string; label: string; count: number };
export type PriceFacet = { from: Money; to: Money | null; count: number };

/** Ends of price bands in minor units: 1, 2.5 and 5 times each power of ten, in any currency. */
export const priceEnds: readonly number[] = [
  0,
  ...[2, 3, 4, 5, 6, 7, 8].flatMap((power) => [1, 2.5, 5].map((step) => step * 10 ** power)),
];

export function facetsOf(rows: readonly FacetRow[], isExact: boolean) {
  const of = (kind: string): FacetValue[] =>
    rows
      .filter((row) => row.kind === kind)
      .map(({ value, label, count }) => ({ value, label, count }));
  return {
    statuses: of('s'),
    // The filter takes names: an id would be one more thing to look up.
    vendors: of('v').map((facet) => ({ ...facet, value: facet.label })),
    categories: of('c'),
    productTypes: of('t'),
    tags: of('g'),
    prices: rows.filter(({ kind }) => kind === 'price').map(priceFacet),
    isExact,
  };
}

/** `label` is the currency, `value` which band, from 1 on. */
function priceFacet({ value, label: currencyCode, count }: FacetRow): PriceFacet {
  const end = (index: number) => {
    const amountMinor = priceEnds[index];
    return amountMinor === undefined ? null : moneyOf({ amountMinor, currencyCode });
  };
  return { from: end(Number(value) - 1)!, to: end(Number(value)), count };
}
