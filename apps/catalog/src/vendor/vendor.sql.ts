import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';

export type VendorRow = { id: string; name: string; code: string | null };
export type VendorPage = Connection<VendorRow>;

const byName = sql(
  'catalog.vendor-by-name',
  'SELECT id, name, code FROM vendor WHERE tenant_id = $1 AND lower(name) = lower($2)',
);
const byIds = sql(
  'catalog.vendors-by-id',
  'SELECT id, name, code FROM vendor WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
);
const page = sql(
  'catalog.vendor-page',
  `SELECT id, name, code FROM vendor
   WHERE tenant_id = $1 AND ($2::text IS NULL OR (lower(name), id) > (lower($2), $3::uuid))
   ORDER BY lower(name), id LIMIT $4`,
);

const insertWithCode = sql(
  'catalog.vendor-create',
  'INSERT INTO vendor (tenant_id, name, code) VALUES ($1, $2, $3) RETURNING id',
);
const lock = sql(
  'catalog.vendor-lock',
  'SELECT id, name, code FROM vendor WHERE tenant_id = $1 AND id = $2 FOR UPDATE',
);
const update = sql(
  'catalog.vendor-update',
  'UPDATE vendor SET name = $3, code = $4 WHERE tenant_id = $1 AND id = $2',
);

/** Answers its id; a name or code of another vendor meets its constraint. */
export async function insertVendor(tx: Tx, { name, code }: Omit<VendorRow, 'id'>): Promise<string> {
  const rows = await tx.query<{ id: string }>(insertWithCode, [tx.tenantId, name, code]);
  return exactlyOne(rows).id;
}

export async function lockVendor(tx: Tx, id: string): Promise<VendorRow | undefined> {
  return (await tx.query<VendorRow>(lock, [tx.tenantId, id]))[0];
}

export async function updateVendor(tx: Tx, { id, name, code }: VendorRow): Promise<void> {
  await tx.query(update, [tx.tenantId, id, name, code]);
}

export async function vendorByName(tx: Tx, name: string): Promise<VendorRow | undefined> {
  return (await tx.query<VendorRow>(byName, [tx.tenantId, name]))[0];
}

const insertNamed = sql(
  'catalog.vendors-insert',
  `INSERT INTO vendor (tenant_id, name) SELECT $1, name FROM unnest($2::text[]) name ORDER BY lower(name)
   ON CONFLICT (tenant_id, lower(name)) DO NOTHING`,
);
const byNames = sql(
  'catalog.vendors-by-name',
  `SELECT wanted AS name, v.id, v.code FROM unnest($2::text[]) wanted
   JOIN vendor v ON v.tenant_id = $1 AND lower(v.name) = lower(wanted)`,
);

/** The vendors of these names, those that are new made; by the name as it is given. */
export async function vendorsNamed(
  tx: Tx,
  names: readonly string[],
): Promise<Map<string, VendorRow>> {
  const wanted = [...new Set(names)];
  const found = await vendorsByName(tx, wanted);
  const missing = wanted.filter((name) => !found.has(name));
  if (missing.length === 0) return found;
  await tx.query(insertNamed, [tx.tenantId, missing]);
  return vendorsByName(tx, wanted);
}

/** By the name as it is given; without those that are not there. */
export async function vendorsByName(
  tx: Tx,
  names: readonly string[],
): Promise<Map<string, VendorRow>> {
  if (names.length === 0) return new Map();
  const rows = await tx.query<VendorRow>(byNames, [tx.tenantId, names]);
  return new Map(rows.map((row) => [row.name, row]));
}

export function vendorsById(tx: Tx, ids: readonly string[]) {
  return tx.query<VendorRow>(byIds, [tx.tenantId, ids]);
}

export function vendorPage(
  tx: Tx,
  args: { afterName: string | undefined; afterId: string | undefined; limit: number },
) {
  const { afterName, afterId, limit } = args;
  return tx.query<VendorRow>(page, [tx.tenantId, afterName ?? null, afterId ?? null, limit]);
}

const idsNamed = sql(
  'catalog.vendor-ids-named',
  `SELECT id FROM vendor WHERE tenant_id = $1 AND lower(name) = ANY (SELECT lower(n) FROM unnest($2::text[]) n)`,
);

export async function vendorIdsNamed(tx: Tx, names: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(idsNamed, [tx.tenantId, names]);
  return rows.map(({ id }) => id);
}

const countStatement = sql(
  'catalog.vendor-count',
  'SELECT count(*)::int AS total FROM vendor WHERE tenant_id = $1',
);

export async function countVendors(tx: Tx): Promise<number> {
  return exactlyOne(await tx.query<{ total: number }>(countStatement, [tx.tenantId])).total;
}
