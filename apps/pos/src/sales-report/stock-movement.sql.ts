import { sql, type Tx } from '@onecount/db';
import { isUuid } from '@onecount/refusal';
import { saleOf, type Movement } from './stock-movement.ts';

// A movement that is published again, and one whose mark was cleared from the inbox meanwhile, is there already.
const saveStatement = sql(
  'pos.stock-movement-save',
  `INSERT INTO stock_movement (tenant_id, movement_id, sale_id, line_id, stock_item_id, sku, location_id, location_code, quantity,
     reason, cost_minor, cost_currency, cost_quantity, occurred_at)
   SELECT $1, m.id, m.sale, coalesce(m.line, (
            SELECT l.id FROM sale_line l WHERE l.tenant_id = $1 AND l.sale_id = m.sale AND l.stock_item_id = m.item
             ORDER BY l.position LIMIT 1)),
          m.item, m.sku, m.place, m.code, m.quantity, m.reason, m.cost, m.currency, m."costQuantity", m.at
     FROM jsonb_to_recordset($2) AS m(id uuid, sale uuid, line uuid, item uuid, sku text, place uuid, code text,
          quantity integer, reason text, cost bigint, currency text, "costQuantity" integer, at timestamptz)
   ON CONFLICT ON CONSTRAINT stock_movement_pkey DO NOTHING`,
);

export async function saveMovements(tx: Tx, movements: readonly Movement[]): Promise<void> {
  const rows = movements.map((of) => ({
    ...{ id: of.movementId, sale: saleOf(of), line: isUuid(of.lineId) ? of.lineId : null },
    ...{ item: of.stockItemId, sku: of.sku, place: of.locationId, code: of.locationCode },
    ...{ quantity: of.quantity, reason: of.reason, at: of.occurredAt },
    ...{ cost: of.cost?.amountMinor, currency: of.cost?.currencyCode },
    // An event from before ledgers knew of how many has the cost of all.
    costQuantity: of.cost && (of.costQuantity ?? Math.abs(of.quantity)),
  }));
  await tx.query(saveStatement, [tx.tenantId, JSON.stringify(rows)]);
}
