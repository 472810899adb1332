import { uuidv7, type Tx } from '@onecount/db';
import { minorMoneyOf, type MinorMoney } from '@onecount/money';
import { isStorable, type Refusal } from '@onecount/refusal';
import { currentTraceparent } from '@onecount/telemetry';
import { ensureCosts, selectItemCosts } from '../../kernel/cost/cost.sql.ts';
import { lockLevels } from '../../kernel/level/level.sql.ts';
import { locationCodeOf } from '../../kernel/location/location.sql.ts';
import {
  recordMovements,
  type MovementDocument,
  type NewMovement,
} from '../../kernel/movement/movement.sql.ts';
import { selectLookAlikes, type SerialOfItem } from '../../kernel/serial-unit/look-alike.sql.ts';
import { bySku } from '../../kernel/stock-item/stock-item.ts';
import { shareStockNumberPattern } from '../../kernel/setting/stock-number.sql.ts';
import { stockReceiveRefused } from './receipt.errors.ts';
import {
  keptUnit,
  lineRefusals,
  overflowRefusal,
  quantityOf,
  type Known,
  type ReceiptLine,
  type UnitInput,
} from './receipt.ts';
import {
  insertUnits,
  lockItemsBySku,
  publishUnits,
  selectPlaces,
  selectTakenNames,
  type NewUnit,
} from './receipt.sql.ts';

// What every way of receiving goods does with its lines, inside its transaction.

/** Ids only: the answer is stored under its key and must survive JSON. */
export type ReceivedLine = {
  stockItemId: string;
  locationId: string;
  quantity: number;
  unitIds: string[];
};
export type ReceiptDocument<R = never> = MovementDocument & {
  /** A document's own rule over lines that could be received. */
  check?: (lines: readonly PlannedLine[]) => R | undefined;
};
export type PlannedLine = ReturnType<typeof planned>;

/** All lines or none: adds to the items that the SKUs name, never makes one. */
export async function receiveLines<R extends Refusal = never>(
  tx: Tx,
  given: readonly ReceiptLine[],
  { check, ...document }: ReceiptDocument<R>,
) {
  const lines = given.map((line) => ({ ...line, units: line.units?.map(keptUnit) }));
  const known = await knownOf(tx, lines);
  const refusals = lineRefusals(lines, known);
  if (refusals.length > 0) return stockReceiveRefused(refusals);
  const received = lines.map((line) => planned(line, known));
  const refusal = check?.(received);
  if (refusal) return refusal;
  await lockLevels(tx, received);
  const units = received.flatMap((line) => line.units);
  await insertUnits(tx, units, document.actor);
  const trace = currentTraceparent();
  await ensureCosts(
    tx,
    received.flatMap(({ stockItemId, cost }) =>
      cost ? [{ stockItemId, currency: cost.currencyCode }] : [],
    ),
  );
  await recordMovements(tx, received.flatMap(movementsOf), { ...document, traceparent: trace });
  const unitIds = units.map(({ id }) => id);
  await publishUnits(tx, unitIds, trace);
  return {
    lines: received.map(({ stockItemId, locationId, quantity, units: own }) => ({
      stockItemId,
      locationId,
      quantity,
      unitIds: own.map(({ id }) => id),
    })),
  };
}

/** Locks the items that the lines name, and reads what the tenant has of the rest. */
export async function knownOf(tx: Tx, lines: readonly ReceiptLine[]): Promise<Known> {
  const items = await lockItemsBySku(tx, [...new Set(lines.map(({ sku }) => sku))]);
  const places = await selectPlaces(tx, [...new Set(lines.map(({ place }) => place))]);
  const taken = await selectTakenNames(
    tx,
    lines.flatMap(({ units }) => units ?? []),
  );
  const costs = await selectItemCosts(
    tx,
    items.map(({ id }) => id),
  );
  const pattern = await shareStockNumberPattern(tx);
  const itemBySku = bySku(items);
  const lookAlikes = await selectLookAlikes(tx, serialsOf(lines, itemBySku));
  const namesOf = (kind: string) =>
    new Set(taken.filter((each) => each.kind === kind).map(({ name }) => name));
  return {
    itemBySku,
    locationByPlace: byPlace(places),
    currencies: new Map(costs.map(({ stockItemId, currency }) => [stockItemId, currency])),
    serials: namesOf('SERIAL'),
    lookAlikes: new Map(
      lookAlikes.map(({ stockItemId, serial, other }) => [`${stockItemId}/${serial}`, other]),
    ),
    stockNumbers: namesOf('NUMBER'),
    codes: namesOf('CODE'),
    isNumbered: pattern !== null,
  };
}

