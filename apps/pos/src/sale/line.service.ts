import { idempotencyKeyReused, type Database } from '@onecount/db';
import {
  checkKey,
  invalidInput,
  isRefusal,
  isUuid,
  notFound,
  type NotFound,
  type Refusal,
} from '@onecount/refusal';
import type { Logger } from '@onecount/telemetry';
import { pricingOf } from '../discount/own-price.ts';
import { ownPriceRefusal } from '../discount/own-price.service.ts';
import type { LocationService } from '../location/location.service.ts';
import type { PriceEntry } from '../price/price.ts';
import type { PriceService } from '../price/price.service.ts';
import { keyUseOf, refusedBefore, type Caller } from './idempotency.ts';
import type { HoldRefusal, InventoryClient, PlacedHold } from './inventory.client.ts';
import { fulfilFromOf, placedLine, wishOf } from './line-place.ts';
import { isAmount, priceOf } from './line-price.ts';
import {
  saleNotOpen,
  type LineAddRefusal,
  type LineRemoveRefusal,
  type PriceRefusal,
} from './sale.errors.ts';
import {
  checkLineAdd,
  linesMax,
  type SaleLineAddInput,
  type SaleLineInput,
  type SaleLineRemoveInput,
} from './sale.input.ts';
import {
  deleteLine,
  insertLine,
  readForLine,
  readSale,
  updateHeldUntil,
  type KeyRecord,
  type KeyUse,
} from './sale.sql.ts';
import {
  lineAsItIs,
  lineIdOf,
  needsRenewal,
  takesLines,
  undiscounted,
  type LineOfSale,
  type Sale,
  type SaleLine,
} from './sale.ts';

export type BasketDeps = {
  db: Database;
  inventory: InventoryClient;
  prices: PriceService;
  locations: LocationService;
  log: Logger;
  holdSeconds: number;
};

type LineAdded = { __typename: 'SaleLineAddSuccess'; sale: Sale; line: LineOfSale };
type LineRemoved = { __typename: 'SaleLineRemoveSuccess'; sale: Sale };

/** Hold first, line second: a crash in between leaves a hold that expires, never a line without stock. */
export async function addLine(
  deps: BasketDeps,
  caller: Caller,
  input: SaleLineAddInput,
): Promise<LineAdded | LineAddRefusal> {
  const invalid = checkLineAdd(input);
  if (invalid) return invalid;
  if (!isUuid(input.saleId)) return notFound('Sale', input.saleId);
  const use = keyUseOf(caller, input);
  const sku = input.sku ?? undefined;
  const read = await readForLine(deps.db, { ...use, saleId: input.saleId, sku });
  if (read.record) return replayedLine(read.record, use, read.sale);
  if (!read.sale) return notFound('Sale', input.saleId);
  if (!takesLines(read.sale)) return saleNotOpen(read.sale);
  if (read.sale.lines.length >= linesMax)
    return invalidInput('saleId', `A sale has at most ${linesMax} lines.`);
  const unpriced = await ownPriceRefusal(deps.db, caller, [input], { prefixOf: () => '' });
  if (unpriced) return unpriced;
  const placed = await placedLine(deps, caller, input);
  if (isRefusal(placed)) return placed;
  const known = read.price ?? (sku ? await deps.prices.ask(caller, sku) : null);
  if (sku && !known) return notFound('Variant', sku);
  const early = known ? priceFor(read.sale, known, input) : undefined;
  if (isRefusal(early)) return early;

  const lineId = lineIdOf(input.saleId, input.idempotencyKey);
  const hold = await placeHold(deps, caller, { sale: read.sale, lineId, input: placed });
  if (isRefusal(hold)) return holdRefusal(deps, caller, input, hold);
  const wanted = { sale: read.sale, lineId, input: placed, hold, known };
  const priced = await pricedLine(deps, caller, wanted);
  if (isRefusal(priced)) return released(deps, caller, { ...input, lineId }, priced);
  return storeLine(deps, caller, { use, saleId: input.saleId, line: priced });
}

function replayedLine(
  record: KeyRecord,
  use: KeyUse,
  sale: Sale | null,
): LineAdded | LineAddRefusal {
  return (
    refusedBefore<LineAddRefusal>(record, use, 'saleLineAdd') ??
    (sale ? added(sale, record.response.line!) : idempotencyKeyReused(use.key))
  );
}

