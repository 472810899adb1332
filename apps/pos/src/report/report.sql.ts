import type { Tx } from '@onecount/db';
import { openShifts, type Shift } from '../shift/shift.sql.ts';
import { readFigures } from './figures.sql.ts';
import type { Figures } from './figures.ts';

export type XReport = { shift: Shift; takenAt: Date; figures: Figures };

/** Undefined while the till is closed. */
export async function readXReport(tx: Tx, registerId: string): Promise<XReport | undefined> {
  const [shift] = await openShifts(tx, [registerId]);
  return shift && { shift, takenAt: new Date(), figures: await readFigures(tx, shift.id) };
}
