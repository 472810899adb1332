// Notes and coins in circulation, in minor units, as the central banks list them. Other currencies have what is 1, 2, 2.5
// or 5 times a power of ten, the series that practically all of them follow: a list of all would be out of date by the time
// it is complete, and a count that a till refuses is worse than one that it cannot check.
const inCirculation: Record<string, readonly number[]> = {
  EUR: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000],
  USD: [1, 5, 10, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
  GBP: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
  CHF: [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 100_000],
  CAD: [1, 5, 10, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
  AUD: [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
  SEK: [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000],
  PLN: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000],
  JPY: [1, 5, 10, 50, 100, 500, 1000, 2000, 5000, 10_000],
  KWD: [5, 10, 20, 50, 100, 250, 500, 1000, 5000, 10_000, 20_000],
  BHD: [5, 10, 25, 50, 100, 500, 1000, 5000, 10_000, 20_000],
};

// Far above any note; a count times this, and the sum of all counts, stays within the exact integers.
const valueMax = 1e9;

/** Whether the currency has a note or coin of this value in minor units. */
export function isDenomination(currencyCode: string, valueMinor: number): boolean {
  const known = inCirculation[currencyCode];
  if (known) return known.includes(valueMinor);
  if (valueMinor < 1 || valueMinor > valueMax) return false;
  const leading = String(valueMinor).replace(/0+$/, '');
  return ['1', '2', '5', '25'].includes(leading);
}
