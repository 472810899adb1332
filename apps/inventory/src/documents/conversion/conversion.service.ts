import type { Command, Constraints, Database, Tx } from '@onecount/db';
import { wakeRelays } from '@onecount/messaging';
import type { Money } from '@onecount/money';
import {
  checkId,
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  invalidInput,
  notFound,
  type InvalidInput,
} from '@onecount/refusal';
import { currentTraceparent } from '@onecount/telemetry';
import type { Caller } from '../../kernel/caller.ts';
import { idOf } from '../../kernel/input.ts';
import { checkLocation, type NamedLocation } from '../../kernel/location/named-location.steps.ts';
import { lockLevelsOfItems } from '../../kernel/level/level.sql.ts';
import { knownOf, planned } from '../receipt/receive-lines.steps.ts';
import { insertUnits } from '../receipt/receipt.sql.ts';
import { keptUnit, lineRefusals, type ReceiptLine, type UnitInput } from '../receipt/receipt.ts';
import { bySku } from '../../kernel/stock-item/stock-item.ts';
import { publishStockItems } from '../../kernel/stock-item/stock-item.events.ts';
import { nameOf, stockItemNotTracked } from '../../kernel/stock.errors.ts';
import {
  stockItemBackordered,
  stockItemClaimed,
  unitRegistrationRefused,
  unitsNotCollapsible,
} from './conversion.errors.ts';
import {
  collapseUnits,
  convertItem,
  lockItem,
  lockUnitsInStock,
  registerUnits,
  selectClaims,
  selectPlaceCounts,
} from './conversion.sql.ts';
import { collapseReasons, registrationReasons, type ConvertedItem } from './conversion.ts';

type OfItem = { stockItemId?: string | null; sku?: string | null; idempotencyKey: string };
export type UnitRegistration = UnitInput & NamedLocation & { unitCost?: Money | null };
export type ConvertToSerialInput = OfItem & { units: UnitRegistration[] };
export type ConvertToQuantityInput = OfItem;
/** Ids only: the answer is stored under its key and must survive JSON. */
export type Converted = { stockItemId: string; conversionId: string; unitIds: string[] };
export type ConversionService = ReturnType<typeof createConversionService>;

const unitsMax = 1_000;

/**
 * An item with stock on hand is counted in another way from now on; the count itself does not change, so
 * no movement is written. The item's row keeps receipts and transfers away, the locks of all its levels the
 * holds: a hold that waits for one of them decides on what it finds behind it.
 */
export function createConversionService(deps: { db: Database; onChange?: () => void }) {
  const { db, onChange = () => {} } = deps;

  const once = <T, C extends Constraints = Record<never, never>>(
    caller: Caller,
    command: Command<C> & { input: OfItem },
    run: (tx: Tx, item: ConvertedItem) => Promise<T>,
  ) =>
    db.command(caller, { ...command, afterCommit: [wakeRelays, onChange] }, async (tx) => {
      const { stockItemId, sku } = command.input;
      const id = stockItemId ? idOf(stockItemId) : null;
      const item = await lockItem(tx, { id, sku: sku ?? null });
      if (!item) return notFound('StockItem', (stockItemId ?? sku)!);
      return item.tracking === 'NONE' ? stockItemNotTracked(item) : run(tx, item);
    });

  return {
    async toSerial(caller: Caller, input: ConvertToSerialInput) {
      const problem = firstOf(checkItem(input), checkUnits(input.units));
      if (problem) return problem;
      return once(
        caller,
        { operation: 'stockItemConvertToSerial', input, constraints },
        (tx, item) => registerOnHand(tx, item, { units: input.units, actor: caller.subject }),
      );
    },

    async toQuantity(caller: Caller, input: ConvertToQuantityInput) {
      const problem = checkItem(input);
      if (problem) return problem;
      return once(caller, { operation: 'stockItemConvertToQuantity', input }, (tx, item) =>
        collapse(tx, item, caller.subject),
      );
    },
  };
}

