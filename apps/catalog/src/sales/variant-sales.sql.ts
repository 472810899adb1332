import { sql, type Tx } from '@onecount/db';

export type VariantSalesRow = { variantId: string; quantitySold: number; lastSoldAt: Date | null };

const byVariants = sql(
  'catalog.variant-sales',
  `SELECT variant_id AS "variantId", quantity_sold AS "quantitySold", last_sold_at AS "lastSoldAt"
   FROM variant_sales WHERE tenant_id = $1 AND variant_id = ANY ($2::uuid[])`,
);

// Rows are written in key order, so that two sales of the same variants never wait for each other in
// a circle. A line without variant id is found by its SKU. A sale counts once, whatever the event's id.
const add = sql(
  'catalog.variant-sales-add',
  `WITH first_time AS (
     INSERT INTO counted_sale (tenant_id, sale_id) VALUES ($1, $6) ON CONFLICT DO NOTHING RETURNING 1
   )
   INSERT INTO variant_sales AS s (tenant_id, variant_id, quantity_sold, last_sold_at)
   SELECT $1, sold.variant_id, sum(sold.quantity), $5
   FROM (
     SELECT v.id AS variant_id, line.quantity
     FROM unnest($2::uuid[], $3::text[], $4::integer[]) AS line (variant_id, sku, quantity)
     JOIN variant v ON v.tenant_id = $1
       AND (v.id = line.variant_id OR (line.variant_id IS NULL AND v.sku = line.sku))
     WHERE EXISTS (SELECT FROM first_time)
   ) sold
   GROUP BY sold.variant_id ORDER BY sold.variant_id
   ON CONFLICT ON CONSTRAINT variant_sales_pkey DO UPDATE
   SET quantity_sold = s.quantity_sold + excluded.quantity_sold,
       last_sold_at = greatest(s.last_sold_at, excluded.last_sold_at)`,
);

export function salesOfVariants(tx: Tx, variantIds: readonly string[]) {
  return tx.query<VariantSalesRow>(byVariants, [tx.tenantId, variantIds]);
}

export type SoldLine = { variantId?: string; sku: string; quantity: number };

export async function addSales(
  tx: Tx,
  sale: { saleId: string; lines: readonly SoldLine[]; soldAt: string },
): Promise<void> {
  const { saleId, lines, soldAt } = sale;
  await tx.query(add, [
    tx.tenantId,
    lines.map(({ variantId }) => variantId ?? null),
    lines.map(({ sku }) => sku),
    lines.map(({ quantity }) => quantity),
    soldAt,
    saleId,
  ]);
}

const lock = sql(
  'catalog.variant-sales-lock',
  `SELECT s.variant_id FROM variant_sales s
   WHERE s.tenant_id = $1 AND s.variant_id IN (
     SELECT v.id FROM unnest($2::uuid[], $3::text[]) AS line (variant_id, sku)
     JOIN variant v ON v.tenant_id = $1
       AND (v.id = line.variant_id OR (line.variant_id IS NULL AND v.sku = line.sku)))
   ORDER BY s.variant_id FOR UPDATE`,
);

/** Locks what `addSales` will change for these lines of several sales, in the order in which it locks. */
export async function lockSales(
  tx: Tx,
  lines: readonly Omit<SoldLine, 'quantity'>[],
): Promise<void> {
  await tx.query(lock, [
    tx.tenantId,
    lines.map(({ variantId }) => variantId ?? null),
    lines.map(({ sku }) => sku),
  ]);
}
