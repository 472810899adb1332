import {
  idempotencyKeyReused,
  inputHash,
  isDatabaseError,
  isRefusal,
  refusalFromConstraint,
  type Database,
  type Refusal,
} from '@onecount/db';
import { isPublicShop, type Caller } from '../caller.ts';
import {
  checkId,
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  holdSecondsMax,
  idOf,
  quantityMax,
} from '../input.ts';
import {
  insufficientStock,
  invalidInput,
  notFound,
  stockItemNotTracked,
  unitNotAvailable,
} from '../stock.errors.ts';
import { createBatcher } from './hold.batcher.ts';
import { holdNotLive, holdOfSale, holdRefusal, type Refused } from './hold.errors.ts';
import {
  holdRowOf,
  identityOf,
  type HeldItem,
  type HoldDecision,
  type HoldKind,
  type HoldRequest,
  type HoldRow,
  type PlacedHold,
} from './hold.ts';
import { selectOnSale } from '../stock-item/stock-item.sql.ts';
import { placeHolds, releaseHold, selectHolds } from './hold.sql.ts';

export type HoldCreateInput = {
  sku: string;
  serial?: string | null;
  quantity: number;
  locationId?: string | null;
  kind: HoldKind;
  holdSeconds: number;
  purpose: string;
  channel?: string | null;
  idempotencyKey: string;
};
/** `placed` null: the item is not counted and needs no hold. */
export type Placed = { item: HeldItem; placed: PlacedHold | null };
export type HoldService = ReturnType<typeof createHoldService>;
export type HoldServiceDeps = {
  db: Database;
  /** Statements of this service that may run at once; below the pool's size. */
  inFlightMax: number;
  /** Told after a change of stock was committed. */
  onChange?: () => void;
};

const publicHoldSecondsMax = 1_800;

export function createHoldService({ db, inFlightMax, onChange = () => {} }: HoldServiceDeps) {
  const batcher = createBatcher<HoldRequest, HoldDecision>({
    run: (key, requests) => runBatch(db, key, requests),
    identityOf,
    isDivisible,
    inFlightMax,
  });

  /** Places one request in the company of others on the same SKU; refusals are in words already. */
  async function place(
    tenantId: string,
    sku: string,
    request: HoldRequest,
  ): Promise<Placed | Refusal> {
    try {
      const { item, outcome } = await batcher.submit(`${tenantId}/${sku}`, request);
      if (item && outcome.outcome === 'UNTRACKED') return { item, placed: null };
      if (!item || outcome.outcome !== 'PLACED')
        return holdRefusal(outcome as Refused, { sku, item, request });
      onChange();
      return { item, placed: outcome };
    } catch (err) {
      return refusedByConstraint(err, sku, request);
    }
  }

  return {
    place,

    async create(caller: Caller, input: HoldCreateInput): Promise<{ hold: HoldRow } | Refusal> {
      const problem = checkCreate(caller, input);
      if (problem) return problem;
      if (isPublicShop(caller) && !(await isOnSale(db, caller, input.sku)))
        return notFound('StockItem', input.sku);
      const request = requestOf(caller, input);
      const result = await place(caller.tenantId, input.sku, request);
      if (isRefusal(result)) return result;
      const { item, placed } = result as Placed;
      if (!placed) return stockItemNotTracked(item);
      return { hold: holdRowOf(request, { item, placed }) };
    },

    async release(
      caller: Caller,
      input: { holdId: string; idempotencyKey: string },
    ): Promise<{ hold: HoldRow } | Refusal> {
      const problem = firstOf(checkKey(input.idempotencyKey), checkId('holdId', input.holdId));
      if (problem) return problem;
      const ownedBy = isPublicShop(caller) ? caller.subject : null;
      const released = await releaseHold(db, {
        ...input,
        tenantId: caller.tenantId,
        ownedBy,
      }).catch(reusedByConstraint);
      switch (released.outcome) {
        case 'RELEASED': {
          onChange();
          const rows = await db.read(caller.tenantId, (tx) => selectHolds(tx, [released.holdId]));
          return { hold: rows[0]! };
        }
        case 'NO_SUCH_HOLD':
          return notFound('Hold', input.holdId);
        case 'NOT_LIVE':
          return holdNotLive(released.status);
        case 'OF_A_SALE':
          return holdOfSale(released.referenceId);
        case 'KEY_REUSED':
          return idempotencyKeyReused(input.idempotencyKey);
      }
    },
  };
}