function byPlace(places: readonly { id: string; code: string }[]): Known['locationByPlace'] {
  const found = new Map(
    places.flatMap((place) => [
      [place.id, place],
      [place.code, place],
    ]),
  );
  return { get: (place) => found.get(place) ?? found.get(locationCodeOf(place)) };
}

function serialsOf(lines: readonly ReceiptLine[], itemBySku: Known['itemBySku']): SerialOfItem[] {
  return lines.flatMap(({ sku, units }) => {
    const item = itemBySku.get(sku);
    const serials = (units ?? []).flatMap(({ serial }) =>
      serial && isStorable(serial) ? serial : [],
    );
    return item ? serials.map((serial) => ({ stockItemId: item.id, serial })) : [];
  });
}

export function planned(line: ReceiptLine, known: Known) {
  const stockItemId = known.itemBySku.get(line.sku)!.id;
  const locationId = known.locationByPlace.get(line.place)!.id;
  const cost = line.unitCost ? minorMoneyOf(line.unitCost) : null;
  const at = { stockItemId, locationId, cost };
  const units = (line.units ?? []).map((unit) => ({
    ...newUnit(unit, at),
    isLookAlike: known.lookAlikes.has(`${stockItemId}/${unit.serial}`),
  }));
  return { sku: line.sku, stockItemId, locationId, quantity: quantityOf(line), units, cost };
}

function newUnit(
  unit: UnitInput,
  at: { stockItemId: string; locationId: string; cost: MinorMoney | null },
): Omit<NewUnit, 'isLookAlike'> {
  const { stockItemId, locationId, cost } = at;
  return {
    id: uuidv7(),
    stockItemId,
    locationId,
    costMinor: cost?.amountMinor ?? null,
    costCurrency: cost?.currencyCode ?? null,
    serial: unit.serial ?? null,
    stockNumber: unit.stockNumber ?? null,
    certificate: unit.certificate ? withoutNulls(unit.certificate) : null,
    attributes: unit.attributes ?? [],
    photos: unit.photos ?? [],
    codes: unit.codes ?? [],
  };
}

function withoutNulls(facts: object): object {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== null && value !== undefined),
  );
}

// One row per unit, so that the ledger says which unit came and went.
function movementsOf(line: PlannedLine): NewMovement[] {
  const { stockItemId, locationId, cost } = line;
  const moved = line.units.length > 0 ? line.units.map(({ id }) => id) : [null];
  return moved.map((serialUnitId) => ({
    stockItemId,
    locationId,
    serialUnitId,
    quantity: serialUnitId ? 1 : line.quantity,
    unitCostMinor: cost?.amountMinor ?? null,
    unitCostCurrency: cost?.currencyCode ?? null,
  }));
}

// What a concurrent receipt took between our look and our insert.
export function lastWord(lines: readonly { sku: string }[]) {
  const { sku } = lines[0]!;
  const taken = (code: string, message: string) => () =>
    stockReceiveRefused([{ index: 0, sku, code, message, value: null }]);
  return {
    serial_unit_serial_unique: taken('DUPLICATE_SERIAL', 'A serial was received just now.'),
    serial_unit_serial_look_alike: taken(
      'LOOK_ALIKE_SERIAL',
      'A serial that looks like one of these was received just now.',
    ),
    serial_unit_stock_number_unique: taken(
      'DUPLICATE_STOCK_NUMBER',
      'A stock number was given just now; a number is never used again.',
    ),
    stock_code_key: taken('DUPLICATE_CODE', 'A code was given just now.'),
    item_cost_currency: taken(
      'COST_INVALID',
      'A cost in another currency was received just now: an item is kept in one.',
    ),
    item_cost_max: taken('COST_INVALID', 'The stock of an item would cost more than can be kept.'),
    level_on_hand_max: () => stockReceiveRefused([overflowRefusal(lines)]),
  };
}
