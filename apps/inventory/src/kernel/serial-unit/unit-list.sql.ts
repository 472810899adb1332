import type { Tx } from '@onecount/db';
import { unitColumns, type SerialUnitRow, type SerialUnitStatus } from './serial-unit.sql.ts';

export type UnitFilter = {
  status?: SerialUnitStatus | null;
  locationId?: string | null;
  text?: string | null;
};

// ~>=~ and ~<~ compare bytes as text_pattern_ops does, and unlike LIKE they may look before row-level security
// has: they are leakproof. U+10FFFF sorts behind every character: the end of the range that a beginning spans.
const begins = (column: string, value: string): string =>
  `(${column} ~>=~ ${value}::text AND ${column} ~<~ (${value}::text || chr(1114111)))`;

// A lapsed hold makes a HELD row AVAILABLE in the view: the row's own status leads to the index, the view decides.
const conditions: Record<keyof UnitFilter, (value: string) => string> = {
  status: (value) => `
    (u.status = ${value}::text OR (${value}::text = 'AVAILABLE' AND u.status = 'HELD'))
    AND EXISTS (SELECT FROM serial_unit_now n WHERE n.tenant_id = u.tenant_id AND n.id = u.id AND n.status = ${value}::text)`,
  locationId: (value) => `u.location_id = ${value}::uuid`,
  text: (value) => `
    (${begins('u.serial', value)} OR ${begins('u.stock_number_key', `identifier_key(${value})`)} OR u.stock_item_id = (
      SELECT i.id FROM stock_item i WHERE i.tenant_id = $1 AND i.sku_key = identifier_key(${value})))`,
};

/**
 * Units across items, newest first. Only the conditions that are asked for are in the statement, and it has no name:
 * it is planned for its values, because a rare state is found by its own index and a frequent one by walking.
 */
export function selectUnitList(
  tx: Tx,
  page: { after: string | undefined; limit: number; filter: UnitFilter },
): Promise<SerialUnitRow[]> {
  const values: unknown[] = [tx.tenantId, page.limit];
  const wheres = ['u.tenant_id = $1'];
  const add = (condition: (value: string) => string, value: unknown) => {
    values.push(value);
    wheres.push(condition(`$${values.length}`));
  };
  if (page.after !== undefined) add((value) => `u.id < ${value}::uuid`, page.after);
  for (const [key, condition] of Object.entries(conditions)) {
    const value = page.filter[key as keyof UnitFilter];
    if (value) add(condition, value);
  }
  return tx.query<SerialUnitRow>(
    `WITH page AS MATERIALIZED (
       SELECT u.id FROM serial_unit u WHERE ${wheres.join(' AND ')} ORDER BY u.id DESC LIMIT $2)
     SELECT ${unitColumns} FROM page p
     CROSS JOIN LATERAL (SELECT * FROM serial_unit_now n WHERE n.tenant_id = $1 AND n.id = p.id OFFSET 0) u
     ORDER BY u.id DESC`,
    values,
  );
}
