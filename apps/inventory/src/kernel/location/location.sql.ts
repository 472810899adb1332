import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';
import { identifierOf } from '@onecount/refusal';

/** A location's code as it is kept: in capitals, whoever types it. */
export const locationCodeOf = (text: string): string => identifierOf(text).toUpperCase();

export type LocationRow = { id: string; code: string; name: string };
export type LocationPage = Connection<LocationRow>;

const insertStatement = sql(
  'inventory.location-insert',
  'INSERT INTO location (tenant_id, code, name) VALUES ($1, $2, $3) RETURNING id, code, name',
);

/** Throws a violation of location_code_unique when the code is taken. */
export async function insertLocation(
  tx: Tx,
  location: { code: string; name: string },
): Promise<LocationRow> {
  const values = [tx.tenantId, location.code, location.name];
  return exactlyOne(await tx.query<LocationRow>(insertStatement, values));
}

const byIdsStatement = sql(
  'inventory.location-by-ids',
  'SELECT id, code, name FROM location WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
);

export function selectLocations(tx: Tx, ids: readonly string[]): Promise<LocationRow[]> {
  return tx.query<LocationRow>(byIdsStatement, [tx.tenantId, ids]);
}

const byCodesStatement = sql(
  'inventory.location-by-codes',
  'SELECT id, code, name FROM location WHERE tenant_id = $1 AND code = ANY ($2::text[])',
);

export function selectLocationsByCode(tx: Tx, codes: readonly string[]): Promise<LocationRow[]> {
  return tx.query<LocationRow>(byCodesStatement, [tx.tenantId, codes.map(locationCodeOf)]);
}

const pageStatement = sql(
  'inventory.location-page',
  `SELECT id, code, name FROM location
   WHERE tenant_id = $1 AND ($2::text IS NULL OR code > $2) ORDER BY code LIMIT $3`,
);

export function selectLocationPage(
  tx: Tx,
  page: { after: string | undefined; limit: number },
): Promise<LocationRow[]> {
  return tx.query<LocationRow>(pageStatement, [tx.tenantId, page.after ?? null, page.limit]);
}

const countStatement = sql(
  'inventory.location-count',
  'SELECT count(*)::int AS total FROM location WHERE tenant_id = $1',
);

export async function countLocations(tx: Tx): Promise<number> {
  return exactlyOne(await tx.query<{ total: number }>(countStatement, [tx.tenantId])).total;
}
