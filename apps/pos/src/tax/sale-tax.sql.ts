import { sql, type Database, type Tx } from '@onecount/db';
import type { SaleIntent } from '../sale/opening.sql.ts';
import { resultOf } from '../sale/sale.sql.ts';
import type { FixedTax } from './sale-tax.ts';
import { taxesOf, type SaleTaxTerms } from './tax.ts';

const recordTermsStatement = sql(
  'pos.taxes-of-record',
  'SELECT taxes_of_record($1, $2, $3, $4) AS result',
);

type Recorded = Pick<SaleIntent, 'lines' | 'totalMinor' | 'soldAt'> & { locationId: string | null };

/** What a sale that is paid already has of tax in it; null where the tenant taxes nothing. */
export async function taxOfRecord(
  db: Database,
  tenantId: string,
  { locationId, soldAt, lines, totalMinor }: Recorded,
): Promise<FixedTax | null> {
  const named = lines.map(({ id, variantId }) => ({ id, variantId }));
  const values = [tenantId, locationId, soldAt ?? null, JSON.stringify(named)];
  const terms = await resultOf<SaleTaxTerms | null>(db, recordTermsStatement, values);
  return terms && { totalMinor, roundingMinor: 0, taxes: taxesOf(terms, lines) };
}

const fixStatement = sql('pos.sale-tax-fix', 'SELECT sale_tax_fix($1, $2, $3)');

/** Writes what a basket owes and of what tax, in the transaction of its intent; null: nothing is taxed. */
export async function fixTax(tx: Tx, saleId: string, tax: FixedTax | null): Promise<void> {
  if (tax) await tx.query(fixStatement, [tx.tenantId, saleId, JSON.stringify(tax)]);
}
