import { inputHash, type Database } from '@onecount/db';
import {
  checkId,
  checkText,
  checkWhole,
  firstOf,
  identifierOf,
  invalidInput,
  isRefusal,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import { idOf, quantityMax } from '../input.ts';
import { checkSecret, secretHashOf } from '../hold/hold.input.ts';
import type { HoldRequest } from '../hold/hold.ts';
import { resolveSellable } from '../stock-code/stock-code.sql.ts';

/** What a basket asks to hold for one of its lines. */
export type SaleHoldLine = {
  lineId: string;
  sku?: string | null;
  serial?: string | null;
  code?: string | null;
  /** A hold that the line takes over, and on which ground. */
  holdId?: string | null;
  holdSecret?: string | null;
  holdReason?: string | null;
  /** Left out: 1, or all of the hold. */
  quantity?: number | null;
  /** Left out: the basket's. */
  locationId?: string | null;
  /** Where that location has too little, the one that has most may serve. */
  anyLocation?: boolean;
};
/** What is the same for every line of a basket. */
export type SaleHoldTerms = {
  saleId: string;
  channel: string;
  locationId?: string | null;
  holdSeconds: number;
  subject: string;
  mayTakeAnyHold?: boolean;
};
export type TargetedRequest = { sku: string; request: HoldRequest };
/** A hold that is there already: `sale_hold_take` finds its SKU. */
export type HoldTake = Pick<HoldRequest, 'secretHash' | 'holdSeconds' | 'channel' | 'subject'> & {
  holdId: string;
  reason: string | null;
  mayTakeAny: boolean;
  quantity: number | null;
  referenceId: string;
  lineId: string;
};

export function checkHoldLine(line: SaleHoldLine, prefix = ''): InvalidInput | undefined {
  const { sku, serial, code, holdId, holdSecret, holdReason } = line;
  const ways = [sku ?? serial, code, holdId].filter(Boolean).length;
  return firstOf(
    checkId(`${prefix}lineId`, line.lineId),
    checkText(`${prefix}sku`, sku, { min: 1, max: 255 }),
    checkText(`${prefix}serial`, serial, { min: 1, max: 255 }),
    checkText(`${prefix}code`, code, { min: 1, max: 255 }),
    checkId(`${prefix}holdId`, holdId),
    checkId(`${prefix}locationId`, line.locationId),
    checkSecret(`${prefix}holdSecret`, holdSecret),
    checkText(`${prefix}holdReason`, holdReason, { min: 1, max: 500 }),
    ways === 1
      ? undefined
      : invalidInput(
          `${prefix}sku`,
          'Name the piece by exactly one of: sku, sku and serial, serial, code, holdId.',
        ),
    checkWhole(`${prefix}quantity`, line.quantity ?? 1, { min: 1, max: serial ? 1 : quantityMax }),
  );
}

/** The line as the take of a hold that is there. */
export function takeFor(line: SaleHoldLine & { holdId: string }, terms: SaleHoldTerms): HoldTake {
  const { holdId, holdSecret, holdReason, quantity, lineId } = line;
  const { holdSeconds, channel, subject, saleId, mayTakeAnyHold } = terms;
  return {
    holdId: idOf(holdId),
    secretHash: holdSecret ? secretHashOf(holdSecret) : null,
    reason: holdReason ?? null,
    mayTakeAny: mayTakeAnyHold ?? false,
    quantity: quantity ?? null,
    ...{ holdSeconds, channel, subject },
    referenceId: idOf(saleId),
    lineId: idOf(lineId),
  };
}

/** The line as a request for a hold on one SKU. Asks the database only for a code or a serial alone. */
export async function requestFor(
  db: Database,
  tenantId: string,
  { line, terms }: { line: SaleHoldLine; terms: SaleHoldTerms },
): Promise<TargetedRequest | InvalidInput | NotFound> {
  const quantity = line.quantity ?? 1;
  const target = await targetOf(db, tenantId, line);
  if (isRefusal(target)) return target;
  if (target.serialUnitId && quantity !== 1)
    return invalidInput('quantity', 'The code names one unit: quantity must be 1.', quantity);
  const locationId = line.locationId ?? terms.locationId;
  const request = {
    idempotencyKey: null,
    inputHash: inputHash({ ...target, quantity }),
    secretHash: null,
    serial: target.serial,
    serialUnitId: target.serialUnitId,
    quantity,
    locationId: locationId ? idOf(locationId) : null,
    ...(line.anyLocation ? { anyLocation: true } : {}),
    kind: 'SOFT' as const,
    holdSeconds: terms.holdSeconds,
    purpose: 'SALE',
    channel: terms.channel,
    subject: terms.subject,
    referenceKind: 'SALE',
    referenceId: idOf(terms.saleId),
    lineId: idOf(line.lineId),
  };
  return { sku: target.sku, request };
}

type Target = { sku: string; serial: string | null; serialUnitId: string | null };

// A SKU needs no look-up. A code or a serial alone is found first; the hold then decides under its lock,
// so a unit that moves or is sold in between is refused there.
async function targetOf(
  db: Database,
  tenantId: string,
  line: SaleHoldLine,
): Promise<Target | InvalidInput | NotFound> {
  if (line.sku) {
    const serial = line.serial ? identifierOf(line.serial) : null;
    return { sku: line.sku, serial, serialUnitId: null };
  }
  const text = (line.code ?? line.serial)!;
  const isAnyCode = Boolean(line.code);
  const found = await resolveSellable(db, { tenantId, text, isAnyCode });
  const [best, second] = found;
  if (!best) return notFound(isAnyCode ? 'StockCode' : 'SerialUnit', text);
  // Selling another piece than the one in the hand is worse than asking.
  const isAmbiguous =
    second &&
    second.isSold === best.isSold &&
    second.stockItemId !== best.stockItemId &&
    (!isAnyCode || second.rank === best.rank);
  if (isAmbiguous)
    return invalidInput(
      isAnyCode ? 'code' : 'serial',
      `Several items have a unit ${text}: name the SKU too.`,
      text,
    );
  return { sku: best.sku, serial: null, serialUnitId: best.serialUnitId };
}
