import { notFound, type NotFound } from '@onecount/refusal';
import type { LocationService } from '../location/location.service.ts';
import type { Caller } from './idempotency.ts';
import { lineRefusal } from './opening.ts';
import { saleLinesRefused, type LinesRefusal, type SaleLineRefusal } from './sale.errors.ts';
import type { SaleLineInput } from './sale.input.ts';
import type { FulfilFrom } from './sale.ts';

// Where a line's stock comes from, when its input says so. A line that says nothing costs nothing here.

export function fulfilFromOf({ locationId, fulfilFrom }: SaleLineInput): FulfilFrom {
  if (fulfilFrom === 'ANY_LOCATION') return fulfilFrom;
  return locationId ? 'LINE_LOCATION' : 'SALE_LOCATION';
}

/** As inventory is asked: what was not given is left out. */
export function wishOf({ locationId, fulfilFrom }: SaleLineInput) {
  return {
    ...(locationId ? { locationId } : {}),
    ...(fulfilFrom === 'ANY_LOCATION' ? { anyLocation: true } : {}),
  };
}

type Deps = { locations: LocationService };

/** That the line names a location which the tenant does not have. */
export async function placeProblem(
  { locations }: Deps,
  caller: Caller,
  { locationId }: SaleLineInput,
): Promise<NotFound | undefined> {
  if (!locationId) return undefined;
  const known = await locations.find(caller, { id: locationId });
  return known ? undefined : notFound('Location', locationId);
}

/** The same for several lines: each that is refused. */
export async function placesProblem(
  deps: Deps,
  caller: Caller,
  lines: readonly SaleLineInput[],
): Promise<LinesRefusal | undefined> {
  const refusals: SaleLineRefusal[] = [];
  for (const [index, line] of lines.entries()) {
    const refusal = await placeProblem(deps, caller, line);
    if (refusal) refusals.push(lineRefusal(line, { index, refusal }));
  }
  return refusals.length > 0 ? saleLinesRefused(refusals) : undefined;
}
