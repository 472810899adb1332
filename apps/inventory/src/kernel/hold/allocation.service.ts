import type { Database } from '@onecount/db';
import { wakeRelays } from '@onecount/messaging';
import {
  checkId,
  checkIdentifier,
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  identifierOf,
  invalidInput,
  type InvalidInput,
} from '@onecount/refusal';
import { currentTraceparent } from '@onecount/telemetry';
import type { Caller } from '../caller.ts';
import { idOf, quantityMax } from '../input.ts';
import type { AllocationRule } from '../setting/setting.sql.ts';
import { insufficientStock } from '../stock.errors.ts';
import { choiceRefusal, holdChoiceRefusal } from './allocation.errors.ts';
import { allocateHold, allocateSaleUnits, reallocateHold } from './allocation.sql.ts';
import type { UnitName } from './allocation.ts';

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

  const afterCommit = [wakeRelays, onChange];

  return {
    async allocate(caller: Caller, input: HoldAllocateInput) {
      const problem = checkAllocate(input);
      if (problem) return problem;
      const { holdId, units = null, quantity = null, rule = null } = input;
      const command = { operation: 'holdAllocate', input, afterCommit };
      return db.command(caller, command, async (tx) => {
        const outcome = await allocateHold(tx, {
          ...{ holdId, quantity, rule },
          units: units && units.map(keptName),
        });
        if (outcome.outcome === 'INSUFFICIENT') return insufficientStock(outcome, outcome);
        if (outcome.outcome !== 'DONE') return holdChoiceRefusal(outcome, { holdId });
        return { __typename: 'HoldAllocateSuccess' as const, holdIds: outcome.holdIds };
      });
    },

    async reallocate(caller: Caller, input: HoldReallocateInput) {
      const { holdId, unit } = input;
      const problem = firstOf(
        checkKey(input.idempotencyKey),
        checkId('holdId', holdId),
        checkUnit(unit, 'unit'),
      );
      if (problem) return problem;
      const command = { operation: 'holdReallocate', input, afterCommit };
      return db.command(caller, command, async (tx) => {
        const outcome = await reallocateHold(tx, { holdId, unit: keptName(unit) });
        if (outcome.outcome !== 'DONE') return holdChoiceRefusal(outcome, { holdId });
        return { __typename: 'HoldReallocateSuccess' as const, holdIds: outcome.holdIds };
      });
    },

    /** For what a sale took without a unit; the count stays as it is. */
    async allocateSale(caller: Caller, input: SaleUnitAllocateInput) {
      const problem = firstOf(
        checkKey(input.idempotencyKey),
        checkId('saleId', input.saleId),
        checkId('lineId', input.lineId),
        checkUnits(input.units),
        input.registersUnknown ? checkSerials(input.units) : undefined,
      );
      if (problem) return problem;
      const of = { saleId: idOf(input.saleId), lineId: idOf(input.lineId) };
      const units = input.units.map(keptName);
      const named = { units, registersUnknown: input.registersUnknown ?? false };
      const document = { actor: caller.subject, traceparent: currentTraceparent() };
      const command = { operation: 'saleUnitAllocate', input, afterCommit };
      return db.command(caller, command, async (tx) => {
        const outcome = await allocateSaleUnits(tx, { ...of, ...document, ...named });
        if (outcome.outcome !== 'DONE') return choiceRefusal(outcome, of);
        return { __typename: 'SaleUnitAllocateSuccess' as const, holdIds: outcome.holdIds };
      });
    },
  };
}

function checkAllocate(input: HoldAllocateInput): InvalidInput | undefined {
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

function checkUnits(units: UnitName[]): InvalidInput | undefined {
  return firstOf(
    checkWhole('units', units.length, { min: 1, max: unitsMax }),
    ...units.map((unit, index) => checkUnit(unit, `units.${index}`)),
  );
}

// What is registered must be a name; what is only looked for may be that of a unit from before the rule.
function checkSerials(units: UnitName[]): InvalidInput | undefined {
  return firstOf(
    ...units.map(({ serial }, index) => checkIdentifier(`units.${index}.serial`, serial)),
  );
}

const keptName = ({ serial, serialUnitId }: UnitName): UnitName => ({
  serial: serial ? identifierOf(serial) : null,
  serialUnitId,
});

function checkUnit({ serial, serialUnitId }: UnitName, field: string): InvalidInput | undefined {
  return firstOf(
    Boolean(serial) === Boolean(serialUnitId)
      ? invalidInput(field, 'Name the unit by exactly one of serial and serialUnitId.')
      : undefined,
    checkText(`${field}.serial`, serial, { min: 1, max: 255 }),
    checkId(`${field}.serialUnitId`, serialUnitId),
  );
}
