import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';

export type VendorRow = { id: string; name: string; code: string | null };
export type VendorPage = Connection<VendorRow>;

const insert = sql(
  'catalog.vendor-insert',
  `INSERT INTO vendor (tenant_id, name) VALUES ($1, $2)
   ON CONFLICT (tenant_id, lower(name)) DO NOTHING`,
);
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

/** The vendor of this name, made when it is new. Read first: nearly always it is there. */
export async function vendorNamed(tx: Tx, name: string): Promise<VendorRow> {
  const known = await vendorByName(tx, name);
  if (known !== undefined) return known;
  // A concurrent twin's row is waited for here and seen by the next statement.
  await tx.query(insert, [tx.tenantId, name]);
  return exactlyOne(await tx.query<VendorRow>(byName, [tx.tenantId, name]));
}

/** The three letters of the vendor of this name; null where it has none, or is new. */
export async function vendorCodeOf(tx: Tx, name: string): Promise<string | null> {
  return (await vendorByName(tx, name.trim()))?.code ?? null;
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
