const gtinLengths = [8, 12, 13, 14];

/**
 * Check digit of a GTIN-8, UPC-A (12), EAN-13 or GTIN-14 from its other digits: weights 3 and 1
 * alternating from the right (GS1 General Specifications, section 7.9).
 */
export function gtinCheckDigit(digitsWithoutCheck: string): number {
  let sum = 0;
  for (let i = 0; i < digitsWithoutCheck.length; i += 1) {
    const digit = digitsWithoutCheck.charCodeAt(digitsWithoutCheck.length - 1 - i) - 48;
    sum += i % 2 === 0 ? digit * 3 : digit;
  }
  return (10 - (sum % 10)) % 10;
}

/** A phrase for what is wrong with the barcode, or null when it is a valid GTIN. */
export function barcodeProblem(barcode: string): string | null {
  if (!/^[0-9]+$/.test(barcode)) return 'has something other than digits';
  if (!gtinLengths.includes(barcode.length)) {
    return `has ${barcode.length} digits; a GTIN has 8, 12, 13 or 14`;
  }
  const expected = gtinCheckDigit(barcode.slice(0, -1));
  if (Number(barcode.at(-1)) !== expected) return `ends in the wrong check digit, not ${expected}`;
  return null;
}
