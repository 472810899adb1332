import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Figures } from './figures.ts';

const figuresStatement = sql('pos.shift-figures', 'SELECT shift_figures($1, $2) AS figures');

/** Of a shift that exists. */
export async function readFigures(tx: Tx, shiftId: string): Promise<Figures> {
  const rows = await tx.query<{ figures: Figures }>(figuresStatement, [tx.tenantId, shiftId]);
  return exactlyOne(rows).figures;
}
