import { sql, uuidv7, type Tx } from '@onecount/db';
import { unsetDiscounts, type DiscountSettings } from './discount-setting.ts';

const newestStatement = sql(
  'pos.discount-settings',
  `SELECT limit_basis_points AS "limitBasisPoints", may_meet AS "mayMeet", reasons, is_reason_free AS "isReasonFree",
          own_price AS "ownPrice"
     FROM discount_setting WHERE tenant_id = $1 ORDER BY set_at DESC, id DESC LIMIT 1`,
);

export async function discountSettings(tx: Tx): Promise<DiscountSettings> {
  const [newest] = await tx.query<DiscountSettings>(newestStatement, [tx.tenantId]);
  return newest ?? unsetDiscounts;
}

const insertStatement = sql(
  'pos.discount-settings-insert',
  `INSERT INTO discount_setting (tenant_id, id, limit_basis_points, may_meet, reasons, is_reason_free, own_price, set_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

export async function insertDiscountSettings(
  tx: Tx,
  { limitBasisPoints, mayMeet, reasons, isReasonFree, ownPrice }: DiscountSettings,
  setBy: string,
): Promise<void> {
  const values = [
    ...[tx.tenantId, uuidv7(), limitBasisPoints, mayMeet, reasons, isReasonFree, ownPrice, setBy],
  ];
  await tx.query(insertStatement, values);
}
