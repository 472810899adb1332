import { uuidv7, type Tx } from '@onecount/db';
import {
  checkId,
  checkIdentifier,
  checkKey,
  checkText,
  firstOf,
  identifierOf,
  invalidInput,
  isRefusal,
  notFound,
  type InvalidInput,
} from '@onecount/refusal';
import { currentTraceparent } from '@onecount/telemetry';
import type { Caller } from '../caller.ts';
import { idOf } from '../input.ts';
import { lockLevelsOfItems } from '../level/level.sql.ts';
import {
  checkLocation,
  isLocationNamed,
  namedLocation,
  type NamedLocation,
} from '../location/named-location.steps.ts';
import { recordMovements } from '../movement/movement.sql.ts';
import { nextStockNumbers } from '../setting/stock-number.sql.ts';
import { bySku } from '../stock-item/stock-item.ts';
import { nameOf, stockItemNotTracked } from '../stock.errors.ts';
import { selectLookAlikes } from './look-alike.sql.ts';
import {
  unitCollapsed,
  unitHasSuccessor,
  unitNameLooksAlike,
  unitNotSucceedable,
} from './serial-unit.errors.ts';
import {
  isCollapsed,
  selectSuccessors,
  selectUnits,
  type SerialUnitRow,
} from './serial-unit.sql.ts';
import { checkCostCurrency } from './unit-facts.service.ts';
import { lockUnit, publishUnit, recordUnit } from './unit-facts.sql.ts';
import { checkFacts, factsOf, type UnitFacts, type UnitFactsInput } from './unit-facts.ts';
import { setUnitStatus } from './unit-status.service.ts';
import { isOnHand } from './unit-status.ts';
import {
  insertSuccessor,
  lockItemsOfSuccession,
  type SuccessionItem,
} from './unit-succession.sql.ts';

export type SerialUnitSucceedInput = Omit<UnitFactsInput, 'isListed'> &
  NamedLocation & {
    serialUnitId: string;
    sku?: string | null;
    serial?: string | null;
    stockNumber?: string | null;
    allowLookAlike?: boolean | null;
    note?: string | null;
    idempotencyKey: string;
  };
export type UnitSucceeded = { serialUnitId: string; predecessorId: string };

type Succession = {
  old: SerialUnitRow;
  from: SuccessionItem;
  into: SuccessionItem;
  placeId: string;
  serial: string | null;
  isLookAlike: boolean;
  stockNumber: string;
};

export function checkSucceed(input: SerialUnitSucceedInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkId('serialUnitId', input.serialUnitId),
    checkText('sku', input.sku, { min: 1, max: 255 }),
    checkLocation(input, { isRequired: false }),
    checkIdentifier('serial', input.serial),
    checkIdentifier('stockNumber', input.stockNumber),
    checkText('note', input.note, { max: 1_000 }),
    checkFacts(input),
  );
}

/**
 * A piece that was re-mounted or refurbished is a new unit with a number of its own. What was
 * still in stock of the old one is consumed (−1), the new one comes into stock (+1), each under the other's id.
 */
export async function succeedUnit(tx: Tx, caller: Caller, input: SerialUnitSucceedInput) {
  const succession = await prepare(tx, input);
  if (isRefusal(succession)) return succession;
  const { old, into } = succession;
  const id = uuidv7();
  const by = { note: input.note ?? null, actor: caller.subject, traceparent: currentTraceparent() };
  if (isOnHand(old.status)) {
    const used = { reason: 'REPAIR_CONSUMPTION' as const, referenceKind: 'SERIAL_UNIT' };
    const change = { unitId: old.id, to: 'SCRAPPED' as const };
    const ended = await setUnitStatus(tx, change, { ...by, ...used, referenceId: id });
    // Its lock and status were looked at: what is at the bench or came back may be scrapped.
    if (isRefusal(ended)) throw new Error(`a unit that ends was refused: ${ended.message}`);
  }
  const facts = inheritedFacts(old, input);
  const currency = facts.costCurrency;
  const misfit = currency && (await checkCostCurrency(tx, { stockItemId: into.id, currency }));
  if (misfit) return misfit;
  await receiveSuccessor(tx, { ...succession, id, facts, by });
  return {
    __typename: 'SerialUnitSucceedSuccess' as const,
    serialUnitId: id,
    predecessorId: old.id,
  };
}

