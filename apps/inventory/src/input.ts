import { isUuid, type Refusal } from '@onecount/db';
import { invalidInput } from './stock.errors.ts';

// Checks that several inputs share; each answers the refusal, or undefined when the value may pass.

export const quantityMax = 1_000_000;
export const holdSecondsMax = 86_400;

type Check = Refusal | undefined;

/** An explicit null means what a field that is left out means. */
export const isGiven = <T>(value: T | null | undefined): value is T =>
  value !== null && value !== undefined;

/** The first refusal of several checks; their order is the precedence. */
export function firstOf(...checks: Check[]): Check {
  return checks.find((check) => check !== undefined);
}

export function checkKey(key: string): Check {
  return checkText('idempotencyKey', key, { min: 1, max: 255 });
}

export function checkText(
  field: string,
  value: string | null | undefined,
  { min = 0, max }: { min?: number; max: number },
): Check {
  if (value === null || value === undefined) return undefined;
  if (value.length >= min && value.length <= max && isStorable(value)) return undefined;
  return invalidInput(field, `${field} must have ${min}–${max} characters.`, value);
}

/** PostgreSQL takes no NUL, and half a surrogate pair not in JSON: the answer would be an error of ours. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

export function checkWhole(
  field: string,
  value: number,
  { min, max }: { min: number; max: number },
): Check {
  if (Number.isInteger(value) && value >= min && value <= max) return undefined;
  return invalidInput(field, `${field} must be a whole number from ${min} to ${max}.`, value);
}

export function checkId(field: string, value: string | null | undefined): Check {
  if (value === null || value === undefined || isUuid(value)) return undefined;
  return invalidInput(field, `${field} is not an id of ours.`, value);
}

/** The document behind a change: `REPAIR`, and its id. */
export function checkReference(input: {
  referenceKind?: string | null;
  referenceId?: string | null;
}): Check {
  const { referenceKind, referenceId } = input;
  if (referenceKind && !/^[A-Z][A-Z0-9_]{0,31}$/.test(referenceKind))
    return invalidInput('referenceKind', 'Capital letters, digits and _.', referenceKind);
  return checkText('referenceId', referenceId, { min: 1, max: 255 });
}

/** Ids are compared as text in places (references of sales): one spelling. */
export function idOf(value: string): string {
  return value.toLowerCase();
}
