import {
  idempotencyKeyReused,
  inputHash,
  isDatabaseError,
  isKept,
  keepRefusalAfter,
  keyFor,
  refusalFromConstraint,
  refusalOf,
  type Database,
  type IdempotencyKeyReused,
  type KeyedRequest,
} from '@onecount/db';
import {
  checkId,
  checkKey,
  checkWhole,
  firstOf,
  identifierOf,
  isRefusal,
  notFound,
  type InvalidInput,
  type Refusal,
} from '@onecount/refusal';
import { isPublicShop, type Caller } from '../caller.ts';
import { idOf, quantityMax } from '../input.ts';
import { insufficientStock, stockItemNotTracked, unitNotAvailable } from '../stock.errors.ts';
import { createBatcher } from './hold.batcher.ts';
import { changeRefusal, holdRefusal } from './hold.errors.ts';
import {
  checkLine,
  checkTerms,
  ownerFor,
  secretHashOf,
  type HoldLineInput,
  type HoldTerms,
} from './hold.input.ts';
import {
  holdRowOf,
  identityOf,
  type HeldItem,
  type HoldDecision,
  type HoldRequest,
  type PlacedHold,
} from './hold.ts';
import { withLocationIds } from '../location/named-location.steps.ts';
import { selectOnSale } from '../stock-item/stock-item.sql.ts';
import { placeHolds, releaseHold, readHolds } from './hold.sql.ts';

export type HoldCreateInput = HoldLineInput & HoldTerms & { idempotencyKey: string };
export type HoldReleaseInput = {
  holdId: string;
  /** Left out: all of it. */
  quantity?: number | null;
  idempotencyKey: string;
};
/** `placed` null: the item is not counted and needs no hold. */
export type Placed = { item: HeldItem; placed: PlacedHold | null };
export type HoldService = ReturnType<typeof createHoldService>;
export type HoldServiceDeps = {
  db: Database;
  /** Statements of this service that may run at once; below the pool's size. */
  inFlightMax: number;
  /** Called after a change of stock was committed. */
  onChange?: () => void;
};

export function createHoldService({ db, inFlightMax, onChange = () => {} }: HoldServiceDeps) {
  const batcher = createBatcher<HoldRequest, HoldDecision>({
    run: (key, requests) => runBatch(db, key, requests),
    identityOf,
    isDivisible,
    inFlightMax,
  });

  /** Places one request in the company of others on the same SKU; refusals are in words already. */
  async function place(tenantId: string, sku: string, request: HoldRequest) {
    try {
      const { item, outcome } = await batcher.submit(`${tenantId}/${sku}`, request);
      if (outcome.outcome !== 'PLACED' && outcome.outcome !== 'UNTRACKED')
        return holdRefusal(outcome, { sku, item, request });
      if (outcome.outcome === 'PLACED') onChange();
      return placedOf(item!, outcome);
    } catch (err) {
      return refusedByConstraint(err, sku, request);
    }
  }

  return {
    place,

    async create(caller: Caller, input: HoldCreateInput) {
      const problem = checkCreate(caller, input);
      if (problem) return problem;
      const request = await located(db, caller, requestOf(caller, input));
      const answer = await created(caller, { input, request });
      const keyed = {
        operation: 'holdCreate',
        key: request.idempotencyKey!,
        hash: request.inputHash!,
      };
      return isRefusal(answer) ? keeping(db, caller, { input, keyed, refusal: answer }) : answer;
    },

    /** `released` is the part that was let go: a row of its own, or the hold itself. */
    async release(caller: Caller, input: HoldReleaseInput) {
      const problem = checkRelease(input);
      if (problem) return problem;
      const key = keyFor(caller, input.idempotencyKey);
      const keyed = { operation: 'holdRelease', key, hash: inputHash(input) };
      const answer = await released(caller, { input, keyed });
      return isRefusal(answer) ? keeping(db, caller, { input, keyed, refusal: answer }) : answer;
    },
  };

  async function created(
    caller: Caller,
    { input, request }: { input: HoldCreateInput; request: HoldRequest },
  ) {
    if (isPublicShop(caller) && !(await isOnSale(db, caller, input.sku)))
      return notFound('StockItem', input.sku);
    const result = await place(caller.tenantId, input.sku, request);
    if (isRefusal(result)) return ofNoSale(result);
    const { item, placed } = result;
    if (!placed) return stockItemNotTracked(item);
    const hold = holdRowOf(request, { item, placed });
    return { __typename: 'HoldCreateSuccess' as const, hold };
  }

  async function released(
    caller: Caller,
    { input, keyed }: { input: HoldReleaseInput; keyed: KeyedRequest },
  ) {
    const { tenantId } = caller;
    const { holdId, quantity = null } = input;
    const asked = {
      tenantId,
      holdId,
      idempotencyKey: keyed.key,
      quantity,
      ownedBy: ownerFor(caller),
    };
    const outcome = await releaseHold(db, asked).catch(reusedByConstraint);
    if (outcome.outcome === 'KEPT' && isSame(outcome, keyed) && outcome.refusal)
      return refusalOf(outcome.refusal) as ReturnType<typeof changeRefusal>;
    if (outcome.outcome === 'KEY_REUSED' || outcome.outcome === 'KEPT')
      return idempotencyKeyReused(input.idempotencyKey);
    if (outcome.outcome !== 'RELEASED') return changeRefusal(outcome, { holdId });
    onChange();
    const ids = [outcome.holdId, outcome.releasedId];
    const [hold, part] = await readHolds(db, tenantId, ids);
    return { __typename: 'HoldReleaseSuccess' as const, hold: hold!, released: part! };
  }
}

