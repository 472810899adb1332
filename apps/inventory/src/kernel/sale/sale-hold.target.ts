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
import type { HoldRequest } from '../hold/hold.ts';
import { resolveSellable } from '../stock-code/stock-code.sql.ts';

/** What a basket asks to hold for one of its lines. */
export type SaleHoldLine = {
  lineId: string;
  sku?: string | null;
  serial?: string | null;
  code?: string | null;
  quantity: number;
};
/** What is the same for every line of a basket. */
export type SaleHoldTerms = {
  saleId: string;
  channel: string;
  locationId?: string | null;
  holdSeconds: number;
  subject: string;
};
export type TargetedRequest = { sku: string; request: HoldRequest };

export function checkHoldLine(line: SaleHoldLine, prefix = ''): InvalidInput | undefined {
  const { sku, serial, code } = line;
  const isNamed = code ? !sku && !serial : Boolean(sku ?? serial);
  return firstOf(
    checkId(`${prefix}lineId`, line.lineId),
    checkText(`${prefix}sku`, sku, { min: 1, max: 255 }),
    checkText(`${prefix}serial`, serial, { min: 1, max: 255 }),
    checkText(`${prefix}code`, code, { min: 1, max: 255 }),
    isNamed
      ? undefined
      : invalidInput(
          `${prefix}sku`,
          'Name the piece by exactly one of: sku, sku and serial, serial, code.',
        ),
    checkWhole(`${prefix}quantity`, line.quantity, { min: 1, max: serial ? 1 : quantityMax }),
  );
}

/** The line as a request for a hold on one SKU. Asks the database only for a code or a serial alone. */
export async function requestFor(
  db: Database,
  tenantId: string,
  { line, terms }: { line: SaleHoldLine; terms: SaleHoldTerms },
): Promise<TargetedRequest | InvalidInput | NotFound> {
  const { quantity } = line;
  const target = await targetOf(db, tenantId, line);
  if (isRefusal(target)) return target;
  if (target.serialUnitId && quantity !== 1)
    return invalidInput('quantity', 'The code names one unit: quantity must be 1.', quantity);
  const request = {
    idempotencyKey: null,
    inputHash: inputHash({ ...target, quantity }),
    serial: target.serial,
    serialUnitId: target.serialUnitId,
    quantity,
    locationId: terms.locationId ? idOf(terms.locationId) : null,
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
