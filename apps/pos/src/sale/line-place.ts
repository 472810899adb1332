import { isRefusal, notFound, type NotFound } from '@onecount/refusal';
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

type Wish = { locationId?: string | null; fulfilFrom?: string | null };

/** As inventory is asked: what was not given is left out. */
export function wishOf({ locationId, fulfilFrom }: Wish) {
  return { ...(locationId ? { locationId } : {}), ...anyLocationOf({ fulfilFrom }) };
}

/** The same of a line whose location is known. */
export function anyLocationOf({ fulfilFrom }: Pick<Wish, 'fulfilFrom'>) {
  return fulfilFrom === 'ANY_LOCATION' ? { anyLocation: true } : {};
}

type Deps = { locations: Pick<LocationService, 'find'> };

/** The line with the id of the location that it names, if it names one; the tenant may not have it. */
export async function placedLine<L extends SaleLineInput>(
  { locations }: Deps,
  caller: Caller,
  line: L,
): Promise<L | NotFound> {
  const { locationId, locationCode } = line;
  if (!locationId && !locationCode) return line;
  const known = await locations.find(caller, { id: locationId, code: locationCode });
  return known
    ? { ...line, locationId: known.id }
    : notFound('Location', (locationId ?? locationCode)!);
}

/** The same for several lines, each location asked for once; else each line that is refused. */
export async function placedLines<L extends SaleLineInput>(
  deps: Deps,
  caller: Caller,
  lines: readonly L[],
): Promise<L[] | LinesRefusal> {
  const placed: L[] = [];
  const refusals: SaleLineRefusal[] = [];
  const locations = findingOnce(deps.locations);
  for (const [index, line] of lines.entries()) {
    const found = await placedLine({ locations }, caller, line);
    if (isRefusal(found)) refusals.push(lineRefusal(line, { index, refusal: found }));
    else placed.push(found);
  }
  return refusals.length > 0 ? saleLinesRefused(refusals) : placed;
}

function findingOnce(locations: Deps['locations']): Deps['locations'] {
  const asked = new Map<string, ReturnType<typeof locations.find>>();
  return {
    find(caller, { id, code }) {
      const name = JSON.stringify([id, code]);
      const found = asked.get(name) ?? locations.find(caller, { id, code });
      asked.set(name, found);
      return found;
    },
  };
}