function added(sale: Sale, line: SaleLine): LineAdded {
  return { __typename: 'SaleLineAddSuccess', sale, line: lineAsItIs(sale, line) };
}

function placeHold(
  deps: BasketDeps,
  caller: Caller,
  { sale, lineId, input }: { sale: Sale; lineId: string; input: SaleLineAddInput },
): Promise<PlacedHold | HoldRefusal> {
  return deps.inventory.placeHold(caller, {
    saleId: sale.id,
    lineId,
    channel: sale.channel,
    sku: input.sku ?? null,
    serial: input.serial ?? null,
    code: input.code ?? null,
    ...takeOf(input),
    quantity: quantityOf(input),
    locationId: sale.locationId,
    ...wishOf(input),
    holdSeconds: deps.holdSeconds,
  });
}

/** What is asked to hold; null: all of the hold that is taken over. */
export function quantityOf({ quantity, holdId }: SaleLineInput): number | null {
  return quantity ?? (holdId ? null : 1);
}

export function takeOf({ holdId, holdSecret, holdReason }: SaleLineInput) {
  return {
    holdId: holdId || null,
    holdSecret: holdSecret || null,
    holdReason: holdReason || null,
  };
}

/**
 * Two of inventory's answers are about names that only POS knows: the sale that was given up meanwhile,
 * and the line that this key had asked for with other input before it crashed.
 */
export async function holdRefusal<R extends Refusal>(
  { db }: BasketDeps,
  { tenantId }: Caller,
  { saleId, idempotencyKey }: { saleId: string; idempotencyKey: string },
  refusal: R,
): Promise<Exclude<R, Refusal<'SaleClaimReleased'>> | LineRemoveRefusal> {
  if (refusal.__typename === 'IdempotencyKeyReused') return idempotencyKeyReused(idempotencyKey);
  if (refusal.__typename !== 'SaleClaimReleased')
    return refusal as Exclude<R, Refusal<'SaleClaimReleased'>>;
  const sale = await readSale(db, { tenantId, saleId });
  return sale ? saleNotOpen(sale) : notFound('Sale', saleId);
}

type Pricing = {
  sale: Sale;
  lineId: string;
  input: SaleLineAddInput;
  hold: PlacedHold;
  known: PriceEntry | null;
};

// A scanned code, a serial or a hold names its SKU only now; its price is checked after the hold, and a refusal
// gives the hold back.
async function pricedLine(
  deps: BasketDeps,
  caller: Caller,
  { sale, lineId, input, hold, known }: Pricing,
): Promise<SaleLine | PriceRefusal | NotFound> {
  const entry = known ?? (await deps.prices.priceOf(caller, hold.sku));
  if (!entry) return notFound('Variant', hold.sku);
  const { stockItemId, tracking, serialUnitId, serial, locationId, holdId, heldUntil } = hold;
  const { quantity } = hold;
  const unitPriceMinor = priceFor(sale, entry, { ...input, quantity });
  if (typeof unitPriceMinor !== 'number') return unitPriceMinor;
  return {
    id: lineId,
    stockItemId,
    variantId: entry.variantId,
    sku: hold.sku,
    title: entry.title,
    tracking,
    serialUnitId,
    serial,
    locationId: locationId ?? input.locationId ?? sale.locationId,
    fulfilFrom: fulfilFromOf(input),
    quantity,
    unitPriceMinor,
    ...undiscounted({ unitPriceMinor, quantity }),
    ...pricingOf(entry, input, { currencyCode: sale.currencyCode, subject: caller.subject }),
    holdId,
    heldUntil,
    note: null,
    units: [],
  };
}

function priceFor(sale: Sale, entry: PriceEntry, input: SaleLineAddInput): number | PriceRefusal {
  const minor = priceOf(entry, input, sale);
  if (typeof minor !== 'number') return minor;
  return isAmount(sale.totalMinor + minor * (input.quantity ?? 1))
    ? minor
    : invalidInput(
        'quantity',
        'The sale would come to more than an amount can be.',
        input.quantity,
      );
}