// Precedence: backorders, claims, the units by themselves, their number. Further units of a SERIAL item
// take nothing from a claim that is live: it stays one of as many.
async function registerOnHand(
  tx: Tx,
  item: ConvertedItem,
  { units, actor }: { units: readonly UnitRegistration[]; actor: string },
) {
  if (item.tracking === 'SERIAL' && units.length === 0)
    return invalidInput('units', `${nameOf(item)} is counted unit by unit already: name units.`);
  if (item.backorderLimit > 0) return stockItemBackordered(item, item.backorderLimit);
  const lines = units.map(({ locationId, locationCode, unitCost, ...unit }): ReceiptLine => ({
    sku: item.sku,
    place: locationId ? idOf(locationId) : locationCode!,
    units: [keptUnit(unit)],
    unitCost,
  }));
  const itemBySku = bySku([{ ...item, tracking: 'SERIAL' as const }]);
  const known = { ...(await knownOf(tx, lines)), itemBySku };
  await lockLevelsOfItems(tx, [item.id]);
  const claims = await selectClaims(tx, item.id);
  if (item.tracking === 'QUANTITY' && claims.holdCount > 0) return stockItemClaimed(item, claims);
  const refusals = lineRefusals(lines, known).map((refusal) => ({
    ...refusal,
    requested: null,
    available: null,
  }));
  if (refusals.length > 0) return unitRegistrationRefused(refusals);
  const asked = lines.map(({ place }) => ({ locationId: known.locationByPlace.get(place)!.id }));
  const reasons = registrationReasons(item, asked, await selectPlaceCounts(tx, item.id));
  if (reasons.length > 0) return unitRegistrationRefused(reasons);

  const conversionId = await convertItem(tx, item, { to: 'SERIAL', units: units.length, actor });
  const registered = lines.flatMap((line) => planned(line, known).units);
  // Their own cost comes after the share of what the goods cost so far.
  await insertUnits(
    tx,
    registered.map((unit) => ({ ...unit, costMinor: null, costCurrency: null })),
    actor,
  );
  const traceparent = currentTraceparent();
  const conversion = { id: conversionId, stockItemId: item.id, actor, traceparent };
  await registerUnits(tx, conversion, registered);
  if (item.tracking !== 'SERIAL') await publishStockItems(tx, [item.id]);
  return {
    __typename: 'StockItemConvertToSerialSuccess' as const,
    stockItemId: item.id,
    conversionId,
    unitIds: registered.map(({ id }) => id),
  };
}

// Precedence: units first, with every reason against them; then claims that name no unit.
async function collapse(tx: Tx, item: ConvertedItem, actor: string) {
  if (item.tracking === 'QUANTITY')
    return invalidInput('sku', `${nameOf(item)} is counted by quantity already.`, item.sku);
  await lockLevelsOfItems(tx, [item.id]);
  const units = await lockUnitsInStock(tx, item.id);
  const reasons = collapseReasons(item, units);
  if (reasons.length > 0) return unitsNotCollapsible(reasons);
  const claims = await selectClaims(tx, item.id);
  if (claims.holdCount > 0) return stockItemClaimed(item, claims);
  const unitIds = units.map(({ id }) => id);
  const conversionId = await convertItem(tx, item, { to: 'QUANTITY', units: units.length, actor });
  const traceparent = currentTraceparent();
  const conversion = { id: conversionId, stockItemId: item.id, actor, traceparent };
  await collapseUnits(tx, conversion, unitIds);
  await publishStockItems(tx, [item.id]);
  return {
    __typename: 'StockItemConvertToQuantitySuccess' as const,
    stockItemId: item.id,
    conversionId,
    unitIds,
  };
}

function checkItem({ stockItemId, sku, idempotencyKey }: OfItem): InvalidInput | undefined {
  return firstOf(
    checkKey(idempotencyKey),
    Boolean(stockItemId) === Boolean(sku)
      ? invalidInput('stockItemId', 'Give exactly one of stockItemId and sku.', stockItemId)
      : undefined,
    checkId('stockItemId', stockItemId),
    checkText('sku', sku, { min: 1, max: 255 }),
  );
}

const checkUnits = (units: readonly UnitRegistration[]): InvalidInput | undefined =>
  firstOf(
    checkWhole('units', units.length, { min: 0, max: unitsMax }),
    ...units.map((unit, index) => checkLocation(unit, { at: `units.${index}.` })),
  );

// What a concurrent receipt took between our look and our insert.
const taken = (code: string, message: string) => () =>
  unitRegistrationRefused([
    { index: 0, code, message, value: null, requested: null, available: null },
  ]);
const constraints = {
  serial_unit_serial_unique: taken('DUPLICATE_SERIAL', 'A serial was given just now.'),
  serial_unit_serial_look_alike: taken(
    'LOOK_ALIKE_SERIAL',
    'A serial that looks like one of these was given just now.',
  ),
  serial_unit_stock_number_unique: taken(
    'DUPLICATE_STOCK_NUMBER',
    'A stock number was given just now; a number is never used again.',
  ),
  stock_code_key: taken('DUPLICATE_CODE', 'A code was given just now.'),
};
