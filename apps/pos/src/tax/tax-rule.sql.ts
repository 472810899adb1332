import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';

export type TaxRule = {
  id: string;
  locationId: string | null;
  taxCode: string | null;
  component: string;
  /** Percent, exact. */
  rate: string;
  validFrom: Date;
  validTo: Date | null;
  addedAt: Date;
  cancelledAt: Date | null;
};
export type TaxRulePage = Connection<TaxRule>;
/** `validFrom` null: from now on. */
export type NewTaxRule = Omit<TaxRule, 'addedAt' | 'cancelledAt' | 'validFrom'> & {
  validFrom: Date | null;
  addedBy: string;
};

const columns = `id, location_id AS "locationId", tax_code AS "taxCode", component, trim_scale(rate)::text AS rate,
  valid_from AS "validFrom", valid_to AS "validTo", added_at AS "addedAt", cancelled_at AS "cancelledAt"`;

const insertStatement = sql(
  'pos.tax-rule-insert',
  `INSERT INTO tax_rule (tenant_id, id, location_id, tax_code, component, rate, valid_from, valid_to, added_by)
   VALUES ($1, $2, $3, $4, $5, $6, coalesce($7, clock_timestamp()), $8, $9)`,
);

export async function insertRule(tx: Tx, rule: NewTaxRule): Promise<void> {
  const { id, locationId, taxCode, component, rate, validFrom, validTo, addedBy } = rule;
  await tx.query(insertStatement, [
    ...[tx.tenantId, id, locationId, taxCode, component, rate],
    ...[validFrom, validTo, addedBy],
  ]);
}

const byIdStatement = sql(
  'pos.tax-rule-by-id',
  `SELECT ${columns} FROM tax_rule WHERE tenant_id = $1 AND id = $2`,
);

export async function ruleById(tx: Tx, id: string): Promise<TaxRule> {
  return exactlyOne(await tx.query<TaxRule>(byIdStatement, [tx.tenantId, id]));
}

// Who cancelled it first stays.
const cancelStatement = sql(
  'pos.tax-rule-cancel',
  `UPDATE tax_rule SET cancelled_at = coalesce(cancelled_at, clock_timestamp()), cancelled_by = coalesce(cancelled_by, $3)
    WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

/** False: there is no such rule. */
export async function cancelRule(tx: Tx, id: string, by: string): Promise<boolean> {
  return (await tx.query(cancelStatement, [tx.tenantId, id, by])).length === 1;
}

const pageStatement = sql(
  'pos.tax-rule-page',
  `SELECT ${columns} FROM tax_rule
    WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3 OR cancelled_at IS NULL)
    ORDER BY id DESC LIMIT $4`,
);

/** Newest first: their ids are made in the order of time. */
export function rulePage(
  tx: Tx,
  { after, limit, includesCancelled }: RulePaging,
): Promise<TaxRule[]> {
  const [id = null] = after ?? [];
  return tx.query<TaxRule>(pageStatement, [tx.tenantId, id, includesCancelled, limit]);
}

type RulePaging = { after: string[] | undefined; limit: number; includesCancelled: boolean };
