import type { Tx } from '@onecount/db';
import {
  checkId,
  checkText,
  firstOf,
  invalidInput,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import { idOf } from '../input.ts';
import {
  locationCodeOf,
  selectLocations,
  selectLocationsByCode,
  type LocationRow,
} from './location.sql.ts';

/** How every input names a location: by its id or by its code. */
export type NamedLocation = { locationId?: string | null; locationCode?: string | null };

/** `at` stands before the names of the fields: `lines.3.`, or `from` of `fromLocationId`. */
export function checkLocation(
  input: NamedLocation,
  { at = '', isRequired = true }: { at?: string; isRequired?: boolean } = {},
): InvalidInput | undefined {
  const { locationId, locationCode } = input;
  const [id, code] = [fieldOf(at, 'locationId'), fieldOf(at, 'locationCode')];
  return firstOf(
    locationId && locationCode ? invalidInput(id, `Give ${id} or ${code}, not both.`) : undefined,
    isRequired && !isLocationNamed(input) ? invalidInput(id, `Give ${id} or ${code}.`) : undefined,
    checkId(id, locationId),
    checkText(code, locationCode, { max: 255 }),
  );
}

function fieldOf(at: string, name: string): string {
  return at === '' || at.endsWith('.') ? at + name : at + name[0]!.toUpperCase() + name.slice(1);
}

/** Where an input need not say where. */
export const isLocationNamed = ({ locationId, locationCode }: NamedLocation): boolean =>
  Boolean(locationId) || Boolean(locationCode);

/** Of an input that was checked. */
export async function namedLocation(
  tx: Tx,
  { locationId, locationCode }: NamedLocation,
): Promise<LocationRow | NotFound> {
  const [location] = locationId
    ? await selectLocations(tx, [idOf(locationId)])
    : await selectLocationsByCode(tx, [locationCode!]);
  return location ?? notFound('Location', (locationId || locationCode)!);
}

/** Nobody's: what is there is looked for and not found. */
export const nowhere = '00000000-0000-0000-0000-000000000000';

/** The same inputs with ids, `nowhere` for a code that is nobody's. Asks the database only where there is a code. */
export async function withLocationIds<T extends NamedLocation>(
  tx: Tx,
  inputs: readonly T[],
): Promise<T[]> {
  const codes = inputs.flatMap(({ locationCode }) => locationCode || []);
  if (codes.length === 0) return [...inputs];
  const found = await selectLocationsByCode(tx, codes);
  const idByCode = new Map(found.map(({ id, code }) => [code, id]));
  return inputs.map((input) =>
    input.locationCode
      ? { ...input, locationId: idByCode.get(locationCodeOf(input.locationCode)) ?? nowhere }
      : input,
  );
}
