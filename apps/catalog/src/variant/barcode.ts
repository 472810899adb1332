import { gtin14, gtinCheckDigit, identifierOf } from '@onecount/refusal';

const gtinLengths = [8, 12, 13, 14];

/** A phrase for what is wrong with the barcode, or null when it is a GTIN in one of its forms. */
export function barcodeProblem(barcode: string): string | null {
  if (gtin14(barcode) !== null) return null;
  const digits = identifierOf(barcode).replaceAll('-', '');
  if (!/^[0-9]+$/.test(digits)) return 'has something other than digits';
  if (!gtinLengths.includes(digits.length)) {
    return `has ${digits.length} digits; a GTIN has 8, 12, 13 or 14`;
  }
  return `ends in the wrong check digit, not ${gtinCheckDigit(digits.slice(0, -1))}`;
}
