import { foldedIdentifier, identifierOf } from './identifier.ts';

// A GTIN is one number in several forms: GTIN-8, UPC-E, UPC-A (12), EAN-13, GTIN-14, and an ISBN-10 under its
// prefix 978 (GS1 General Specifications, sections 3.3 and 7.9; ISBN Users' Manual, section 5). `code_key` in
// libs/db reads codes in the same way; a test compares them.

/**
 * Check digit of a GTIN from its other digits: weights 3 and 1 alternating from the right
 * (GS1 General Specifications, section 7.9).
 */
export function gtinCheckDigit(digitsWithoutCheck: string): number {
  let sum = 0;
  for (let i = 0; i < digitsWithoutCheck.length; i += 1) {
    const digit = digitsWithoutCheck.charCodeAt(digitsWithoutCheck.length - 1 - i) - 48;
    sum += i % 2 === 0 ? digit * 3 : digit;
  }
  return (10 - (sum % 10)) % 10;
}

/**
 * The number that a code is a form of, as 14 digits; null when it is no GTIN. Hyphens may stand in the longer
 * forms, as publishers print them; in eight digits they are somebody's own numbering.
 */
export function gtin14(code: string): string | null {
  const kept = identifierOf(code);
  const digits = kept.length > 9 ? kept.replaceAll('-', '') : kept;
  if (/^[0-9]{9}[0-9Xx]$/.test(digits)) return ofIsbn10(digits);
  if (!/^([0-9]{8}|[0-9]{12,14})$/.test(digits)) return null;
  // GS1 gives out no GTIN-8 that begins with 0, and UPC-E is printed with that digit only.
  const upcA = digits.length === 8 && digits.startsWith('0') ? expandedUpcE(digits) : digits;
  const number = isChecked(upcA) ? upcA : digits;
  return isChecked(number) ? number.padStart(14, '0') : null;
}

/** What a code is compared by: its GTIN in all forms alike, any other text without case. */
export function codeKey(code: string): string {
  return gtin14(code) ?? foldedIdentifier(code);
}

const isChecked = (digits: string): boolean =>
  gtinCheckDigit(digits.slice(0, -1)) === Number(digits.at(-1));

function ofIsbn10(isbn: string): string | null {
  const sum = [...isbn].reduce(
    (total, digit, place) => total + (10 - place) * (/x/i.test(digit) ? 10 : Number(digit)),
    0,
  );
  if (sum % 11 !== 0) return null;
  const number = `978${isbn.slice(0, 9)}`;
  return `0${number}${gtinCheckDigit(number)}`;
}

// The last digit of the six says where the zeros were left out.
function expandedUpcE(digits: string): string {
  const [first, six, check] = [digits[0]!, digits.slice(1, 7), digits[7]!];
  const last = six[5]!;
  if (last <= '2') return `${first}${six.slice(0, 2)}${last}0000${six.slice(2, 5)}${check}`;
  if (last === '3') return `${first}${six.slice(0, 3)}00000${six.slice(3, 5)}${check}`;
  if (last === '4') return `${first}${six.slice(0, 4)}00000${six[4]}${check}`;
  return `${first}${six.slice(0, 5)}0000${last}${check}`;
}