async function storeLine(
  deps: BasketDeps,
  caller: Caller,
  { use, saleId, line }: { use: KeyUse; saleId: string; line: SaleLine },
): Promise<LineAdded | LineAddRefusal> {
  const step = await insertLine(deps.db, use, saleId, line);
  switch (step.outcome) {
    case 'ADDED':
      return added(await renewed(deps, caller, step.sale!), line);
    case 'KEY_USED':
      return replayedLine(step.record!, use, step.sale ?? null);
    case 'NOT_OPEN':
      // Paid or given up while the hold was placed: the line is not part of it.
      return released(deps, caller, { saleId, lineId: line.id }, saleNotOpen(step.sale!));
  }
}

/** Activity keeps a basket alive. A failure costs nothing now: the holds run on to their old end, and the checkout claims afresh. */
export async function renewed(
  deps: RenewalDeps & Pick<BasketDeps, 'holdSeconds'>,
  caller: Caller,
  sale: Sale,
): Promise<Sale> {
  const { holdSeconds } = deps;
  return needsRenewal(sale, { now: new Date(), holdSeconds })
    ? extended(deps, caller, sale, holdSeconds)
    : sale;
}

type RenewalDeps = Pick<BasketDeps, 'db' | 'inventory' | 'log'>;

/** Whatever of the basket is still held, for this long from now on. */
export async function extended(
  deps: RenewalDeps,
  caller: Caller,
  sale: Sale,
  holdSeconds: number,
): Promise<Sale> {
  try {
    const holds = await deps.inventory.renewHolds(caller, { saleId: sale.id, holdSeconds });
    await updateHeldUntil(deps.db, { tenantId: caller.tenantId, saleId: sale.id }, holds);
    const ends = new Map(holds.map(({ lineId, expiresAt }) => [lineId, expiresAt]));
    const lines = sale.lines.map((line) => ({
      ...line,
      heldUntil: ends.get(line.id) ?? line.heldUntil,
    }));
    return { ...sale, lines };
  } catch (err) {
    deps.log.warn({ err, saleId: sale.id }, 'holds of the basket were not renewed');
    return sale;
  }
}

/**
 * Frees a line's hold, as far as inventory answers; else it expires. A line that did not come about gives a hold that it
 * had taken over back to whoever had it.
 */
export async function released<R>(
  deps: BasketDeps,
  caller: Caller,
  line: { saleId: string; lineId: string; givesBack?: boolean },
  answer: R,
): Promise<R> {
  const { saleId, lineId, givesBack = true } = line;
  try {
    await deps.inventory.releaseLine(caller, { saleId, lineId, givesBack });
  } catch (err) {
    deps.log.warn({ err, saleId, lineId }, 'the hold of a line is left to expire');
  }
  return answer;
}

export async function removeLine(
  deps: BasketDeps,
  caller: Caller,
  input: SaleLineRemoveInput,
): Promise<LineRemoved | LineRemoveRefusal> {
  const invalid = checkKey(input.idempotencyKey);
  if (invalid) return invalid;
  if (!isUuid(input.saleId)) return notFound('Sale', input.saleId);
  if (!isUuid(input.lineId)) return notFound('SaleLine', input.lineId);
  const use = keyUseOf(caller, input);
  const step = await deleteLine(deps.db, use, { id: input.saleId, lineId: input.lineId });
  switch (step.outcome) {
    case 'REMOVED':
      // First the line, then its hold: the other way round a crash would leave a line without stock.
      return released(deps, caller, { ...input, givesBack: false }, removed(step.sale!));
    case 'KEY_USED':
      // Released again: the first attempt may have died between the two.
      return (
        refusedBefore<LineRemoveRefusal>(step.record!, use, 'saleLineRemove') ??
        (step.sale
          ? released(deps, caller, { ...input, givesBack: false }, removed(step.sale))
          : idempotencyKeyReused(use.key))
      );
    case 'NOT_OPEN':
      return step.sale ? saleNotOpen(step.sale) : notFound('Sale', input.saleId);
    case 'LINE_UNKNOWN':
      return notFound('SaleLine', input.lineId);
  }
}

function removed(sale: Sale): LineRemoved {
  return { __typename: 'SaleLineRemoveSuccess', sale };
}