const isSame = (
  kept: { operation: string; inputHash: string },
  { operation, hash }: KeyedRequest,
) => kept.operation === operation && kept.inputHash === hash;

// Keys of holds are kept with the holds; only a refusal has no hold to be kept with.
async function keeping<R extends Refusal>(
  db: Database,
  caller: Caller,
  { input, keyed, refusal }: { input: { idempotencyKey: string }; keyed: KeyedRequest; refusal: R },
): Promise<R | IdempotencyKeyReused> {
  if (refusal.__typename === 'IdempotencyKeyReused')
    return idempotencyKeyReused(input.idempotencyKey);
  if (!isKept(caller, refusal)) return refusal;
  return (await keepRefusalAfter(db, caller.tenantId, { request: keyed, refusal })) as R;
}

// Requests on one SKU are placed together, by ids.
async function located(db: Database, { tenantId }: Caller, request: HoldRequest) {
  if (!request.locationCode) return request;
  const [placed] = await db.read(tenantId, (tx) => withLocationIds(tx, [request]));
  return placed!;
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

const placedOf = (item: HeldItem, outcome: PlacedHold | { outcome: 'UNTRACKED' }): Placed => ({
  item,
  placed: outcome.outcome === 'PLACED' ? outcome : null,
});

// A hold that names no sale never hears that its sale has ended.
function ofNoSale<R extends { __typename: string }>(refusal: R) {
  if (refusal.__typename === 'SaleClaimReleased')
    throw new Error('a hold without a sale was refused for its sale');
  return refusal as Exclude<R, { __typename: 'SaleClaimReleased' }>;
}

type ByConstraint =
  IdempotencyKeyReused | ReturnType<typeof unitNotAvailable> | ReturnType<typeof insufficientStock>;

// The last line of defence: what hold_place decides under its lock, the indexes hold against any code.
function refusedByConstraint(err: unknown, sku: string, request: HoldRequest): ByConstraint {
  return refusalFromConstraint<ByConstraint>(err, {
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
    ...unkeyedRequest(caller, input),
    idempotencyKey: keyFor(caller, idempotencyKey),
    // With the subject: a key of one caller never shows another's hold.
    inputHash: inputHash({ ...asked, subject: caller.subject }),
  };
}

/** A request whose idempotency is somebody else's care: the lines of a batch. */
export function unkeyedRequest(caller: Caller, asked: HoldLineInput & HoldTerms): HoldRequest {
  return {
    idempotencyKey: null,
    inputHash: null,
    secretHash: asked.secret ? secretHashOf(asked.secret) : null,
    serial: asked.serial ? identifierOf(asked.serial) : null,
    serialUnitId: null,
    quantity: asked.quantity,
    locationId: asked.locationId ? idOf(asked.locationId) : null,
    ...(asked.locationCode ? { locationCode: asked.locationCode } : {}),
    kind: asked.kind,
    holdSeconds: asked.kind === 'SOFT' ? asked.holdSeconds : null,
    purpose: asked.purpose,
    channel: asked.channel ?? null,
    subject: caller.subject,
    referenceKind: asked.referenceKind ?? null,
    referenceId: asked.referenceId ?? null,
    lineId: null,
  };
}

function checkCreate(caller: Caller, input: HoldCreateInput): InvalidInput | undefined {
  return firstOf(checkKey(input.idempotencyKey), checkLine(input), checkTerms(caller, input));
}

function checkRelease(input: HoldReleaseInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkId('holdId', input.holdId),
    checkWhole('quantity', input.quantity ?? 1, { min: 1, max: quantityMax }),
  );
}
