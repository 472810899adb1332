import type { IdempotencyKeyReused } from '@onecount/db';
import type { ServiceClient } from '@onecount/graphql';
import { refuse, type InvalidInput, type NotFound, type Refusal } from '@onecount/refusal';
import type { Caller } from './idempotency.ts';
import {
  claimOperation,
  holdPlaceOperation,
  holdsPlaceOperation,
  holdReleaseOperation,
  holdResizeOperation,
  holdsRenewOperation,
  locationOperation,
  releaseOperation,
} from './inventory.operations.ts';
import { anyLocationOf } from './line-place.ts';
import type { HoldNotTaken, InsufficientStock, UnitNotAvailable } from './sale.errors.ts';
import type { ClaimedLine, RenewedHold } from './sale.sql.ts';
import type { ClaimReason, SaleLine, Shortage, Tracking } from './sale.ts';

export type HoldRequest = {
  saleId: string;
  lineId: string;
  channel: string;
  sku: string | null;
  serial: string | null;
  code: string | null;
  holdId: string | null;
  holdSecret: string | null;
  holdReason: string | null;
  /** Null: all of a hold that is taken over. */
  quantity: number | null;
  locationId: string | null;
  /** Where that location has too little, the one that has most may serve. */
  anyLocation?: boolean;
  holdSeconds: number;
};
export type HoldResize = Pick<
  HoldRequest,
  'saleId' | 'lineId' | 'channel' | 'locationId' | 'anyLocation'
> & {
  sku: string;
  quantity: number;
  /** Version of the sale in which the line has this quantity. */
  lineVersion: number;
  /** Whether the line is written already: then what is beyond it is let go. */
  isWritten: boolean;
  holdSeconds: number;
};
type BasketTerm = 'saleId' | 'channel' | 'locationId' | 'holdSeconds';
export type HoldsRequest = Pick<HoldRequest, BasketTerm> & {
  /** A line without a location is asked for at the basket's. */
  lines: (Omit<HoldRequest, BasketTerm> & { locationId?: string })[];
};
/** Why a line of several cannot be held. */
export type HoldReason = {
  lineId: string;
  sku: string | null;
  code: string;
  message: string;
  requested: number;
} & Shortage;
export type HoldsRefusal =
  | (Refusal<'SaleHoldsRefused'> & { reasons: HoldReason[] })
  | Refusal<'SaleClaimReleased'>
  | InvalidInput
  | IdempotencyKeyReused;
/** `holdId` is null for an untracked item, which needs none. */
export type PlacedHold = {
  holdId: string | null;
  stockItemId: string;
  sku: string;
  tracking: Tracking;
  serialUnitId: string | null;
  serial: string | null;
  locationId: string | null;
  quantity: number;
  heldUntil: string | null;
};
export type HoldRefusal =
  | InsufficientStock
  | UnitNotAvailable
  | HoldNotTaken
  | NotFound
  | InvalidInput
  | IdempotencyKeyReused
  | Refusal<'SaleClaimReleased'>;
export type Claim =
  | { outcome: 'CLAIMED'; lines: ClaimedLine[] }
  | { outcome: 'REFUSED'; reasons: ClaimReason[] }
  /** The sale was released before: it can never be claimed again. */
  | { outcome: 'RELEASED' };
export type InventoryClient = ReturnType<typeof createInventoryClient>;

type Member = { __typename: string; code?: string; message?: string; [data: string]: unknown };

