import type { Database } from '@onecount/db';
import type { SubgraphContext } from '@onecount/graphql';
import { openShifts, shiftsByIds, shiftsOfSales, type SaleShift, type Shift } from './shift.sql.ts';

export function shiftLoader(db: Database, context: SubgraphContext) {
  const { tenantId } = context.caller;
  return context.loader<string, Shift | null>('shift', async (ids) => {
    const rows = await db.read(tenantId, (tx) => shiftsByIds(tx, ids));
    const byId = new Map(rows.map((shift) => [shift.id, shift]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** By register. */
export function openShiftLoader(db: Database, context: SubgraphContext) {
  const { tenantId } = context.caller;
  return context.loader<string, Shift | null>('open-shift', async (ids) => {
    const rows = await db.read(tenantId, (tx) => openShifts(tx, ids));
    const byRegister = new Map(rows.map((shift) => [shift.registerId, shift]));
    return ids.map((id) => byRegister.get(id) ?? null);
  });
}

/** By sale: asked for only where a request selects it, so that the path of a sale need not carry it. */
export function saleShiftLoader(db: Database, context: SubgraphContext) {
  const { tenantId } = context.caller;
  return context.loader<string, SaleShift>('shift-of-sale', async (ids) => {
    const rows = await db.read(tenantId, (tx) => shiftsOfSales(tx, ids));
    const bySale = new Map(rows.map((row) => [row.saleId, row]));
    return ids.map((id) => bySale.get(id)!);
  });
}
