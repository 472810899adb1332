import type { Database, Tx } from '@onecount/db';
import { wakeRelays } from '@onecount/messaging';
import {
  checkId,
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  invalidInput,
  type Refusal,
} from '@onecount/refusal';
import type { Caller } from '../../caller.ts';
import { idOf, quantityMax } from '../../input.ts';
import type { AllocationRule } from '../setting/setting.sql.ts';
import { traceparent } from '../../trace.ts';
import { allocationRefusal } from './allocation.errors.ts';
import { allocateHold, allocateSaleUnits, reallocateHold } from './allocation.sql.ts';
import type { AllocationOutcome, UnitName } from './allocation.ts';

export type HoldAllocateInput = {
  holdId: string;
  units?: UnitName[] | null;
  quantity?: number | null;
  rule?: AllocationRule | null;
  idempotencyKey: string;
};
export type HoldReallocateInput = { holdId: string; unit: UnitName; idempotencyKey: string };
export type SaleUnitAllocateInput = {
  saleId: string;
  lineId: string;
  units: UnitName[];
  registersUnknown?: boolean | null;
  idempotencyKey: string;
};
/** The holds that bear the units, in their order. Ids only: the answer is stored under its key. */
export type Allocated = { holdIds: string[] };
export type AllocationService = ReturnType<typeof createAllocationService>;

const unitsMax = 200;

/** Choosing, later, which units fulfil a generic hold or sale (ADR 0057). */
export function createAllocationService(deps: { db: Database; onChange?: () => void }) {
  const { db, onChange = () => {} } = deps;

  const choose = (
    caller: Caller,
    asked: { operation: string; input: { idempotencyKey: string } },
    run: (tx: Tx) => Promise<Allocated | Refusal>,
  ): Promise<Allocated | Refusal> =>
    db.command(caller, { ...asked, afterCommit: [wakeRelays, onChange] }, run);

  return {
    async allocate(caller: Caller, input: HoldAllocateInput): Promise<Allocated | Refusal> {
      const problem = checkAllocate(input);
      if (problem) return problem;
      const { holdId, units = null, quantity = null, rule = null } = input;
      return choose(caller, { operation: 'holdAllocate', input }, async (tx) =>
        allocated(await allocateHold(tx, { holdId, units, quantity, rule }), { holdId }),
      );
    },

    async reallocate(caller: Caller, input: HoldReallocateInput): Promise<Allocated | Refusal> {
      const { holdId, unit } = input;
      const problem = firstOf(
        checkKey(input.idempotencyKey),
        checkId('holdId', holdId),
        checkUnit(unit, 'unit'),
      );
      if (problem) return problem;
      return choose(caller, { operation: 'holdReallocate', input }, async (tx) =>
        allocated(await reallocateHold(tx, { holdId, unit }), { holdId }),
      );
    },

    /** For what a sale took without a unit; the count stays as it is. */
    async allocateSale(caller: Caller, input: SaleUnitAllocateInput): Promise<Allocated | Refusal> {
      const problem = firstOf(
        checkKey(input.idempotencyKey),
        checkId('saleId', input.saleId),
        checkId('lineId', input.lineId),
        checkUnits(input.units),
      );
      if (problem) return problem;
      const of = { saleId: idOf(input.saleId), lineId: idOf(input.lineId) };
      const named = { units: input.units, registersUnknown: input.registersUnknown ?? false };
      const document = { actor: caller.subject, traceparent: traceparent() };
      return choose(caller, { operation: 'saleUnitAllocate', input }, async (tx) =>
        allocated(await allocateSaleUnits(tx, { ...of, ...document, ...named }), of),
      );
    },
  };
}

function allocated(
  outcome: AllocationOutcome,
  of: { holdId: string } | { saleId: string; lineId: string },
): Allocated | Refusal {
  if (outcome.outcome === 'DONE') return { holdIds: outcome.holdIds };
  return allocationRefusal(outcome, of);
}

function checkAllocate(input: HoldAllocateInput): Refusal | undefined {
  const { units, quantity, rule } = input;
  return firstOf(
    checkKey(input.idempotencyKey),
    checkId('holdId', input.holdId),
    units && (quantity || rule)
      ? invalidInput('units', 'Name units, or give a quantity and a rule; not both.')
      : undefined,
    units ? checkUnits(units) : undefined,
    checkWhole('quantity', quantity ?? 1, { min: 1, max: quantityMax }),
  );
}

function checkUnits(units: UnitName[]): Refusal | undefined {
  return firstOf(
    checkWhole('units', units.length, { min: 1, max: unitsMax }),
    ...units.map((unit, index) => checkUnit(unit, `units.${index}`)),
  );
}

function checkUnit({ serial, serialUnitId }: UnitName, field: string): Refusal | undefined {
  return firstOf(
    Boolean(serial) === Boolean(serialUnitId)
      ? invalidInput(field, 'Name the unit by exactly one of serial and serialUnitId.')
      : undefined,
    checkText(`${field}.serial`, serial, { min: 1, max: 255 }),
    checkId(`${field}.serialUnitId`, serialUnitId),
  );
}