/** The commands that POS gives to inventory; every one may be repeated. Throws ServiceCallError. */
export function createInventoryClient(client: ServiceClient) {
  return {
    async placeHold(caller: Caller, hold: HoldRequest): Promise<PlacedHold | HoldRefusal> {
      const input = { ...hold, ...holderOf(caller) };
      type Data = { saleHoldPlace: Member };
      const { saleHoldPlace } = await client.call<Data>(caller, holdPlaceOperation, { input });
      return placedHold(saleHoldPlace, hold);
    },

    /** Several lines of a basket, in the order of the lines: all or none. */
    async placeHolds(caller: Caller, basket: HoldsRequest): Promise<PlacedHold[] | HoldsRefusal> {
      const input = { ...basket, ...holderOf(caller) };
      type Data = { saleHoldsPlace: Member };
      const { saleHoldsPlace } = await client.call<Data>(caller, holdsPlaceOperation, { input });
      return placedHolds(saleHoldsPlace);
    },

    /** OUTDATED: the hold is that of a newer version of the sale, or there is none to make smaller. */
    async resizeHold(
      caller: Caller,
      line: HoldResize,
    ): Promise<PlacedHold | HoldRefusal | 'OUTDATED'> {
      const input = { ...line, subject: caller.subject };
      type Data = { saleHoldResize: Member };
      const { saleHoldResize } = await client.call<Data>(caller, holdResizeOperation, { input });
      if (saleHoldResize.__typename === 'SaleHoldOutdated') return 'OUTDATED';
      return placedHold(saleHoldResize, { holdId: null });
    },

    /** The basket's live holds with their new ends; a line that is missing has expired. */
    async renewHolds(
      caller: Caller,
      input: { saleId: string; holdSeconds: number },
    ): Promise<RenewedHold[]> {
      type Data = { saleLineHoldsRenew: { holds: RenewedHold[] } };
      const { saleLineHoldsRenew } = await client.call<Data>(caller, holdsRenewOperation, {
        input,
      });
      return saleLineHoldsRenew.holds;
    },

    /** Frees one line; with `givesBack` a hold that it had taken over is again what it was. A sale that is claimed by now keeps it: then the line is part of the claim. */
    async releaseLine(
      caller: Caller,
      input: { saleId: string; lineId: string; givesBack: boolean },
    ): Promise<void> {
      await client.call(caller, holdReleaseOperation, { input });
    },

    async claim(
      caller: Caller,
      sale: { saleId: string; channel: string; leaseId: string | null; lines: SaleLine[] },
    ): Promise<Claim> {
      const lines = sale.lines.map(
        ({ id, stockItemId, sku, quantity, serialUnitId, serial, locationId, fulfilFrom }) => ({
          lineId: id,
          stockItemId,
          sku,
          quantity,
          serialUnitId,
          // A line that knows its stock item knows its unit too.
          ...(stockItemId === null ? { serial } : {}),
          locationId,
          ...anyLocationOf({ fulfilFrom }),
        }),
      );
      type Data = { saleClaim: Member };
      const { saleId, channel, leaseId } = sale;
      const input = { saleId, channel, lines, ...(leaseId ? { leaseId } : {}) };
      const { saleClaim } = await client.call<Data>(caller, claimOperation, { input });
      return claimOf(saleClaim, sale.lines);
    },

    async release(
      caller: Caller,
      input: { saleId: string },
    ): Promise<'RELEASED' | 'ALREADY_APPLIED'> {
      type Data = { saleRelease: Member };
      const { saleRelease } = await client.call<Data>(caller, releaseOperation, { input });
      switch (saleRelease.__typename) {
        case 'SaleReleased':
          return 'RELEASED';
        case 'SaleAlreadyApplied':
          return 'ALREADY_APPLIED';
        default:
          throw unexpected('saleRelease', saleRelease);
      }
    },

    async findLocation(
      caller: Caller,
      { id, code }: { id?: string | null; code?: string | null },
    ): Promise<{ id: string; code: string; name: string } | null> {
      type Found = { id: string; code: string; name: string; isActive: boolean };
      type Data = { locationForSale: Found | null };
      const { locationForSale: found } = await client.call<Data>(caller, locationOperation, {
        id: id ?? null,
        code: code ?? null,
      });
      return found?.isActive ? { id: found.id, code: found.code, name: found.name } : null;
    },
  };
}

// Who may let go of what others hold may take it over too, with a reason (ADR 0170).
function holderOf({ subject, scopes }: Caller) {
  return { subject, mayTakeAnyHold: scopes?.has('stock:write') ?? false };
}

function placedHold(
  member: Member,
  { holdId }: Pick<HoldRequest, 'holdId'>,
): PlacedHold | HoldRefusal {
  if (member.__typename !== 'SaleHoldPlaceSuccess') {
    const { __typename, code, message, ...rest } = member;
    const data = __typename === 'HoldNotTaken' ? { ...rest, holdId } : rest;
    if (!code || !message) throw unexpected('saleHoldPlace', member);
    return refuse(__typename, code, message, data) as HoldRefusal;
  }
  return holdOf(member as unknown as HoldAnswer);
}

type HoldAnswer = Omit<PlacedHold, 'heldUntil'> & { expiresAt: string | null };

function holdOf({ expiresAt, ...hold }: HoldAnswer): PlacedHold {
  return { ...hold, heldUntil: expiresAt };
}

function placedHolds(member: Member): PlacedHold[] | HoldsRefusal {
  const { __typename, code, message, ...data } = member;
  switch (__typename) {
    case 'SaleHoldsPlaceSuccess':
      return (data['holds'] as HoldAnswer[]).map(holdOf);
    case 'SaleHoldsRefused':
    case 'SaleClaimReleased':
    case 'InvalidInput':
    case 'IdempotencyKeyReused':
      return refuse(__typename, code!, message!, data) as HoldsRefusal;
    default:
      throw unexpected('saleHoldsPlace', member);
  }
}

function claimOf(member: Member, lines: SaleLine[]): Claim {
  switch (member.__typename) {
    case 'SaleClaimed':
      return { outcome: 'CLAIMED', lines: (member['lines'] as ClaimedLine[]).map(claimedLine) };
    case 'SaleClaimRefused':
      return { outcome: 'REFUSED', reasons: member['reasons'] as ClaimReason[] };
    case 'SaleClaimReleased':
      return { outcome: 'RELEASED' };
    case 'InvalidInput':
      // Refused before anything was looked at, and it would be again: an end, not an unknown outcome.
      return { outcome: 'REFUSED', reasons: lines.map((line) => unclaimable(line, member)) };
    default:
      throw unexpected('saleClaim', member);
  }
}

// The one piece of a line of one is in the line itself.
function claimedLine({ units, ...line }: ClaimedLine): ClaimedLine {
  return line.serialUnitId || !units?.length ? line : { ...line, units };
}

function unclaimable({ id, sku, quantity }: SaleLine, { code, message }: Member): ClaimReason {
  return {
    lineId: id,
    sku,
    code: code ?? 'INVALID_INPUT',
    message: message ?? 'Inventory does not accept this line.',
    requested: quantity,
    available: null,
  };
}

function unexpected(operation: string, member: Member): Error {
  return new Error(`inventory answered ${operation} with ${member.__typename}`);
}
