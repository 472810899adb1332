import { isGiven, type Check } from './input.ts';
import { invalidInput } from './refusal.ts';
import { unseen } from './visible.ts';

// One rule for every text that identifies a thing: serial, stock number, SKU, code, barcode, handle, document
// number, code of a location (ADR 0160). `identifier_key` in libs/db folds in the same way; a test compares them.

const edges = /^\p{White_Space}+|\p{White_Space}+$/gu;
/** The text as it is kept: composed (NFC), without the white space around it. */
export function identifierOf(text: string): string {
  return text.normalize('NFC').replace(edges, '');
}

/** A text made by a program, without what an identifier may not contain. */
export function seenOf(text: string): string {
  return text.normalize('NFC').replace(new RegExp(unseen, 'gu'), '');
}

/** What two spellings have in common where people type them: compared without case, never shown. */
export function foldedIdentifier(text: string): string {
  return identifierOf(text).toLowerCase();
}

/** Whether two texts are one name, where people type it. */
export function isSameIdentifier(one: string, other: string): boolean {
  return foldedIdentifier(one) === foldedIdentifier(other);
}

/**
 * Whether a text, as it is kept, may identify a thing: something in it, nothing that cannot be seen.
 * White space around it is fine, because readers and spreadsheets add it; within it is not.
 */
export function isIdentifier(text: string, max = 255): boolean {
  const kept = identifierOf(text);
  return kept.length >= 1 && kept.length <= max && !unseen.test(kept);
}

export function checkIdentifier(
  field: string,
  text: string | null | undefined,
  { max = 255 }: { max?: number } = {},
): Check {
  if (!isGiven(text) || isIdentifier(text, max)) return undefined;
  return invalidInput(field, `${field} must have 1–${max} characters, ${identifierRule}.`, text);
}

/** The rule in words, for whoever refuses under a name of its own. */
export const identifierRule = 'and none that is blank or cannot be seen';
