import { gtinCheckDigit } from '@onecount/refusal';

/**
 * An EAN-13 for use within one company: prefix 20 of the restricted circulation numbers (GS1 General
 * Specifications, section 2.1.11). 21 to 29 stay free for codes of scales, which carry a weight or a price.
 * Takes a number of 1–10 digits.
 */
export function internalBarcode(number: number): string {
  const digits = `20${String(number).padStart(10, '0')}`;
  if (digits.length !== 12) throw new RangeError(`${number} has more than ten digits`);
  return `${digits}${gtinCheckDigit(digits)}`;
}
