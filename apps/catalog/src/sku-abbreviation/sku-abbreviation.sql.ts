import { sql, type Tx } from '@onecount/db';
import { abbreviationKey, type Abbreviations } from '../variant/abbreviation.ts';

export type SkuAbbreviationRow = { value: string; abbreviation: string };

const page = sql(
  'catalog.sku-abbreviation-page',
  `SELECT value, abbreviation FROM sku_abbreviation
   WHERE tenant_id = $1 AND ($2::text IS NULL OR value_key > $2) ORDER BY value_key LIMIT $3`,
);
const byKeys = sql(
  'catalog.sku-abbreviations-by-key',
  `SELECT value_key AS value, abbreviation FROM sku_abbreviation
   WHERE tenant_id = $1 AND value_key = ANY ($2::text[])`,
);
const save = sql(
  'catalog.sku-abbreviation-save',
  `INSERT INTO sku_abbreviation AS known (tenant_id, value_key, value, abbreviation)
   SELECT $1, n.value_key, n.value, n.abbreviation
   FROM unnest($2::text[], $3::text[], $4::text[]) AS n (value_key, value, abbreviation) ORDER BY n.value_key
   ON CONFLICT ON CONSTRAINT sku_abbreviation_pkey
   DO UPDATE SET value = excluded.value, abbreviation = excluded.abbreviation`,
);
const remove = sql(
  'catalog.sku-abbreviation-remove',
  `WITH gone AS (
     DELETE FROM sku_abbreviation WHERE tenant_id = $1 AND value_key = ANY ($2::text[]) RETURNING 1)
   SELECT count(*)::integer AS total FROM gone`,
);

export function skuAbbreviationPage(
  tx: Tx,
  { afterKey, limit }: { afterKey: string | undefined; limit: number },
) {
  return tx.query<SkuAbbreviationRow>(page, [tx.tenantId, afterKey ?? null, limit]);
}

/** The tenant's own short forms of these texts, by their keys. */
export async function abbreviationsOf(tx: Tx, texts: readonly string[]): Promise<Abbreviations> {
  const keys = [...new Set(texts.map(abbreviationKey))];
  if (keys.length === 0) return new Map();
  const rows = await tx.query<SkuAbbreviationRow>(byKeys, [tx.tenantId, keys]);
  return new Map(rows.map(({ value, abbreviation }) => [value, abbreviation]));
}

export async function saveAbbreviations(tx: Tx, rows: readonly SkuAbbreviationRow[]) {
  const values = rows.map(({ value }) => value);
  const short = rows.map(({ abbreviation }) => abbreviation);
  await tx.query(save, [tx.tenantId, values.map(abbreviationKey), values, short]);
}

/** Answers how many there were. */
export async function removeAbbreviations(tx: Tx, values: readonly string[]): Promise<number> {
  const keys = values.map(abbreviationKey);
  const [row] = await tx.query<{ total: number }>(remove, [tx.tenantId, keys]);
  return row?.total ?? 0;
}
