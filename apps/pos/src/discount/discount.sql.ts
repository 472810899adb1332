import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { SaleDiscount } from './discount.ts';

export type NewDiscount = Omit<SaleDiscount, 'amountMinor' | 'cutBy' | 'givenAt' | 'shares'> & {
  saleId: string;
  limitBasisPoints: number | null;
  minimumMinor: number | null;
};

// Under the lock of the sale: no other discount takes the same place.
const insertStatement = sql(
  'pos.sale-discount-insert',
  `INSERT INTO sale_discount (tenant_id, sale_id, id, position, kind, line_id, excluded_line_ids, basis_points, asked_minor,
                              limit_basis_points, minimum_minor, reason, promotion_id, code, given_by)
   SELECT $1, $2, $3, coalesce(max(d.position), 0) + 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
     FROM sale_discount d WHERE d.tenant_id = $1 AND d.sale_id = $2`,
);

export async function insertDiscount(tx: Tx, discount: NewDiscount): Promise<void> {
  const { saleId, id, kind, lineId, excludedLineIds, basisPoints, askedMinor } = discount;
  const { limitBasisPoints, minimumMinor, reason, promotionId, code, givenBy } = discount;
  await tx.query(insertStatement, [
    ...[tx.tenantId, saleId, id, kind, lineId, excludedLineIds, basisPoints, askedMinor],
    ...[limitBasisPoints, minimumMinor, reason, promotionId, code, givenBy],
  ]);
}

const deleteStatement = sql(
  'pos.sale-discount-delete',
  'DELETE FROM sale_discount WHERE tenant_id = $1 AND sale_id = $2 AND id = $3 RETURNING id',
);

export async function deleteDiscount(tx: Tx, saleId: string, id: string): Promise<void> {
  exactlyOne(await tx.query(deleteStatement, [tx.tenantId, saleId, id]));
}

// The version rises: a checkout that was decided on the basket before decides again.
const reckonStatement = sql(
  'pos.sale-discounts-apply',
  'SELECT (SELECT s.id FROM sale_discounts_apply($1, $2) s) AS id',
);
const versionStatement = sql(
  'pos.sale-discounts-version',
  `UPDATE sale SET version = version + 1, active_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

/** The basket with its discounts as they are now. */
export async function reckonDiscounts(tx: Tx, saleId: string): Promise<void> {
  await tx.query(reckonStatement, [tx.tenantId, saleId]);
  exactlyOne(await tx.query(versionStatement, [tx.tenantId, saleId]));
}
