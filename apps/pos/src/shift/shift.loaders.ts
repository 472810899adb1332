import type { Database } from '@onecount/db';
import type { SubgraphContext } from '@onecount/graphql';
import { rowLoader } from '../row-loader.ts';
import { openShifts, shiftsByIds, shiftsOfSales, type Shift } from './shift.sql.ts';

export const shiftLoader = rowLoader('shift', shiftsByIds, ({ id }) => id);

/** By register. */
export const openShiftLoader = rowLoader('open-shift', openShifts, ({ registerId }) => registerId);

/** By sale: asked for only where a request selects it, so that the path of a sale need not carry it. */
export const saleShiftLoader = rowLoader('shift-of-sale', shiftsOfSales, ({ saleId }) => saleId);

/** The field `shift` of what was written in one: it is there. */
export const shiftOf =
  (db: Database) =>
  async ({ shiftId }: { shiftId: string }, _: unknown, context: SubgraphContext): Promise<Shift> =>
    (await shiftLoader(db, context).load(shiftId))!;