// What it cost goes with the piece unless something else is said; all else is the new piece's own.
function inheritedFacts(old: SerialUnitRow, input: SerialUnitSucceedInput): UnitFacts {
  const { costMinor, costCurrency } = old;
  return { costMinor, costCurrency, ...factsOf(input) };
}

async function prepare(tx: Tx, input: SerialUnitSucceedInput) {
  const [seen] = await selectUnits(tx, [idOf(input.serialUnitId)]);
  if (!seen) return notFound('SerialUnit', input.serialUnitId);
  const sku = input.sku ?? null;
  const items = await lockItemsOfSuccession(tx, { stockItemId: seen.stockItemId, sku });
  const from = items.find(({ id }) => id === seen.stockItemId)!;
  const into = sku === null ? from : bySku(items).get(sku);
  if (!into) return notFound('StockItem', String(sku));
  if (into.tracking === 'NONE') return stockItemNotTracked(into);
  if (into.tracking !== 'SERIAL')
    return invalidInput('sku', `${nameOf(into)} is not counted unit by unit.`, into.sku);
  const place = await namedLocation(tx, isLocationNamed(input) ? input : seen);
  if (isRefusal(place)) return place;
  const placeId = place.id;
  const ids = [...new Set([from.id, into.id])];
  await lockLevelsOfItems(tx, ids, [{ stockItemId: into.id, locationId: placeId }]);
  const serial = input.serial ? identifierOf(input.serial) : null;
  const [like] = serial ? await selectLookAlikes(tx, [{ stockItemId: into.id, serial }]) : [];
  if (like && !input.allowLookAlike) return unitNameLooksAlike(like.serial, like.other);
  const stockNumber = input.stockNumber
    ? identifierOf(input.stockNumber)
    : await drawnNumber(tx, place.code);
  if (stockNumber === null)
    return invalidInput('stockNumber', 'Give its stock number: no pattern is set to make one.');
  const old = (await lockUnit(tx, seen.id))!;
  const problem = await successionProblem(tx, old, from);
  return (
    problem ?? { old, from, into, placeId, serial, isLookAlike: like !== undefined, stockNumber }
  );
}

async function drawnNumber(tx: Tx, locationCode: string): Promise<string | null> {
  const numbers = await nextStockNumbers(tx, { count: 1, locationCode });
  return numbers?.[0] ?? null;
}

async function successionProblem(tx: Tx, old: SerialUnitRow, item: SuccessionItem) {
  const [successor] = await selectSuccessors(tx, [old.id]);
  if (successor) return unitHasSuccessor({ ...item, ...old }, successor.id);
  if (await isCollapsed(tx, old.id)) return unitCollapsed({ ...item, ...old });
  const isFit = ['RETURNED', 'IN_REPAIR', 'SCRAPPED'].includes(old.status);
  return isFit ? undefined : unitNotSucceedable({ ...item, ...old }, old.status);
}

async function receiveSuccessor(
  tx: Tx,
  of: Succession & {
    id: string;
    facts: UnitFacts;
    by: { note: string | null; actor: string; traceparent: string | null };
  },
): Promise<void> {
  const { id, old, from, into, placeId, serial, isLookAlike, stockNumber, facts, by } = of;
  const at = { stockItemId: into.id, locationId: placeId };
  const names = { serial, isLookAlike, stockNumber };
  await insertSuccessor(tx, { id, ...at, predecessorId: old.id, ...names, facts });
  const origin = `Made of ${nameOf({ ...from, serial: old.serial, stockNumber: old.stockNumber })}`;
  const movement = { ...at, serialUnitId: id, quantity: 1 };
  await recordMovements(tx, [{ ...movement, unitCostMinor: null, unitCostCurrency: null }], {
    ...by,
    reason: 'OTHER',
    referenceKind: 'SERIAL_UNIT',
    referenceId: old.id,
    note: by.note ? `${origin}: ${by.note}` : `${origin}.`,
  });
  const record = { ...by, referenceKind: null, referenceId: null };
  const oldFacts = { successorId: id };
  const place = { locationId: old.locationId };
  await recordUnit(tx, { ...record, ...place, unitId: old.id, kind: 'SUCCEEDED', facts: oldFacts });
  const newFacts = { predecessorId: old.id };
  await recordUnit(tx, { ...record, ...at, unitId: id, kind: 'RECEIVED', facts: newFacts });
  await publishUnit(tx, id, by.traceparent);
}
