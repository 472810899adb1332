import type { Database } from '@onecount/db';
import { invalidInput, isStorable, isUuid, notFound } from '@onecount/refusal';
import type { InventoryClient } from '../sale/inventory.client.ts';
import {
  selectLocation,
  upsertLocation,
  type KnownLocation,
  type LocationName,
} from './location.sql.ts';

export type LocationService = ReturnType<typeof createLocationService>;
type Caller = { tenantId: string; subject: string };

/** Locations are inventory's; POS asks for each once and keeps a copy. */
export function createLocationService(deps: { db: Database; inventory: InventoryClient }) {
  const { db, inventory } = deps;
  return {
    /** Null when inventory does not know it either. Id and code, when both are given, must agree. */
    async find(caller: Caller, wanted: LocationName): Promise<KnownLocation | null> {
      const { id, code } = wanted;
      if (typeof id === 'string' && !isUuid(id)) return null;
      if (code && !isStorable(code)) return null;
      const known = await db.read(caller.tenantId, (tx) => selectLocation(tx, wanted));
      if (known) return known;
      const found = await inventory.findLocation(caller, wanted);
      if (found) await db.inTransaction(caller.tenantId, (tx) => upsertLocation(tx, found));
      return found;
    },
  };
}

/** The location that an input must name, or why there is none. */
export async function locationOf(
  locations: LocationService,
  caller: Caller,
  {
    locationId: id,
    locationCode: code,
  }: { locationId?: string | null; locationCode?: string | null },
) {
  if (!id && !code)
    return invalidInput('locationCode', 'Give the location by locationId or locationCode.');
  return (await locations.find(caller, { id, code })) ?? notFound('Location', (id ?? code)!);
}
