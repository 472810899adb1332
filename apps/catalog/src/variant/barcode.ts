import { gtin14, gtinCheckDigit, identifierOf } from '@onecount/refusal';

const gtinLengths = [8, 12, 13, 14];

/**
 * A variant has one code that is scanned for it: a GTIN, which trading partners know, or a text of the shop's own.
 * They are one column, so that no text names two variants; which it is shows by itself.
 */
export function codesOf(code: string | null): { barcode: string | null; stockCode: string | null } {
  const isBarcode = code !== null && gtin14(code) !== null;
  return { barcode: isBarcode ? code : null, stockCode: isBarcode ? null : code };
}

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
