import type { Sources } from '../sources.ts';
import { sqlCheck, type Check } from '../violation.ts';

type SoldLine = { tenant_id: string; serial_unit_id: string; sales: number };

/** I1, seen from both ends: inventory's claims, and POS's own committed lines. */
export const neverSoldTwice: Check[] = [
  sqlCheck({
    promise: 'I1',
    name: 'a serial unit has at most one live claim',
    service: 'inventory',
    text: `SELECT tenant_id, serial_unit_id, count(*) AS claims FROM hold
           WHERE status IN ('LIVE', 'SOLD') AND serial_unit_id IS NOT NULL
           GROUP BY 1, 2 HAVING count(*) > 1`,
  }),
  sqlCheck({
    promise: 'I1',
    name: 'no level is oversold',
    service: 'inventory',
    text: `SELECT tenant_id, stock_item_id, location_id, on_hand, committed, backorder_limit FROM level
           WHERE on_hand - committed < -backorder_limit OR on_hand < -backorder_limit OR committed < 0`,
  }),
  {
    promise: 'I1',
    name: 'a serial unit is on the lines of at most one committed sale for each time that it was there to be sold',
    find: soldTooOften,
  },
  sqlCheck({
    promise: 'I1',
    name: 'a sold unit says by which sale, and that sale holds its claim',
    service: 'inventory',
    text: `SELECT u.tenant_id, u.id, u.status, u.sale_id FROM serial_unit u
           WHERE (u.status = 'SOLD') <> EXISTS (
             SELECT FROM hold h WHERE h.tenant_id = u.tenant_id AND h.serial_unit_id = u.id
               AND h.status = 'SOLD' AND h.reference_id = u.sale_id::text)`,
  }),
];

type Returned = { tenant_id: string; serial_unit_id: string; times: number };

async function soldTooOften(sources: Sources): Promise<string[]> {
  const sold = await sources.rows<SoldLine>(
    'pos',
    `SELECT l.tenant_id, l.serial_unit_id, count(DISTINCT l.sale_id) AS sales
     FROM sale_line l JOIN sale s ON s.tenant_id = l.tenant_id AND s.id = l.sale_id
     WHERE s.status = 'COMMITTED' AND l.serial_unit_id IS NOT NULL
     GROUP BY 1, 2 HAVING count(DISTINCT l.sale_id) > 1`,
  );
  if (sold.length === 0) return [];
  const returned = await sources.rows<Returned>(
    'inventory',
    `SELECT tenant_id, serial_unit_id, count(*) AS times FROM serial_unit_change
     WHERE to_status = 'RETURNED' GROUP BY 1, 2`,
  );
  const key = (row: { tenant_id: string; serial_unit_id: string }) =>
    `${row.tenant_id}/${row.serial_unit_id}`;
  const timesOf = new Map(returned.map((row) => [key(row), Number(row.times)]));
  return sold
    .filter((row) => Number(row.sales) > 1 + (timesOf.get(key(row)) ?? 0))
    .map((row) => `unit ${row.serial_unit_id} is on ${row.sales} committed sales`);
}
