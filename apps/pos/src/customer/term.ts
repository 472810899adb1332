import anyAscii from 'any-ascii';
import type { Profile } from './customer.ts';

// What a customer is found by (ADR 0270, ADR 0325): each term has a letter for its kind before it.

/** A name without case, accents and signs, in Latin letters. */
export function foldedName(name: string): string {
  const latin = anyAscii(name.normalize('NFC')).toLowerCase();
  return latin.replaceAll(/[^a-z0-9]+/g, ' ').trim();
}

const nameTerms = (name: string) => foldedName(name).split(' ').filter(Boolean);
const foldedEmail = (address: string) => address.normalize('NFC').toLowerCase();
// Some countries dial a zero within the country, some have it in the number: people type it either way.
const withoutTrunk = (digits: string) => digits.replace(/^0+/, '');

export const nameTerm = (word: string) => `n:${word}`;
export const emailTerm = (address: string) => `e:${foldedEmail(address)}`;
export const phoneTerm = (number: string) => `p:${number}`;
const nationalTerm = (national: string) => `l:${withoutTrunk(national)}`;

export function termsOf({ name, emails, phones }: Profile): string[] {
  const terms = [
    ...nameTerms(name).map(nameTerm),
    ...emails.map(({ address }) => emailTerm(address)),
    ...phones.flatMap(({ number, national }) => [phoneTerm(number), nationalTerm(national)]),
  ];
  return [...new Set(terms)];
}

/** Beginnings of terms, all of which a customer must have; empty when the text says nothing. */
export function prefixesOf(query: string): string[] {
  const text = query.trim();
  const phone = phonePrefix(text);
  if (phone) return [phone];
  const prefixes = text
    .split(/\s+/)
    .flatMap((part) => (part.includes('@') ? [emailTerm(part)] : nameTerms(part).map(nameTerm)));
  return [...new Set(prefixes)];
}

function phonePrefix(text: string): string | undefined {
  if (!/^\+?[\d\s()./-]+$/.test(text)) return undefined;
  const digits = text.replaceAll(/\D/g, '');
  if (digits.length < 4) return undefined;
  if (text.startsWith('+')) return phoneTerm(`+${digits}`);
  if (digits.startsWith('00')) return phoneTerm(`+${digits.slice(2)}`);
  return nationalTerm(digits);
}

/** What a shared term says to people; null for one that many have by chance. */
export const contactOf = (term: string) => term.slice(2);
