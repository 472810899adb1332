import type { Database } from '@onecount/db';
import { inOrder, type SubgraphContext } from '@onecount/graphql';
import { oneById } from '../request.loaders.ts';
import {
  selectSuccessors,
  selectUnitPages,
  selectUnits,
  type SerialUnitRow,
  type SerialUnitStatus,
  type UnitPage,
} from './serial-unit.sql.ts';
import { selectTransitions } from './unit-transition.sql.ts';

export type UnitLoaders = ReturnType<typeof unitLoaders>;

export function unitLoaders(db: Database) {
  return {
    unit: oneById<SerialUnitRow>(db, 'unit', selectUnits),
    /** The unit that was made of this one. */
    successor: (context: SubgraphContext, unitId: string) =>
      context
        .loader<string, SerialUnitRow | null>('successor', async (ids) => {
          const rows = await db.read(context.caller.tenantId, (tx) => selectSuccessors(tx, ids));
          return inOrder(ids, rows, (row) => row.predecessorId);
        })
        .load(unitId),
    /** Where a unit may go from this state. */
    transitions: (context: SubgraphContext, from: SerialUnitStatus) =>
      context
        .loader<SerialUnitStatus, SerialUnitStatus[]>('unit-transitions', async (asked) => {
          const table = await db.read(context.caller.tenantId, selectTransitions);
          return asked.map((status) => table[status]);
        })
        .load(from),
    /** The same page of units for many items at once. */
    unitPage: (context: SubgraphContext, stockItemId: string, page: UnitPage) =>
      context
        .loader<string, SerialUnitRow[]>(
          `units/${page.limit}/${page.status}/${page.after}`,
          async (ids) => {
            const rows = await db.read(context.caller.tenantId, (tx) =>
              selectUnitPages(tx, ids, page),
            );
            return ids.map((id) => rows.filter((row) => row.stockItemId === id));
          },
        )
        .load(stockItemId),
  };
}
