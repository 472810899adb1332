import { exactlyOne, sql, type Tx } from '@onecount/db';
import { usualTerms, type LayByTerms } from './lay-by.ts';

/** Who set them and when: null for what holds where nobody has set any. */
export type LayBySettings = LayByTerms & { setBy: string | null; setAt: Date | null };

const readStatement = sql(
  'pos.lay-by-settings',
  `SELECT deposit_percent AS "depositPercent", fee_percent AS "feePercent", fee_minor AS "feeMinor",
          fee_currency AS "feeCurrency", grace_days AS "graceDays", expiry, reminder_days AS "reminderDays",
          set_by AS "setBy", set_at AS "setAt"
     FROM lay_by_setting WHERE tenant_id = $1`,
);

export async function readSettings(tx: Tx): Promise<LayBySettings> {
  const [set] = await tx.query<LayBySettings>(readStatement, [tx.tenantId]);
  return set ?? { ...usualTerms, setBy: null, setAt: null };
}

const writeStatement = sql(
  'pos.lay-by-settings-set',
  `INSERT INTO lay_by_setting (tenant_id, deposit_percent, fee_percent, fee_minor, fee_currency, grace_days, expiry,
                               reminder_days, set_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   ON CONFLICT ON CONSTRAINT lay_by_setting_pkey DO UPDATE SET
     (deposit_percent, fee_percent, fee_minor, fee_currency, grace_days, expiry, reminder_days, set_by, set_at) =
     (EXCLUDED.deposit_percent, EXCLUDED.fee_percent, EXCLUDED.fee_minor, EXCLUDED.fee_currency, EXCLUDED.grace_days,
      EXCLUDED.expiry, EXCLUDED.reminder_days, EXCLUDED.set_by, clock_timestamp())
   RETURNING set_at`,
);

export async function writeSettings(tx: Tx, terms: LayByTerms, setBy: string): Promise<void> {
  const { depositPercent, feePercent, feeMinor, feeCurrency, graceDays, expiry } = terms;
  exactlyOne(
    await tx.query(writeStatement, [
      ...[tx.tenantId, depositPercent, feePercent, feeMinor, feeCurrency],
      ...[graceDays, expiry, terms.reminderDays, setBy],
    ]),
  );
}
