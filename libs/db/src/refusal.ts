import { isDatabaseError } from './pg-errors.ts';

// Symbol.for, so that two copies of this module (a test runner resets modules) agree on the brand.
const brand = Symbol.for('onecount.refusal');

/**
 * An expected no, as a value: `__typename` is its name in the SDL, the rest is its data.
 * Returned from a transaction it rolls the transaction back.
 */
export type Refusal<N extends string = string> = {
  __typename: N;
  code: string;
  message: string;
  [data: string]: unknown;
};

export function refuse<N extends string, D extends object = object>(
  typename: N,
  code: string,
  message: string,
  data?: D,
): Refusal<N> & D {
  const refusal = { ...data, __typename: typename, code, message };
  // Not enumerable: the brand stays out of JSON, of answers and of comparisons in tests.
  Object.defineProperty(refusal, brand, { value: true });
  return refusal as unknown as Refusal<N> & D;
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && brand in value;
}

/** What PostgreSQL says about a violated constraint; `detail` names key values: never for an answer. */
export type ConstraintDetail = { constraint: string; table?: string; detail?: string };

/**
 * Turns a violated constraint (class 23) into the refusal that stands for it in `map`; every other
 * error is thrown again.
 */
export function refusalFromConstraint<R extends Refusal>(
  err: unknown,
  map: Record<string, (detail: ConstraintDetail) => R>,
): R {
  if (!isDatabaseError(err) || !err.code.startsWith('23') || !err.constraint) throw err;
  const refusalOf = Object.hasOwn(map, err.constraint) ? map[err.constraint] : undefined;
  if (!refusalOf) throw err;
  const { constraint, table, detail } = err;
  return refusalOf({ constraint, table, detail });
}
