import { sql, type Tx } from '@onecount/db';
import type { ExplanationFacts } from './explain.ts';

const statement = sql(
  'inventory.stock-explain',
  'SELECT stock_explain($1, $2, $3, statement_timestamp()) AS facts',
);

/** Per location in the order of their codes; only one when `locationId` is given. */
export async function selectExplanation(
  tx: Tx,
  of: { stockItemId: string; locationId: string | null },
): Promise<ExplanationFacts[]> {
  const [row] = await tx.query<{ facts: ExplanationFacts[] }>(statement, [
    tx.tenantId,
    of.stockItemId,
    of.locationId,
  ]);
  return row!.facts;
}
