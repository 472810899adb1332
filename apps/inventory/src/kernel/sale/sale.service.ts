import { inputHash, type Database } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import {
  checkId,
  checkText,
  checkWhole,
  firstOf,
  invalidInput,
  isRefusal,
  notFound,
  type Refusal,
} from '@onecount/refusal';
import type { Caller } from '../../caller.ts';
import { saleClaimReleased } from '../hold/hold.errors.ts';
import type { HoldService, Placed } from '../hold/hold.service.ts';
import { holdSecondsMax, idOf, quantityMax } from '../../input.ts';
import { resolveSellable } from '../stock-code/stock-code.sql.ts';
import { saleAlreadyApplied, saleClaimFixed, saleClaimRefused } from './sale.errors.ts';
import {
  claimSale,
  releaseSale,
  releaseSaleLine,
  renewSaleHolds,
  type ClaimedLine,
  type RenewedHold,
} from './sale.sql.ts';

export type SaleHoldPlaceInput = {
  saleId: string;
  lineId: string;
  channel: string;
  sku?: string | null;
  serial?: string | null;
  code?: string | null;
  quantity: number;
  locationId?: string | null;
  holdSeconds: number;
  subject: string;
};
export type SaleClaimInput = {
  saleId: string;
  channel?: string | null;
  lines: {
    lineId: string;
    stockItemId: string;
    sku: string;
    quantity: number;
    serialUnitId?: string | null;
    locationId?: string | null;
  }[];
};
export type SaleService = ReturnType<typeof createSaleService>;

const claimLinesMax = 500;

/** The sale protocol's side of inventory (docs/sale.md): basket holds, claim, release. Apply is a consumer. */
export function createSaleService(deps: {
  db: Database;
  holds: HoldService;
  onChange?: () => void;
}) {
  const { db, holds, onChange = () => {} } = deps;
  return {
    async placeHold(caller: Caller, input: SaleHoldPlaceInput): Promise<Placed | Refusal> {
      const problem = checkPlace(input);
      if (problem) return problem;
      const target = await targetOf(db, caller.tenantId, input);
      if (isRefusal(target)) return target;
      if (target.serialUnitId && input.quantity !== 1)
        return invalidInput(
          'quantity',
          'The code names one unit: quantity must be 1.',
          input.quantity,
        );
      return holds.place(caller.tenantId, target.sku, {
        idempotencyKey: null,
        inputHash: inputHash({ ...target, quantity: input.quantity }),
        serial: target.serial,
        serialUnitId: target.serialUnitId,
        quantity: input.quantity,
        locationId: input.locationId ? idOf(input.locationId) : null,
        kind: 'SOFT',
        holdSeconds: input.holdSeconds,
        purpose: 'SALE',
        channel: input.channel,
        subject: input.subject,
        referenceKind: 'SALE',
        referenceId: idOf(input.saleId),
        lineId: idOf(input.lineId),
      });
    },

    async renewHolds(
      caller: Caller,
      input: { saleId: string; holdSeconds: number },
    ): Promise<RenewedHold[]> {
      const { tenantId } = caller;
      return renewSaleHolds(db, { ...input, tenantId, saleId: idOf(input.saleId) });
    },

    async releaseLine(
      caller: Caller,
      input: { saleId: string; lineId: string },
    ): Promise<{ released: number } | Refusal> {
      const problem = firstOf(checkId('saleId', input.saleId), checkId('lineId', input.lineId));
      if (problem) return problem;
      const line = { saleId: idOf(input.saleId), lineId: idOf(input.lineId) };
      const released = await releaseSaleLine(db, { ...line, tenantId: caller.tenantId });
      if (released.outcome === 'SALE_CLOSED') return saleClaimFixed(input.saleId);
      onChange();
      return { released: released.released };
    },

    async claim(
      caller: Caller,
      input: SaleClaimInput,
    ): Promise<{ saleId: string; lines: ClaimedLine[] } | Refusal> {
      const problem = checkClaim(input);
      if (problem) return problem;
      const { tenantId, subject } = caller;
      const saleId = idOf(input.saleId);
      const lines = input.lines.map(claimLineOf);
      // The claim is one autocommitted statement: just before it is sent is just before its commit.
      crashAt('claim.before-commit');
      const channel = input.channel ?? null;
      const claimed = await claimSale(db, { tenantId, saleId, lines, subject, channel });
      crashAt('claim.after-commit');
      if (claimed.outcome === 'RELEASED') return saleClaimReleased(saleId);
      if (claimed.outcome === 'REFUSED') return saleClaimRefused(saleId, claimed.reasons);
      onChange();
      return { saleId, lines: claimed.lines };
    },

    async release(
      caller: Caller,
      input: { saleId: string },
    ): Promise<{ saleId: string; released: number } | Refusal> {
      const problem = checkId('saleId', input.saleId);
      if (problem) return problem;
      const saleId = idOf(input.saleId);
      crashAt('release.before-commit');
      const released = await releaseSale(db.statement, { tenantId: caller.tenantId, saleId });
      crashAt('release.after-commit');
      if (released.outcome === 'APPLIED') return saleAlreadyApplied(saleId);
      onChange();
      return { saleId, released: released.released };
    },
  };
}

