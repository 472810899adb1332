import type { SerialUnitStatus } from '../../kernel/serial-unit/serial-unit.sql.ts';
import { nameOf } from '../../kernel/stock.errors.ts';
import type { Tracking } from '../../kernel/stock-item/stock-item.ts';

// What stands against counting an item in another way: pure, over what the database says under its locks.

export type ConversionRow = {
  id: string;
  stockItemId: string;
  fromTracking: Tracking;
  toTracking: Tracking;
  units: number;
  onHand: number;
  actor: string;
  occurredAt: Date;
};

export type ConvertedItem = {
  id: string;
  sku: string;
  title: string;
  tracking: Tracking;
  backorderLimit: number;
};

/** The count at one location, and how many of it are registered one by one. */
export type PlaceCount = { locationId: string; code: string; onHand: number; registered: number };

export type RegistrationReason = {
  index: number;
  code: string;
  message: string;
  value: string | null;
  requested: number | null;
  available: number | null;
};

/** One reason per location that is asked for more units than stand there without a name. */
export function registrationReasons(
  item: ConvertedItem,
  units: readonly { locationId: string }[],
  places: readonly PlaceCount[],
): RegistrationReason[] {
  const byPlace = Map.groupBy(
    units.map(({ locationId }, index) => ({ locationId, index })),
    ({ locationId }) => locationId,
  );
  return [...byPlace].flatMap(([locationId, asked]) => {
    const place = places.find((each) => each.locationId === locationId);
    const unnamed = place ? place.onHand - place.registered : 0;
    if (asked.length <= unnamed) return [];
    const where = place ? ` at ${place.code}` : '';
    return {
      // The first one that is too many.
      index: asked[Math.max(unnamed, 0)]!.index,
      code: 'MORE_THAN_ON_HAND',
      message: `${asked.length} units of ${nameOf(item)} named${where}, ${Math.max(unnamed, 0)} stand there without a name.`,
      value: locationId,
      requested: asked.length,
      available: unnamed,
    };
  });
}

/** A unit that has a part in the decision: not sold, lost or gone. */
export type UnitInStock = {
  id: string;
  serial: string | null;
  stockNumber: string | null;
  status: SerialUnitStatus;
  hasCertificate: boolean;
  hasPassport: boolean;
};

export type CollapseReason = { serialUnitId: string; code: CollapseCode; message: string };
export type CollapseCode =
  'CLAIMED' | 'IN_REPAIR' | 'IN_TRANSIT' | 'RETURNED' | 'CERTIFICATE' | 'PASSPORT';

/** Why a unit cannot become one of a quantity; where it stands comes before what it has. */
export function collapseReasons(
  item: ConvertedItem,
  units: readonly UnitInStock[],
): CollapseReason[] {
  return units.flatMap((unit) => {
    const code = collapseCode(unit);
    if (!code) return [];
    const name = nameOf({ ...item, serial: unit.serial, stockNumber: unit.stockNumber });
    return { serialUnitId: unit.id, code, message: `${name} ${words[code]}.` };
  });
}

function collapseCode({
  status,
  hasCertificate,
  hasPassport,
}: UnitInStock): CollapseCode | undefined {
  if (status === 'HELD') return 'CLAIMED';
  if (status === 'IN_REPAIR' || status === 'IN_TRANSIT' || status === 'RETURNED') return status;
  if (hasCertificate) return 'CERTIFICATE';
  return hasPassport ? 'PASSPORT' : undefined;
}

const words: Record<CollapseCode, string> = {
  CLAIMED: 'is held',
  IN_REPAIR: 'is at the bench',
  IN_TRANSIT: 'is on its way between locations',
  RETURNED: 'came back and is not for sale again yet',
  CERTIFICATE: 'has a certificate',
  PASSPORT: 'has a passport',
};
