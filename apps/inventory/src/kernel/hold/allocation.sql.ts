import { sql, type Tx } from '@onecount/db';
import type { AllocationRule } from '../setting/setting.sql.ts';
import type {
  HoldAllocation,
  HoldReallocation,
  SaleUnitAllocation,
  UnitName,
} from './allocation.ts';

type Answered<Outcome> = { answer: Outcome };

const allocateStatement = sql(
  'inventory.hold-allocate',
  'SELECT hold_allocate($1, $2, $3, $4, $5) AS answer',
);

/** `units` by hand; without them `quantity` (null: all) by `rule` (null: the tenant's). */
export async function allocateHold(
  tx: Tx,
  of: {
    holdId: string;
    units: UnitName[] | null;
    quantity: number | null;
    rule: AllocationRule | null;
  },
): Promise<HoldAllocation> {
  const units = of.units ? JSON.stringify(of.units) : null;
  const values = [tx.tenantId, of.holdId, units, of.quantity, of.rule];
  const [row] = await tx.query<Answered<HoldAllocation>>(allocateStatement, values);
  return row!.answer;
}

const reallocateStatement = sql(
  'inventory.hold-reallocate',
  'SELECT hold_reallocate($1, $2, $3) AS answer',
);

export async function reallocateHold(
  tx: Tx,
  of: { holdId: string; unit: UnitName },
): Promise<HoldReallocation> {
  const values = [tx.tenantId, of.holdId, JSON.stringify(of.unit)];
  const [row] = await tx.query<Answered<HoldReallocation>>(reallocateStatement, values);
  return row!.answer;
}

const saleUnitStatement = sql(
  'inventory.sale-unit-allocate',
  'SELECT sale_unit_allocate($1, $2, $3, $4, $5, $6, $7) AS answer',
);

export async function allocateSaleUnits(
  tx: Tx,
  of: {
    saleId: string;
    lineId: string;
    units: UnitName[];
    registersUnknown: boolean;
    actor: string;
    traceparent: string | null;
  },
): Promise<SaleUnitAllocation> {
  const { saleId, lineId, registersUnknown, actor, traceparent } = of;
  const units = JSON.stringify(of.units);
  const values = [tx.tenantId, saleId, lineId, units, registersUnknown, actor, traceparent];
  const [row] = await tx.query<Answered<SaleUnitAllocation>>(saleUnitStatement, values);
  return row!.answer;
}
