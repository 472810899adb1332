import type { Tx } from '@onecount/db';
import {
  checkId,
  checkIdentifier,
  checkKey,
  checkText,
  firstOf,
  identifierOf,
  invalidInput,
  notFound,
  type InvalidInput,
} from '@onecount/refusal';
import { currentTraceparent } from '@onecount/telemetry';
import type { Caller } from '../caller.ts';
import { idOf } from '../input.ts';
import { nameOf } from '../stock.errors.ts';
import { selectItemNames } from './serial-unit.sql.ts';
import type { SerialUnitRow } from './serial-unit.sql.ts';
import {
  isCostCurrencyFit,
  lockUnit,
  publishUnit,
  recordUnit,
  updateFacts,
} from './unit-facts.sql.ts';
import {
  changedFacts,
  checkFacts,
  factsOf,
  type UnitFacts,
  type UnitFactsInput,
} from './unit-facts.ts';

export type SerialUnitUpdateInput = UnitFactsInput & {
  serialUnitId: string;
  stockNumber?: string | null;
  note?: string | null;
  idempotencyKey: string;
};
export type UnitUpdated = { serialUnitId: string };

export function checkUpdate(input: SerialUnitUpdateInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkId('serialUnitId', input.serialUnitId),
    checkIdentifier('stockNumber', input.stockNumber),
    checkText('note', input.note, { max: 1_000 }),
    checkFacts(input),
  );
}

/** Writes what differs, with a row of history and an event; facts that are so already leave nothing. */
export async function updateUnit(tx: Tx, caller: Caller, input: SerialUnitUpdateInput) {
  const serialUnitId = idOf(input.serialUnitId);
  const unit = await lockUnit(tx, serialUnitId);
  if (!unit) return notFound('SerialUnit', input.serialUnitId);
  const facts = changedFacts(unit, {
    ...factsOf(input),
    ...(input.stockNumber ? { stockNumber: identifierOf(input.stockNumber) } : {}),
  });
  const updated = { __typename: 'SerialUnitUpdateSuccess' as const, serialUnitId };
  if (Object.keys(facts).length === 0) return updated;
  if (facts.stockNumber !== undefined && unit.stockNumber !== null)
    return numberStays(tx, unit, facts.stockNumber);
  await updateFacts(tx, unit.id, facts);
  const misfit = await costMisfit(tx, unit, facts);
  if (misfit) return misfit;
  await recordUnit(tx, {
    unitId: unit.id,
    kind: 'FACTS',
    locationId: unit.locationId,
    facts,
    note: input.note ?? null,
    referenceKind: null,
    referenceId: null,
    actor: caller.subject,
  });
  await publishUnit(tx, unit.id, currentTraceparent());
  return updated;
}

async function numberStays(tx: Tx, unit: SerialUnitRow, asked: string | null) {
  const [item] = await selectItemNames(tx, [unit.stockItemId]);
  const piece = { ...item!, serial: null, stockNumber: unit.stockNumber };
  return invalidInput('stockNumber', `${nameOf(piece)} keeps its number for ever.`, asked);
}

// After the write, so that a unit that alone has a cost may change its currency; a refusal takes it all back.
async function costMisfit(
  tx: Tx,
  unit: { stockItemId: string; costCurrency: string | null },
  facts: UnitFacts,
) {
  const currency = facts.costCurrency;
  if (!currency) return undefined;
  return checkCostCurrency(tx, { stockItemId: unit.stockItemId, currency });
}

export async function checkCostCurrency(tx: Tx, cost: { stockItemId: string; currency: string }) {
  if (await isCostCurrencyFit(tx, cost)) return undefined;
  const message = 'What is in stock of the item has its cost in another currency.';
  return invalidInput('cost', message, cost.currency);
}
