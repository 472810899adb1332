import { sql, type Tx } from '@onecount/db';
import { foldedIdentifier } from '@onecount/refusal';

export type VariantSalesRow = { variantId: string; quantitySold: number; lastSoldAt: Date | null };

const byVariants = sql(
  'catalog.variant-sales',
  `SELECT variant_id AS "variantId", quantity_sold AS "quantitySold", last_sold_at AS "lastSoldAt"
   FROM variant_sales WHERE tenant_id = $1 AND variant_id = ANY ($2::uuid[])`,
);

// Rows are written in key order, so that two groups of sales of the same variants never wait for each other in
// a circle. A line without variant id is found by its SKU. A sale counts once, whatever the event's id.
const add = sql(
  'catalog.variant-sales-add',
  `WITH first_time AS (
     INSERT INTO counted_sale (tenant_id, sale_id)
     SELECT DISTINCT $1::uuid, line.sale_id FROM unnest($2::uuid[]) AS line (sale_id) ORDER BY line.sale_id
     ON CONFLICT DO NOTHING RETURNING sale_id
   )
   INSERT INTO variant_sales AS s (tenant_id, variant_id, quantity_sold, last_sold_at)
   SELECT $1, v.id, sum(line.quantity), max(line.sold_at)
   FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::integer[], $6::timestamptz[])
          AS line (sale_id, variant_id, sku, quantity, sold_at)
   JOIN first_time f ON f.sale_id = line.sale_id
   JOIN variant v ON v.tenant_id = $1
     AND (v.id = line.variant_id OR (line.variant_id IS NULL AND v.sku_key = line.sku))
   GROUP BY v.id ORDER BY v.id
   ON CONFLICT ON CONSTRAINT variant_sales_pkey DO UPDATE
   SET quantity_sold = s.quantity_sold + excluded.quantity_sold,
       last_sold_at = greatest(s.last_sold_at, excluded.last_sold_at)`,
);

export function salesOfVariants(tx: Tx, variantIds: readonly string[]) {
  return tx.query<VariantSalesRow>(byVariants, [tx.tenantId, variantIds]);
}

export type Sold = {
  saleId: string;
  lines: readonly { variantId?: string; sku: string; quantity: number }[];
  soldAt: string;
};

/** Of a sale that is there twice, the first one counts. */
export async function addSales(tx: Tx, sales: readonly Sold[]): Promise<void> {
  const once = new Map(sales.toReversed().map((sale) => [sale.saleId, sale]));
  const lines = [...once.values()].flatMap((sale) =>
    sale.lines.map((line) => ({ ...line, saleId: sale.saleId, soldAt: sale.soldAt })),
  );
  await tx.query(add, [
    tx.tenantId,
    lines.map(({ saleId }) => saleId),
    lines.map(({ variantId }) => variantId ?? null),
    lines.map(({ sku }) => foldedIdentifier(sku)),
    lines.map(({ quantity }) => quantity),
    lines.map(({ soldAt }) => soldAt),
  ]);
}
