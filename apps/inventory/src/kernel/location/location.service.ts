import type { Database } from '@onecount/db';
import {
  checkKey,
  checkText,
  firstOf,
  invalidInput,
  isUuid,
  refuse,
  type InvalidInput,
} from '@onecount/refusal';
import type { Caller } from '../caller.ts';
import { idOf } from '../input.ts';
import {
  insertLocation,
  locationCodeOf,
  countLocations,
  selectLocationPage,
  selectLocations,
  selectLocationsByCode,
  type LocationRow,
} from './location.sql.ts';

export type LocationCreateInput = { code: string; name: string; idempotencyKey: string };
export type LocationService = ReturnType<typeof createLocationService>;

const codeForm = /^[A-Z0-9][A-Z0-9_-]{0,15}$/;

export function createLocationService({ db }: { db: Database }) {
  return {
    async create(caller: Caller, input: LocationCreateInput) {
      const problem = checkCreate(input);
      if (problem) return problem;
      const code = locationCodeOf(input.code);
      const constraints = { location_code_unique: () => locationCodeTaken(code) };
      const command = { operation: 'locationCreate', input, constraints };
      return db.command(caller, command, async (tx) => ({
        __typename: 'LocationCreateSuccess' as const,
        location: await insertLocation(tx, { code, name: input.name }),
      }));
    },

    page: (caller: Caller, page: { after: string | undefined; limit: number }) =>
      db.read(caller.tenantId, (tx) => selectLocationPage(tx, page)),

    count: (caller: Caller) => db.read(caller.tenantId, countLocations),

    byIds: (caller: Caller, ids: readonly string[]) =>
      db.read(caller.tenantId, (tx) => selectLocations(tx, ids)),

    /** By id or by code; both, when both are given, must agree. */
    async find(
      caller: Caller,
      wanted: { id?: string | null; code?: string | null },
    ): Promise<LocationRow | null> {
      const { id, code } = wanted;
      if (id ? !isUuid(id) : !code) return null;
      const rows = await db.read(caller.tenantId, (tx) =>
        id ? selectLocations(tx, [idOf(id)]) : selectLocationsByCode(tx, [code!]),
      );
      return rows.find((row) => !code || row.code === locationCodeOf(code)) ?? null;
    },
  };
}

function checkCreate(input: LocationCreateInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    codeForm.test(locationCodeOf(input.code))
      ? undefined
      : invalidInput(
          'code',
          'code must be 1–16 letters A–Z, digits, - or _, and begin with a letter or digit.',
          input.code,
        ),
    checkText('name', input.name, { min: 1, max: 255 }),
  );
}

function locationCodeTaken(locationCode: string) {
  const message = `There is a location ${locationCode} already.`;
  return refuse('LocationCodeTaken', 'LOCATION_CODE_TAKEN', message, { locationCode });
}
