import { sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';
import type { SaleReturn } from './return.sql.ts';

// Reads for the graph.

export type SaleReturnPage = Connection<SaleReturn>;

const columns = `r.id, r.kind, r.number, r.sale_id AS "saleId", r.register_id AS "registerId", r.shift_id AS "shiftId",
  r.location_id AS "locationId", r.currency_code AS "currencyCode", r.total_minor AS "totalMinor", r.reason, r.note,
  r.returned_by AS "returnedBy", r.returned_at AS "returnedAt", r.returned_at::text AS position,
  (SELECT jsonb_agg(jsonb_build_object('lineId', l.line_id, 'quantity', l.quantity, 'totalMinor', l.total_minor,
            'disposition', l.disposition, 'units', coalesce((
              SELECT jsonb_agg(jsonb_build_object('serialUnitId', u.serial_unit_id, 'serial', u.serial) ORDER BY u.serial)
                FROM sale_return_unit u
               WHERE u.tenant_id = l.tenant_id AND u.return_id = l.return_id AND u.position = l.position), '[]'))
          ORDER BY l.position)
     FROM sale_return_line l WHERE l.tenant_id = r.tenant_id AND l.return_id = r.id) AS lines,
  coalesce((SELECT jsonb_agg(jsonb_build_object('tenderIndex', f.tender_position, 'kind', f.kind,
            'amountMinor', f.amount_minor, 'reference', f.reference, 'storedValueId', f.stored_value_id) ORDER BY f.position)
     FROM sale_return_refund f WHERE f.tenant_id = r.tenant_id AND f.return_id = r.id), '[]') AS refunds,
  coalesce((SELECT jsonb_agg(jsonb_build_object('lineId', t.line_id, 'component', t.component, 'rate', trim_scale(t.rate)::text,
            'scheme', t.scheme, 'baseMinor', t.base_minor, 'taxMinor', t.tax_minor) ORDER BY t.position)
     FROM sale_return_tax t WHERE t.tenant_id = r.tenant_id AND t.return_id = r.id), '[]') AS taxes`;

const byIdsStatement = sql(
  'pos.sale-return-by-ids',
  `SELECT ${columns} FROM sale_return r WHERE r.tenant_id = $1 AND r.id = ANY ($2)`,
);

export function returnsByIds(tx: Tx, ids: readonly string[]): Promise<SaleReturn[]> {
  return tx.query<SaleReturn>(byIdsStatement, [tx.tenantId, ids]);
}

const byNumberStatement = sql(
  'pos.sale-return-by-number',
  `SELECT ${columns} FROM sale_return r WHERE r.tenant_id = $1 AND r.number = $2`,
);

export function returnsByNumber(tx: Tx, number: string): Promise<SaleReturn[]> {
  return tx.query<SaleReturn>(byNumberStatement, [tx.tenantId, number]);
}

// At most one for each piece of a sale.
const bySalesStatement = sql(
  'pos.sale-return-by-sales',
  `SELECT ${columns} FROM sale_return r WHERE r.tenant_id = $1 AND r.sale_id = ANY ($2) ORDER BY r.returned_at, r.id`,
);

/** Oldest first. */
export function returnsBySales(tx: Tx, saleIds: readonly string[]): Promise<SaleReturn[]> {
  return tx.query<SaleReturn>(bySalesStatement, [tx.tenantId, saleIds]);
}

export type LineReturned = { lineId: string; quantity: number };

const byLinesStatement = sql(
  'pos.sale-return-by-lines',
  `SELECT line_id AS "lineId", sum(quantity)::int AS quantity FROM sale_return_line
    WHERE tenant_id = $1 AND line_id = ANY ($2) GROUP BY line_id`,
);

export function returnedOfLines(tx: Tx, lineIds: readonly string[]): Promise<LineReturned[]> {
  return tx.query<LineReturned>(byLinesStatement, [tx.tenantId, lineIds]);
}

const pageStatement = sql(
  'pos.sale-return-page',
  `SELECT ${columns} FROM sale_return r
    WHERE r.tenant_id = $1 AND ($3::uuid IS NULL OR r.register_id = $3)
      AND ($4::timestamptz IS NULL OR (r.returned_at, r.id) < ($4, $5::uuid))
    ORDER BY r.returned_at DESC, r.id DESC LIMIT $2`,
);

/** Newest first. */
export function returnPage(
  tx: Tx,
  { registerId, after, limit }: { registerId: string | null; after?: string[]; limit: number },
): Promise<SaleReturn[]> {
  const [position = null, id = null] = after ?? [];
  return tx.query<SaleReturn>(pageStatement, [tx.tenantId, limit, registerId, position, id]);
}
