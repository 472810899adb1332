import { sql, type Tx } from '@onecount/db';

export type ListValues = {
  id: string;
  currencyCode: string | null;
  priceMinor: number | null;
  compareAtPriceMinor: number | null;
  costMinor: number | null;
  barcode: string | null;
  weightGrams: number | null;
};

const update = sql(
  'catalog.import-list-update',
  `UPDATE variant v
   SET currency_code = n.currency, price_minor = n.price, compare_at_price_minor = n.compare_at,
       cost_minor = n.cost, barcode = n.barcode, weight_grams = n.grams, updated_at = now()
   FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::integer[])
     AS n (id, currency, price, compare_at, cost, barcode, grams)
   WHERE v.tenant_id = $1 AND v.id = n.id`,
);

export async function updateVariantValues(tx: Tx, values: readonly ListValues[]): Promise<void> {
  const column = <K extends keyof ListValues>(key: K) => values.map((value) => value[key]);
  await tx.query(update, [
    tx.tenantId,
    column('id'),
    column('currencyCode'),
    column('priceMinor'),
    column('compareAtPriceMinor'),
    column('costMinor'),
    column('barcode'),
    column('weightGrams'),
  ]);
}
