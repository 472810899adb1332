import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { TaxTerms } from './tax.ts';

export type TaxSettings = {
  locationId: string | null;
  pricesIncludeTax: boolean;
  rounding: TaxTerms['rounding'];
  /** By currency, in minor units. */
  cashSteps: Record<string, number>;
  setAt: Date;
};

const columns = `location_id AS "locationId", prices_include_tax AS "pricesIncludeTax", rounding, cash_steps AS "cashSteps",
  set_at AS "setAt"`;

const insertStatement = sql(
  'pos.tax-settings-insert',
  `INSERT INTO tax_setting (tenant_id, id, location_id, prices_include_tax, rounding, cash_steps, set_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${columns}`,
);

export async function insertTaxSettings(
  tx: Tx,
  settings: Omit<TaxSettings, 'setAt'> & { id: string; setBy: string },
): Promise<TaxSettings> {
  const { id, locationId, pricesIncludeTax, rounding, cashSteps, setBy } = settings;
  const values = [tx.tenantId, id, locationId, pricesIncludeTax, rounding];
  return exactlyOne(
    await tx.query<TaxSettings>(insertStatement, [...values, JSON.stringify(cashSteps), setBy]),
  );
}

// As in tax_terms.sql: a location's own before those of all.
const nowStatement = sql(
  'pos.tax-settings-now',
  `SELECT ${columns} FROM tax_setting WHERE tenant_id = $1 AND (location_id = $2 OR location_id IS NULL)
    ORDER BY location_id IS NULL, set_at DESC LIMIT 1`,
);

export async function taxSettingsNow(
  tx: Tx,
  locationId: string | null,
): Promise<TaxSettings | null> {
  return (await tx.query<TaxSettings>(nowStatement, [tx.tenantId, locationId]))[0] ?? null;
}
