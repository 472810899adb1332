import type { Database } from '@onecount/db';
import { badInput } from '@onecount/graphql';
import type { Caller } from '../caller.ts';
import { idOf } from '../input.ts';
import { checkLocation, withLocationIds, type NamedLocation } from './named-location.steps.ts';

/**
 * The location that a query is about, as an id: null for none, `nowhere` for a code that is nobody's. Throws what
 * names two, or an id that is none; `at` is as in checkLocation.
 */
export async function filteredLocation(
  db: Database,
  { tenantId }: Caller,
  named: NamedLocation,
  at = '',
): Promise<string | null> {
  const problem = checkLocation(named, { at, isRequired: false });
  if (problem) throw badInput(problem.message, { field: problem.field, value: problem.value });
  if (!named.locationCode) return named.locationId ? idOf(named.locationId) : null;
  const [placed] = await db.read(tenantId, (tx) => withLocationIds(tx, [named]));
  return placed!.locationId!;
}
