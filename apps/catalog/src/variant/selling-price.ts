type Priced = {
  priceMinor: number | null;
  compareAtPriceMinor: number | null;
  listPriceMinor: number | null;
};

/**
 * What a variant sells for now, and the former price beside it. Under a price list the former price is the variant's own:
 * what was asked until then.
 */
export function sellingPrice({ priceMinor, compareAtPriceMinor, listPriceMinor }: Priced): {
  priceMinor: number | null;
  compareAtPriceMinor: number | null;
} {
  if (listPriceMinor === null) return { priceMinor, compareAtPriceMinor };
  const isLower = priceMinor !== null && priceMinor > listPriceMinor;
  return {
    priceMinor: listPriceMinor,
    compareAtPriceMinor: isLower ? priceMinor : compareAtPriceMinor,
  };
}
