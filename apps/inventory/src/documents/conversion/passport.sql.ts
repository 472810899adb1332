import { sql, type Tx } from '@onecount/db';

const markStatement = sql(
  'inventory.unit-has-passport',
  `UPDATE serial_unit SET has_passport = true WHERE tenant_id = $1 AND id = $2 AND NOT has_passport`,
);

/** Once given, for ever: later events of the passport change nothing here. */
export async function markPassport(tx: Tx, serialUnitId: string): Promise<void> {
  await tx.query(markStatement, [tx.tenantId, serialUnitId]);
}