// What is not on sale answers a public shop as what does not exist.
async function isOnSale(db: Database, { tenantId }: Caller, sku: string): Promise<boolean> {
  const found = await db.read(tenantId, (tx) => selectOnSale(tx, { skus: [sku] }));
  return found.length > 0;
}

async function runBatch(
  db: Database,
  key: string,
  requests: HoldRequest[],
): Promise<HoldDecision[]> {
  const [tenantId, sku] = [key.slice(0, 36), key.slice(37)];
  const { item, answers } = await placeHolds(db, { tenantId, sku, requests });
  if (!item) return requests.map(() => ({ item, outcome: { outcome: 'NO_SUCH_ITEM' } }));
  return answers.map((outcome) => ({ item, outcome }));
}

// Errors that one request's data can cause. A lost connection or a lock timeout is everybody's.
function isDivisible(err: unknown): boolean {
  return isDatabaseError(err) && /^(22|23|40|P0)/.test(err.code);
}

// The last line of defence: what hold_place decides under its lock, the indexes hold against any code.
function refusedByConstraint(err: unknown, sku: string, request: HoldRequest): Refusal {
  return refusalFromConstraint<Refusal>(err, {
    hold_idempotency_key: () => idempotencyKeyReused(String(request.idempotencyKey)),
    hold_one_claim_per_line: () => idempotencyKeyReused(String(request.lineId)),
    hold_one_claim_per_unit: () =>
      unitNotAvailable(
        { sku, serial: request.serial },
        { unitStatus: 'HELD', heldBy: null, heldUntil: null },
      ),
    level_available_floor: () =>
      insufficientStock({ sku }, { requested: request.quantity, available: 0, locationCode: null }),
  });
}

// Two releases with one key, of holds at different levels, share no lock: the index decides.
function reusedByConstraint(err: unknown): { outcome: 'KEY_REUSED' } {
  if (isDatabaseError(err) && err.constraint === 'hold_release_key')
    return { outcome: 'KEY_REUSED' };
  throw err;
}

function requestOf(caller: Caller, input: HoldCreateInput): HoldRequest {
  const { idempotencyKey, ...asked } = input;
  return {
    idempotencyKey,
    // With the subject: a key of one caller never shows another's hold.
    inputHash: inputHash({ ...asked, subject: caller.subject }),
    serial: input.serial ?? null,
    serialUnitId: null,
    quantity: input.quantity,
    locationId: input.locationId ? idOf(input.locationId) : null,
    kind: input.kind,
    holdSeconds: input.kind === 'SOFT' ? input.holdSeconds : null,
    purpose: input.purpose,
    channel: input.channel ?? null,
    subject: caller.subject,
    referenceKind: null,
    referenceId: null,
    lineId: null,
  };
}

// Precedence: key, form of each field, what the caller may ask for.
function checkCreate(caller: Caller, input: HoldCreateInput): Refusal | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkText('sku', input.sku, { min: 1, max: 255 }),
    checkText('serial', input.serial, { min: 1, max: 255 }),
    checkWhole('quantity', input.quantity, { min: 1, max: input.serial ? 1 : quantityMax }),
    checkWhole('holdSeconds', input.holdSeconds, { min: 1, max: secondsMaxFor(caller) }),
    checkId('locationId', input.locationId),
    checkChannel(input.channel),
    input.purpose === 'SALE'
      ? invalidInput('purpose', 'A line of a sale is held by the sale itself.', input.purpose)
      : undefined,
    isPublicShop(caller) && input.kind !== 'SOFT'
      ? invalidInput('kind', 'A public shop may only ask for SOFT holds.', input.kind)
      : undefined,
  );
}

const secondsMaxFor = (caller: Caller): number =>
  isPublicShop(caller) ? publicHoldSecondsMax : holdSecondsMax;

function checkChannel(channel: string | null | undefined): Refusal | undefined {
  if (channel === null || channel === undefined || /^[A-Z][A-Z0-9_]{0,31}$/.test(channel))
    return undefined;
  return invalidInput('channel', 'channel must be capital letters, digits and _.', channel);
}
