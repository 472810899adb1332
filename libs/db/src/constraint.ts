import { isDatabaseError } from './pg-errors.ts';

/** What PostgreSQL says about a violated constraint; `detail` names key values: never for an answer. */
export type ConstraintDetail = { constraint: string; table?: string; detail?: string };

/**
 * Turns a violated constraint (class 23) into the refusal that stands for it in `map`; every other
 * error is thrown again.
 */
export function refusalFromConstraint<R>(
  err: unknown,
  map: Record<string, (detail: ConstraintDetail) => R>,
): R {
  if (!isDatabaseError(err) || !err.code.startsWith('23') || !err.constraint) throw err;
  const refusalOf = Object.hasOwn(map, err.constraint) ? map[err.constraint] : undefined;
  if (!refusalOf) throw err;
  const { constraint, table, detail } = err;
  return refusalOf({ constraint, table, detail });
}
