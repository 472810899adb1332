import type { MovementReason } from '../movement/movement.sql.ts';
import type { SerialUnitStatus } from './serial-unit.sql.ts';

// What a status means in the count; pure.

/** Units in these states are on hand where they stand; the others are in no level. */
const onHandStatuses: readonly SerialUnitStatus[] = ['AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED'];

// Nobody says these by hand: a claim holds, a sale sells, a transfer sends.
const statusesOfDocuments: readonly SerialUnitStatus[] = ['HELD', 'SOLD', 'IN_TRANSIT'];

export const isSaidByDocuments = (status: SerialUnitStatus): boolean =>
  statusesOfDocuments.includes(status);

/** A unit with one of these belongs to a claim or a transfer under way; only that changes it. */
export const isClaimed = (status: SerialUnitStatus): boolean =>
  status === 'HELD' || status === 'IN_TRANSIT';

export const isOnHand = (status: SerialUnitStatus): boolean => onHandStatuses.includes(status);

/** A unit that is here and not for sale carries a hard hold, so that available stays a subtraction. */
export function keptFor(status: SerialUnitStatus): 'REPAIR' | 'INSPECTION' | null {
  if (status === 'IN_REPAIR') return 'REPAIR';
  return status === 'RETURNED' ? 'INSPECTION' : null;
}

/** Of the transitions of a status those that a person may ask for. */
export function allowedByHand(
  from: SerialUnitStatus,
  allowed: readonly SerialUnitStatus[],
): SerialUnitStatus[] {
  return isClaimed(from) ? [] : allowed.filter((to) => !isSaidByDocuments(to));
}

export type StatusEffect = {
  /** Change of on_hand; 0 for no movement. */
  quantity: -1 | 0 | 1;
  reason: MovementReason;
  isHoldReleased: boolean;
  hold: 'REPAIR' | 'INSPECTION' | null;
  /** Change of available. */
  available: -1 | 0 | 1;
};

export function effectOf(from: SerialUnitStatus, to: SerialUnitStatus): StatusEffect {
  const quantity = Number(isOnHand(to)) - Number(isOnHand(from));
  const isHoldReleased = keptFor(from) !== null;
  const hold = keptFor(to);
  return {
    quantity: quantity as StatusEffect['quantity'],
    reason: reasonOf(from, to),
    isHoldReleased,
    hold,
    available: (quantity +
      Number(isHoldReleased) -
      Number(hold !== null)) as StatusEffect['available'],
  };
}

function reasonOf(from: SerialUnitStatus, to: SerialUnitStatus): MovementReason {
  if (to === 'LOST') return 'LOSS';
  if (to === 'SCRAPPED') return 'DAMAGE';
  return from === 'LOST' ? 'FOUND' : 'RETURN';
}
