import type { Tx } from '@onecount/db';
import {
  invalidInput,
  isRefusal,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import { lockLevelsOfItems, type LevelKey } from '../level/level.sql.ts';
import { selectLocations } from '../location/location.sql.ts';
import { recordMovements, type MovementReason } from '../movement/movement.sql.ts';
import { insufficientStock, nameOf, unitNotAvailable } from '../stock.errors.ts';
import { notSerial, transitionNotAllowed } from './serial-unit.errors.ts';
import type { SerialUnitStatus } from './serial-unit.sql.ts';
import {
  endSoldClaims,
  lockItemsOfUnits,
  lockUnits,
  placeKept,
  releaseKept,
  type LockedUnit,
} from './unit-status.sql.ts';
import {
  allowedByHand,
  effectOf,
  isClaimed,
  isOnHand,
  isSaidByDocuments,
  type StatusEffect,
} from './unit-status.ts';
import {
  changeUnits,
  selectTransitions,
  type ChangeDocument,
  type UnitChange,
} from './unit-transition.sql.ts';

/** `reason` null: LOSS, DAMAGE, FOUND or RETURN, as the transition says. `lineId`: the document's, for the movements. */
export type StatusDocument = Omit<ChangeDocument, 'reason'> & {
  reason: MovementReason | null;
  lineId?: string | null;
};
export type UnitRefused = { unitId: string; refusal: StatusRefusal };
type StatusRefusal =
  | InvalidInput
  | NotFound
  | ReturnType<typeof insufficientStock>
  | ReturnType<typeof transitionNotAllowed>
  | ReturnType<typeof unitNotAvailable>;
/** `movementId` null: the count did not change. */
export type StatusSet = { unitId: string; movementId: string | null };

type Planned = { unit: LockedUnit; change: UnitChange; effect: StatusEffect; placeId: string };
type Levels = Awaited<ReturnType<typeof lockLevelsOfItems>>;

/**
 * One unit to a status with all that it means: the movement, the hold at the bench or under inspection,
 * the end of its sale's claim. See `setUnitStatuses`.
 */
export async function setUnitStatus(tx: Tx, change: UnitChange, document: StatusDocument) {
  const result = await setUnitStatuses(tx, [change], document);
  return Array.isArray(result) ? result[0]! : result.refused[0]!.refusal;
}

/**
 * Units to a status, all or none, as a person says it: for corrections of serialised items (AVAILABLE to
 * SCRAPPED or LOST with the reason given), for counts (missing: LOST, turned up: AVAILABLE, with
 * `locationId` where it was found). On hand at its location is a unit that is AVAILABLE, HELD, IN_REPAIR
 * or RETURNED: whatever enters or leaves these writes a movement of ±1; IN_REPAIR and RETURNED carry a
 * hard hold of the unit, and RETURNED ends the claim of the sale it comes back from.
 *
 * Locks itself: the items FOR SHARE, all their levels, the units. Whoever has more to lock does so first and
 * in that order. Refuses (and has written nothing) what is claimed by a hold or on its way, what the table
 * of transitions does not know, HELD, SOLD and IN_TRANSIT, which documents say and nobody else, and
 * what would leave less available than is promised. Each id is given once.
 */
export async function setUnitStatuses(
  tx: Tx,
  changes: readonly UnitChange[],
  document: StatusDocument,
): Promise<StatusSet[] | { refused: UnitRefused[] }> {
  if (changes.length === 0) return [];
  const unknown = await unknownPlaces(tx, changes);
  if (unknown.length > 0) return { refused: unknown };
  const { units, levels } = await lockAll(tx, changes);
  const table = await selectTransitions(tx);
  const decided = changes.map((change) => decide(change, units.get(change.unitId), table));
  const refused = decided.flatMap((each, index) =>
    isRefusal(each) ? [{ unitId: changes[index]!.unitId, refusal: each }] : [],
  );
  if (refused.length > 0) return { refused };
  const planned = decided as Planned[];
  const short = shortOf(planned, levels);
  return short.length > 0 ? { refused: short } : write(tx, planned, document);
}

async function unknownPlaces(tx: Tx, changes: readonly UnitChange[]): Promise<UnitRefused[]> {
  const asked = changes.flatMap(({ locationId }) => locationId ?? []);
  if (asked.length === 0) return [];
  const known = new Set((await selectLocations(tx, asked)).map(({ id }) => id));
  return changes.flatMap(({ unitId, locationId }) =>
    locationId && !known.has(locationId)
      ? [{ unitId, refusal: notFound('Location', locationId) }]
      : [],
  );
}

async function lockAll(tx: Tx, changes: readonly UnitChange[]) {
  const ids = changes.map(({ unitId }) => unitId);
  const itemOf = await lockItemsOfUnits(tx, ids);
  const places = changes.flatMap(({ unitId, locationId }) => {
    const stockItemId = itemOf.get(unitId);
    return stockItemId && locationId ? [{ stockItemId, locationId }] : [];
  });
  // A unit may have been sent elsewhere a moment ago, so all levels of its item are locked, then it is read.
  const levels = await lockLevelsOfItems(tx, [...new Set(itemOf.values())], places);
  const units = new Map((await lockUnits(tx, ids)).map((unit) => [unit.id, unit]));
  return { units, levels };
}

// Precedence: it is there and a unit still; what only documents say; a claim; the table; the place.
function decide(
  change: UnitChange,
  unit: LockedUnit | undefined,
  table: Record<SerialUnitStatus, SerialUnitStatus[]>,
): Planned | StatusRefusal {
  const { unitId, to, locationId } = change;
  if (!unit) return notFound('SerialUnit', unitId);
  if (unit.tracking !== 'SERIAL') return notSerial(unit);
  const { status: from } = unit;
  const allowed = allowedByHand(from, table[from]);
  if (isSaidByDocuments(to)) return transitionNotAllowed(unit, { from, to, allowed });
  if (isClaimed(from)) return claimed(unit);
  if (!allowed.includes(to)) return transitionNotAllowed(unit, { from, to, allowed });
  const placeId = locationId ?? unit.locationId;
  if (placeId !== unit.locationId && isOnHand(from))
    return invalidInput('locationId', `${nameOf(unit)} is counted elsewhere: transfer it.`);
  return { unit, change, effect: effectOf(from, to), placeId };
}

function claimed(unit: LockedUnit) {
  const heldBy = unit.heldBy ?? (unit.status === 'IN_TRANSIT' ? 'TRANSFER' : null);
  const heldUntil = unit.heldUntil?.toISOString() ?? null;
  return unitNotAvailable(unit, { unitStatus: unit.status, heldBy, heldUntil });
}

const keyOf = ({ stockItemId, locationId }: LevelKey) => `${stockItemId}/${locationId}`;
const placeOf = ({ unit, placeId }: Planned): LevelKey => ({
  stockItemId: unit.stockItemId,
  locationId: placeId,
});

// A free unit that goes away takes one from what is available of its item, and that may be promised.
function shortOf(planned: readonly Planned[], levels: Levels): UnitRefused[] {
  const byLevel = Map.groupBy(planned, (each) => keyOf(placeOf(each)));
  return levels.flatMap((level) => {
    const here = byLevel.get(keyOf(level)) ?? [];
    const change = here.reduce((sum, { effect }) => sum + effect.available, 0);
    if (change >= 0 || level.available + change >= 0) return [];
    const leaving = here.filter(({ effect }) => effect.available < 0);
    const { available, code: locationCode } = level;
    const amounts = { requested: leaving.length, available, locationCode };
    return leaving.map(({ unit }) => ({
      unitId: unit.id,
      refusal: insufficientStock(unit, amounts),
    }));
  });
}

// In this order, so that no level is below zero in between.
async function write(
  tx: Tx,
  planned: readonly Planned[],
  document: StatusDocument,
): Promise<StatusSet[]> {
  const claimsOf = (of: readonly Planned[]) => of.flatMap(({ unit }) => unit.claimId ?? []);
  await releaseKept(tx, claimsOf(planned.filter(({ effect }) => effect.isHoldReleased)));
  await endSoldClaims(tx, claimsOf(planned.filter(({ unit }) => unit.status === 'SOLD')));
  const refused = await changeUnits(
    tx,
    planned.map(({ change }) => change),
    document,
  );
  if (refused.length > 0) throw new Error('a unit changed under its lock');
  const movementIds = await move(tx, planned, document);
  const kept = planned.flatMap((each) =>
    each.effect.hold ? [{ ...placeOf(each), unitId: each.unit.id, purpose: each.effect.hold }] : [],
  );
  await placeKept(tx, kept, document);
  return planned.map(({ unit }) => ({
    unitId: unit.id,
    movementId: movementIds.get(unit.id) ?? null,
  }));
}

async function move(
  tx: Tx,
  planned: readonly Planned[],
  document: StatusDocument,
): Promise<Map<string, string>> {
  const moving = planned.filter(({ effect }) => effect.quantity !== 0);
  const byReason = Map.groupBy(moving, ({ effect }) => document.reason ?? effect.reason);
  const movementIds = new Map<string, string>();
  for (const [reason, group] of byReason) {
    const ids = await recordMovements(
      tx,
      group.map((each) => ({
        ...placeOf(each),
        serialUnitId: each.unit.id,
        quantity: each.effect.quantity,
        unitCostMinor: null,
        unitCostCurrency: null,
      })),
      { ...document, reason },
    );
    group.forEach(({ unit }, index) => movementIds.set(unit.id, ids[index]!));
  }
  return movementIds;
}
