import { sql, type Tx } from '@onecount/db';
import { identifierOf } from '@onecount/refusal';

export type SerialUnitStatus =
  'AVAILABLE' | 'HELD' | 'SOLD' | 'IN_REPAIR' | 'IN_TRANSIT' | 'LOST' | 'SCRAPPED' | 'RETURNED';

export type Certificate = {
  number: string;
  lab?: string;
  grade?: string;
  reportUrl?: string;
};

export type SerialUnitRow = {
  id: string;
  stockItemId: string;
  serial: string | null;
  stockNumber: string | null;
  status: SerialUnitStatus;
  certificate: Certificate | null;
  attributes: { key: string; value: string }[];
  photos: string[];
  locationId: string;
  receivedAt: Date;
  soldAt: Date | null;
  condition: string | null;
  costMinor: number | null;
  costCurrency: string | null;
  isListed: boolean;
  predecessorId: string | null;
  hasPassport: boolean;
};

export const unitColumns = `
  u.id, u.stock_item_id AS "stockItemId", u.serial, u.stock_number AS "stockNumber", u.status, u.certificate,
  u.attributes, u.photos, u.location_id AS "locationId", u.received_at AS "receivedAt", u.sold_at AS "soldAt",
  u.condition, u.cost_minor AS "costMinor", u.cost_currency AS "costCurrency", u.is_listed AS "isListed",
  u.predecessor_id AS "predecessorId", u.has_passport AS "hasPassport"`;

const byIdsStatement = sql(
  'inventory.serial-unit-by-ids',
  `SELECT ${unitColumns} FROM serial_unit_now u WHERE u.tenant_id = $1 AND u.id = ANY ($2::uuid[])`,
);

export function selectUnits(tx: Tx, ids: readonly string[]): Promise<SerialUnitRow[]> {
  return tx.query<SerialUnitRow>(byIdsStatement, [tx.tenantId, ids]);
}

const byNameStatement = sql(
  'inventory.serial-unit-by-name',
  `SELECT ${unitColumns} FROM serial_unit_now u WHERE u.tenant_id = $1 AND u.id = (
     SELECT x.id FROM serial_unit x JOIN stock_item i ON i.tenant_id = x.tenant_id AND i.id = x.stock_item_id
     WHERE x.tenant_id = $1 AND i.sku_key = identifier_key($2)
       AND (x.serial = $3 OR x.stock_number_key = identifier_key($3))
     ORDER BY x.serial IS DISTINCT FROM $3 LIMIT 1)`,
);

/** By SKU and serial value; the stock number for pieces without a serial. */
export async function selectUnitByName(
  tx: Tx,
  name: { sku: string; serial: string },
): Promise<SerialUnitRow | null> {
  const rows = await tx.query<SerialUnitRow>(byNameStatement, [
    tx.tenantId,
    name.sku,
    identifierOf(name.serial),
  ]);
  return rows[0] ?? null;
}

// One page per item for a whole page of items.
const pagesStatement = sql(
  'inventory.serial-unit-pages',
  `SELECT ${unitColumns} FROM unnest($2::uuid[]) AS k (item)
   CROSS JOIN LATERAL (
     SELECT n.* FROM serial_unit_now n
     WHERE n.tenant_id = $1 AND n.stock_item_id = k.item AND ($3::uuid IS NULL OR n.id > $3)
       AND ($4::text IS NULL OR n.status = $4)
     ORDER BY n.id LIMIT $5) u`,
);

export type UnitPage = {
  after: string | undefined;
  status: SerialUnitStatus | null;
  limit: number;
};

export function selectUnitPages(
  tx: Tx,
  stockItemIds: readonly string[],
  page: UnitPage,
): Promise<SerialUnitRow[]> {
  const values = [tx.tenantId, stockItemIds, page.after ?? null, page.status, page.limit];
  return tx.query<SerialUnitRow>(pagesStatement, values);
}

const successorsStatement = sql(
  'inventory.serial-unit-successors',
  `SELECT ${unitColumns} FROM serial_unit_now u WHERE u.tenant_id = $1 AND u.predecessor_id = ANY ($2::uuid[])`,
);

/** The units that were made of these; at most one of each. */
export function selectSuccessors(tx: Tx, ids: readonly string[]): Promise<SerialUnitRow[]> {
  return tx.query<SerialUnitRow>(successorsStatement, [tx.tenantId, ids]);
}

const itemNamesStatement = sql(
  'inventory.serial-unit-item-names',
  'SELECT id, sku, title FROM stock_item WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
);

export function selectItemNames(
  tx: Tx,
  ids: readonly string[],
): Promise<{ id: string; sku: string; title: string }[]> {
  return tx.query(itemNamesStatement, [tx.tenantId, ids]);
}

const collapsedStatement = sql(
  'inventory.unit-is-collapsed',
  `SELECT EXISTS (SELECT FROM serial_unit_change x
     WHERE x.tenant_id = $1 AND x.serial_unit_id = $2 AND x.kind = 'COLLAPSED') AS "isCollapsed"`,
);

/** Whether the unit is one of a quantity by now and no unit any more; the caller shares its item. */
export async function isCollapsed(tx: Tx, unitId: string): Promise<boolean> {
  const [row] = await tx.query<{ isCollapsed: boolean }>(collapsedStatement, [tx.tenantId, unitId]);
  return row!.isCollapsed;
}
