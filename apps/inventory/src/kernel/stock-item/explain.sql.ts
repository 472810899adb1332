import { sql, type Tx } from '@onecount/db';
import type { ExplanationFacts } from './explain.ts';
import { checkInstant } from './instant.sql.ts';

const statement = sql(
  'inventory.stock-explain-at',
  'SELECT stock_explain_at($1, $2, $3, $4) AS facts',
);

/**
 * Per location in the order of their codes; only one when `locationId` is given. `at` null: now. Throws bad
 * input for an instant in the future or before the item.
 */
export async function selectExplanation(
  tx: Tx,
  of: { stockItemId: string; locationId: string | null; at: string | null },
): Promise<ExplanationFacts[]> {
  if (of.at !== null) await checkInstant(tx, of.at, of.stockItemId);
  const [row] = await tx.query<{ facts: ExplanationFacts[] }>(statement, [
    tx.tenantId,
    of.stockItemId,
    of.locationId,
    of.at,
  ]);
  return row!.facts;
}
