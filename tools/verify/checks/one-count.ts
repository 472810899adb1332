import type { Sources } from '../sources.ts';
import { sqlCheck, type Check } from '../violation.ts';

/** I4 inside inventory: a level is its ledger and its live holds, a serialised level is its units. */
export const oneCount: Check[] = [
  sqlCheck({
    promise: 'I4',
    name: 'on_hand is the sum of the movements',
    service: 'inventory',
    text: `SELECT l.tenant_id, l.stock_item_id, l.location_id, l.on_hand, coalesce(sum(m.quantity), 0) AS moved
           FROM level l LEFT JOIN movement m USING (tenant_id, stock_item_id, location_id)
           GROUP BY 1, 2, 3, 4 HAVING l.on_hand <> coalesce(sum(m.quantity), 0)`,
  }),
  sqlCheck({
    promise: 'I4',
    name: 'each movement says the on_hand that it left',
    service: 'inventory',
    text: `SELECT tenant_id, id, resulting_on_hand, running FROM (
             SELECT m.*, sum(quantity) OVER (PARTITION BY tenant_id, stock_item_id, location_id
                                             ORDER BY level_version, line_id, id) AS running,
                    max(id::text) OVER (PARTITION BY tenant_id, stock_item_id, location_id, level_version) AS newest
             FROM movement m) ledger
           WHERE NOT EXISTS (SELECT FROM movement twin WHERE twin.tenant_id = ledger.tenant_id
               AND twin.stock_item_id = ledger.stock_item_id AND twin.location_id = ledger.location_id
               AND twin.level_version = ledger.level_version AND twin.id <> ledger.id)
             AND resulting_on_hand <> running`,
  }),
  sqlCheck({
    promise: 'I4',
    name: 'committed is the sum of the live holds',
    service: 'inventory',
    text: `SELECT l.tenant_id, l.stock_item_id, l.location_id, l.committed, coalesce(h.held, 0) AS held
           FROM level l LEFT JOIN (
             SELECT tenant_id, stock_item_id, location_id, sum(quantity) AS held FROM hold
             WHERE status = 'LIVE' GROUP BY 1, 2, 3) h USING (tenant_id, stock_item_id, location_id)
           WHERE l.committed <> coalesce(h.held, 0)`,
  }),
  sqlCheck({
    promise: 'I4',
    // More where units of a converted item are not registered one by one yet; fewer never.
    name: 'a serialised level has all of its units that are here',
    service: 'inventory',
    text: `SELECT l.tenant_id, l.stock_item_id, l.location_id, l.on_hand, count(u.id) AS units
           FROM level l JOIN stock_item i ON i.tenant_id = l.tenant_id AND i.id = l.stock_item_id
           LEFT JOIN serial_unit u ON u.tenant_id = l.tenant_id AND u.stock_item_id = l.stock_item_id
             AND u.location_id = l.location_id AND u.status IN ('AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED')
           WHERE i.tracking = 'SERIAL' GROUP BY 1, 2, 3, 4 HAVING l.on_hand < count(u.id)`,
  }),
  sqlCheck({
    promise: 'I4',
    name: 'a unit is held, at the bench or under inspection exactly while a hold of it lives',
    service: 'inventory',
    text: `SELECT u.tenant_id, u.id, u.status FROM serial_unit u
           WHERE (u.status IN ('HELD', 'IN_REPAIR', 'RETURNED')) <> EXISTS (
             SELECT FROM hold h WHERE h.tenant_id = u.tenant_id AND h.serial_unit_id = u.id AND h.status = 'LIVE')`,
  }),
  sqlCheck({
    promise: 'I4',
    name: 'where every movement named its unit and no unit was collapsed, each unit on hand is one of them',
    service: 'inventory',
    text: `SELECT l.tenant_id, l.stock_item_id, l.location_id, l.on_hand, count(u.id) AS units
           FROM level l JOIN stock_item i ON i.tenant_id = l.tenant_id AND i.id = l.stock_item_id
           LEFT JOIN serial_unit u ON u.tenant_id = l.tenant_id AND u.stock_item_id = l.stock_item_id
             AND u.location_id = l.location_id AND u.status IN ('AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED')
           WHERE i.tracking = 'SERIAL' AND NOT EXISTS (
             SELECT FROM movement m WHERE m.tenant_id = l.tenant_id AND m.stock_item_id = l.stock_item_id
               AND m.location_id = l.location_id AND m.serial_unit_id IS NULL)
             AND NOT EXISTS (
               SELECT FROM stock_item_conversion v WHERE v.tenant_id = l.tenant_id AND v.stock_item_id = l.stock_item_id)
           GROUP BY 1, 2, 3, 4 HAVING l.on_hand <> count(u.id)`,
  }),
  sqlCheck({
    promise: 'I4',
    name: 'a unit is claimed where it is, and as what it is',
    service: 'inventory',
    text: `SELECT u.tenant_id, u.id, h.id AS hold_id FROM serial_unit u
           JOIN hold h ON h.tenant_id = u.tenant_id AND h.serial_unit_id = u.id
           WHERE h.status IN ('LIVE', 'SOLD')
             AND (h.stock_item_id <> u.stock_item_id OR h.status = 'LIVE' AND h.location_id <> u.location_id)`,
  }),
  sqlCheck({
    promise: 'I4',
    name: 'the balance of a day is the sum of the movements until its end',
    service: 'inventory',
    text: `SELECT b.tenant_id, b.location_id, b.as_of, b.on_hand, coalesce(sum(m.quantity), 0) AS moved
           FROM location_balance b LEFT JOIN movement m ON m.tenant_id = b.tenant_id
             AND m.location_id = b.location_id AND m.recorded_at <= b.as_of
           GROUP BY 1, 2, 3, 4 HAVING b.on_hand <> coalesce(sum(m.quantity), 0)`,
  }),
  sqlCheck({
    promise: 'I4',
    name: 'what a transfer sent and did not bring is on its way or missing, by its lines as by the ledger',
    service: 'inventory',
    text: `SELECT n.tenant_id, n.transfer_id, n.stock_item_id, n.away, coalesce(m.away, 0) AS moved
           FROM (SELECT tenant_id, transfer_id, stock_item_id, sum(dispatched - received - returned) AS away
                 FROM transfer_line GROUP BY 1, 2, 3) n
           LEFT JOIN (SELECT tenant_id, reference_id, stock_item_id, -sum(quantity) AS away FROM movement
                      WHERE reason = 'TRANSFER' AND reference_kind = 'TRANSFER' GROUP BY 1, 2, 3) m
             ON m.tenant_id = n.tenant_id AND m.reference_id = n.transfer_id::text AND m.stock_item_id = n.stock_item_id
           WHERE n.away <> coalesce(m.away, 0)`,
  }),
  sqlCheck({
    promise: 'I4',
    // More where somebody wrote a delivery's id on goods that came without it.
    name: 'what a delivery brought, the ledger received under it',
    service: 'inventory',
    text: `SELECT n.tenant_id, n.stock_receipt_id, n.stock_item_id, n.received, coalesce(m.received, 0) AS moved
           FROM stock_receipt_line n
           LEFT JOIN (SELECT tenant_id, reference_id, stock_item_id, sum(quantity) AS received FROM movement
                      WHERE reason = 'RECEIPT' AND reference_kind = 'RECEIPT' GROUP BY 1, 2, 3) m
             ON m.tenant_id = n.tenant_id AND m.reference_id = n.stock_receipt_id::text AND m.stock_item_id = n.stock_item_id
           WHERE n.received > coalesce(m.received, 0)`,
  }),
  sqlCheck({
    promise: 'I4',
    name: 'both books of cost hold the same units, and no more than there are',
    service: 'inventory',
    text: `SELECT c.tenant_id, c.stock_item_id, c.quantity, l.remaining, s.on_hand, t.away
           FROM item_cost c
           CROSS JOIN LATERAL (SELECT coalesce(sum(remaining), 0) AS remaining FROM cost_layer x
                               WHERE x.tenant_id = c.tenant_id AND x.stock_item_id = c.stock_item_id) l
           CROSS JOIN LATERAL (SELECT coalesce(sum(on_hand), 0) AS on_hand FROM level x
                               WHERE x.tenant_id = c.tenant_id AND x.stock_item_id = c.stock_item_id) s
           CROSS JOIN LATERAL (SELECT coalesce(sum(dispatched - received - returned - missing), 0) AS away FROM transfer_line x
                               WHERE x.tenant_id = c.tenant_id AND x.stock_item_id = c.stock_item_id) t
           WHERE c.quantity <> l.remaining OR c.quantity > greatest(0, s.on_hand + t.away)`,
  }),
  {
    promise: 'I4',
    name: 'the storefront copy is the newest count of every level',
    find: staleCopies,
  },
];

type Copy = { key: string; available: number; version: number };

async function staleCopies(sources: Sources): Promise<string[]> {
  const counts = await sources.rows<Copy>('inventory', countsText);
  const copies = await sources.rows<Copy>('storefront-sync', copiesText);
  const copyOf = new Map(copies.map((copy) => [copy.key, copy]));
  return counts.flatMap(({ key, available, version }) => {
    const copy = copyOf.get(key);
    if (copy && copy.available === available && copy.version === version) return [];
    const stands = copy ? `${copy.available} at version ${copy.version}` : 'nothing';
    return [`level ${key} is ${available} at version ${version}, the copy is ${stands}`];
  });
}

const countsText = `
  SELECT l.stock_item_id || '/' || l.location_id AS key, l.on_hand - l.committed AS available, l.version
  FROM level l WHERE l.version > 0`;
const copiesText = `
  SELECT stock_item_id || '/' || location_id AS key, available, version FROM known_level`;
