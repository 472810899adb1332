import { createHash, randomInt } from 'node:crypto';

/**
 * What stands on a gift card. No sign looks like another one of them (no 0 1 2 5 6 8, no B I L O S U Z), and their number is
 * a prime: with a weight for each place one check sign finds every wrong sign and every two that are swapped, as the 11 of
 * ISBN-10 does (ISBN Users' Manual, section 5).
 */
const alphabet = '3479ACDEFGHJKMNPQRTVWXY';
const codeLength = 20;
/** Of 20, the weight of the last place: 20 × 15 is 1 modulo 23. */
const inverseOfLast = 15;

/** 19 signs of 23 at random are 85 bits: nobody finds one by trying, and a plain hash keeps it. */
export function newCode(): string {
  const signs = Array.from({ length: codeLength - 1 }, () => randomInt(alphabet.length));
  return [...signs, checkOf(signs)].map((value) => alphabet[value]).join('');
}

function checkOf(signs: readonly number[]): number {
  return (
    ((alphabet.length - (weighted(signs) % alphabet.length)) * inverseOfLast) % alphabet.length
  );
}

const weighted = (signs: readonly number[]): number =>
  signs.reduce((sum, value, index) => sum + value * (index + 1), 0);

/** As people type it: in any case, with blanks or hyphens. Null when no card of ours has such a code. */
export function codeOf(text: string): string | null {
  const code = text.toUpperCase().replaceAll(/[\s-]/g, '');
  const signs = [...code].map((sign) => alphabet.indexOf(sign));
  const isOurs = signs.length === codeLength && !signs.includes(-1);
  return isOurs && weighted(signs) % alphabet.length === 0 ? code : null;
}

/** As it is told: in groups of four. */
export const groupedCode = (code: string): string => code.replaceAll(/(.{4})(?=.)/g, '$1-');

export const codeHashOf = (code: string): Buffer => createHash('sha256').update(code).digest();

export const lastFourOf = (code: string): string => code.slice(-4);

/** Of a store credit; staff alone may spend by it, so it is short enough to be read out. */
export function newCreditNumber(): string {
  const signs = Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]);
  return `SC-${signs.join('')}`;
}