function claimLineOf(line: SaleClaimInput['lines'][number]) {
  return {
    lineId: idOf(line.lineId),
    stockItemId: line.stockItemId,
    sku: line.sku,
    quantity: line.quantity,
    serialUnitId: line.serialUnitId ?? null,
    locationId: line.locationId ?? null,
  };
}

type Target = { sku: string; serial: string | null; serialUnitId: string | null };

// A SKU needs no look-up. A code or a serial alone is found first; the hold then decides under its lock,
// so a unit that moves or is sold in between is refused there.
async function targetOf(
  db: Database,
  tenantId: string,
  input: SaleHoldPlaceInput,
): Promise<Target | Refusal> {
  if (input.sku) return { sku: input.sku, serial: input.serial ?? null, serialUnitId: null };
  const text = (input.code ?? input.serial)!;
  const isAnyCode = Boolean(input.code);
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

function checkPlace(input: SaleHoldPlaceInput): Refusal | undefined {
  const { sku, serial, code } = input;
  const isNamed = code ? !sku && !serial : Boolean(sku ?? serial);
  return firstOf(
    checkId('saleId', input.saleId),
    checkId('lineId', input.lineId),
    checkText('sku', sku, { min: 1, max: 255 }),
    checkText('serial', serial, { min: 1, max: 255 }),
    checkText('code', code, { min: 1, max: 255 }),
    checkText('channel', input.channel, { max: 32 }),
    checkText('subject', input.subject, { max: 255 }),
    isNamed
      ? undefined
      : invalidInput('sku', 'Name the piece by exactly one of: sku, sku and serial, serial, code.'),
    checkWhole('quantity', input.quantity, { min: 1, max: serial ? 1 : quantityMax }),
    checkWhole('holdSeconds', input.holdSeconds, { min: 1, max: holdSecondsMax }),
    checkId('locationId', input.locationId),
  );
}

function checkClaim({ saleId, channel, lines }: SaleClaimInput): Refusal | undefined {
  return firstOf(
    checkId('saleId', saleId),
    checkText('channel', channel, { max: 32 }),
    checkWhole('lines', lines.length, { min: 0, max: claimLinesMax }),
    ...lines.flatMap((line, index) => [
      checkId(`lines.${index}.lineId`, line.lineId),
      checkId(`lines.${index}.stockItemId`, line.stockItemId),
      checkId(`lines.${index}.serialUnitId`, line.serialUnitId),
      checkId(`lines.${index}.locationId`, line.locationId),
      checkText(`lines.${index}.sku`, line.sku, { max: 255 }),
      checkWhole(`lines.${index}.quantity`, line.quantity, { min: 1, max: quantityMax }),
    ]),
    new Set(lines.map((line) => idOf(line.lineId))).size === lines.length
      ? undefined
      : invalidInput('lines', 'A line is named twice.'),
  );
}
