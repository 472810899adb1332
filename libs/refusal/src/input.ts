import { invalidInput, type InvalidInput, type Refusal } from './refusal.ts';

// Checks that inputs share; each answers the refusal, or undefined when the value may pass. A field that
// is left out or null passes: whether it must be given is the SDL's to say.

export type Check = InvalidInput | undefined;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && uuidPattern.test(value);
}

/** PostgreSQL takes no NUL, and half a surrogate pair not in JSON: the answer would be an error of ours. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** An explicit null means what a field that is left out means. */
export function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

/** The first refusal of several checks; their order is the precedence. */
export function firstOf<Checks extends readonly (Refusal | undefined)[]>(
  ...checks: Checks
): Checks[number] {
  return checks.find((check) => check !== undefined);
}

/** An idempotency key. */
export function checkKey(key: string): Check {
  return checkText('idempotencyKey', key, { min: 1, max: 255 });
}

export function checkText(
  field: string,
  text: string | null | undefined,
  { min = 0, max }: { min?: number; max: number },
): Check {
  if (!isGiven(text)) return undefined;
  if (text.length >= min && text.length <= max && isStorable(text)) return undefined;
  return invalidInput(field, `${field} must have ${min}–${max} characters.`, text);
}

export function checkWhole(
  field: string,
  value: number,
  { min, max }: { min: number; max: number },
): Check {
  if (Number.isInteger(value) && value >= min && value <= max) return undefined;
  return invalidInput(field, `${field} must be a whole number from ${min} to ${max}.`, value);
}

/** An id that is no UUID is nobody's: it must not reach PostgreSQL as a cast error. */
export function checkId(field: string, value: string | null | undefined): Check {
  if (!isGiven(value) || isUuid(value)) return undefined;
  return invalidInput(field, `${field} is not an id of ours.`, value);
}
