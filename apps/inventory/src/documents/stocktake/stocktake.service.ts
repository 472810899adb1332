import { setTimeout as delay } from 'node:timers/promises';
import type { Command, Constraints, Database, Tx } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { wakeRelays } from '@onecount/messaging';
import {
  checkId,
  checkKey,
  checkText,
  firstOf,
  invalidInput,
  isRefusal,
  notFound,
  type InvalidInput,
} from '@onecount/refusal';
import { currentTraceparent } from '@onecount/telemetry';
import type { Caller } from '../../kernel/caller.ts';
import { idOf } from '../../kernel/input.ts';
import {
  checkLocation,
  namedLocation,
  type NamedLocation,
} from '../../kernel/location/named-location.steps.ts';
import { changeUnits } from '../../kernel/serial-unit/unit-transition.sql.ts';
import {
  stocktakeLinesBlocked,
  stocktakeNotOpen,
  stocktakeNotReviewed,
  stocktakeSalesInFlight,
} from './stocktake.errors.ts';
import {
  allowLong,
  cancelStocktake,
  insertStocktake,
  lockPosting,
  lockStocktake,
  preparePosting,
  recountItems,
  reopenStocktake,
  reviewStocktake,
  selectUnitLines,
  writePosting,
  type Blocked,
  type Half,
  type Locked,
  type PostStep,
} from './stocktake.sql.ts';
import type { StocktakeRow, StocktakeScope } from './stocktake.ts';

export type StocktakeCreateInput = NamedLocation & {
  scope?: StocktakeScope;
  scopeValue?: string | null;
  isBlind?: boolean;
  note?: string | null;
  idempotencyKey: string;
};
export type StocktakeInput = { stocktakeId: string; idempotencyKey: string };
export type StocktakeRecountInput = StocktakeInput & { stockItemIds?: string[] | null };
export type StocktakePostInput = StocktakeInput & {
  countMissingAsZero?: boolean;
  excludeStockItemIds?: string[] | null;
};
export type Changed = { stocktakeId: string };
export type Recounted = Changed & { items: number };
export type Posted = Changed & { movements: number };
export type StocktakeService = ReturnType<typeof createStocktakeService>;

const itemsMax = 1_000;
// A claim becomes a movement some tens of milliseconds after its sale: a posting waits for it, not its caller.
const inFlightAttempts = 7;
const inFlightWaitMs = 500;

/** Counting while sales go on; `stocktake-scan.service.ts` takes the scans. */
export function createStocktakeService(deps: { db: Database; onChange?: () => void }) {
  const { db, onChange = () => {} } = deps;

  /** One use case on a count that is open, alone with it. */
  function changing<T, C extends Constraints = Record<never, never>>(
    caller: Caller,
    command: Command<C> & { input: StocktakeInput },
    run: (tx: Tx, stocktake: StocktakeRow) => Promise<T>,
  ) {
    const { stocktakeId } = command.input;
    return db.command(caller, { ...command, begin: allowLong }, async (tx) => {
      await allowLong(tx, { isAlone: true });
      const stocktake = await lockStocktake(tx, idOf(stocktakeId), 'CHANGE');
      if (!stocktake) return notFound('Stocktake', stocktakeId);
      if (stocktake.status === 'POSTED' || stocktake.status === 'CANCELLED')
        return stocktakeNotOpen(stocktake.status);
      return run(tx, stocktake);
    });
  }

  function postOnce(caller: Caller, input: StocktakePostInput) {
    const afterCommit = [wakeRelays, onChange];
    const passing = ['StocktakeSalesInFlight'];
    const command = { operation: 'stocktakePost', input, constraints, afterCommit, passing };
    return changing(caller, command, async (tx, { id, status }) => {
      if (status !== 'REVIEW') return stocktakeNotReviewed(status);
      return postReviewed(tx, caller, {
        stocktakeId: id,
        countMissingAsZero: input.countMissingAsZero ?? false,
        exclude: (input.excludeStockItemIds ?? []).map(idOf),
      });
    });
  }

  return {
    async create(caller: Caller, input: StocktakeCreateInput) {
      const problem = checkCreate(input);
      if (problem) return problem;
      return db.command(caller, { operation: 'stocktakeCreate', input }, (tx) =>
        createIn(tx, caller, input),
      );
    },

    async review(caller: Caller, input: StocktakeInput) {
      const problem = checkAsked(input);
      if (problem) return problem;
      return changing(caller, { operation: 'stocktakeReview', input }, async (tx, { id }) => {
        await reviewStocktake(tx, id, caller.subject);
        return { __typename: 'StocktakeReviewSuccess' as const, stocktakeId: id };
      });
    },

    async recount(caller: Caller, input: StocktakeRecountInput) {
      const problem = firstOf(checkAsked(input), checkItems('stockItemIds', input.stockItemIds, 1));
      if (problem) return problem;
      return changing(caller, { operation: 'stocktakeRecount', input }, async (tx, { id }) => {
        const stockItemIds = input.stockItemIds ? [...new Set(input.stockItemIds.map(idOf))] : null;
        const recount = { stocktakeId: id, stockItemIds, requestedBy: caller.subject };
        const found = await recountItems(tx, recount);
        const strange = stockItemIds?.find((itemId) => !found.includes(itemId));
        if (strange) return notFound('StocktakeLine', strange);
        await reopenStocktake(tx, id);
        return {
          __typename: 'StocktakeRecountSuccess' as const,
          stocktakeId: id,
          items: found.length,
        };
      });
    },

    /** Waits some seconds for sales under way before it gives up on them. */
    async post(caller: Caller, input: StocktakePostInput) {
      const problem = firstOf(
        checkAsked(input),
        checkItems('excludeStockItemIds', input.excludeStockItemIds, 0),
      );
      if (problem) return problem;
      for (let attempt = 1; ; attempt += 1) {
        const result = await postOnce(caller, input);
        const isInFlight = result.__typename === 'StocktakeSalesInFlight';
        if (!isInFlight || attempt === inFlightAttempts) {
          if ('movements' in result) crashAt('stocktake.after-commit');
          return result;
        }
        await delay(inFlightWaitMs);
      }
    },

    async cancel(caller: Caller, input: StocktakeInput) {
      const problem = checkAsked(input);
      if (problem) return problem;
      return changing(caller, { operation: 'stocktakeCancel', input }, async (tx, { id }) => {
        await cancelStocktake(tx, id, caller.subject);
        return { __typename: 'StocktakeCancelSuccess' as const, stocktakeId: id };
      });
    },
  };
}

async function createIn(tx: Tx, caller: Caller, input: StocktakeCreateInput) {
  const location = await namedLocation(tx, input);
  if (isRefusal(location)) return location;
  const stocktakeId = await insertStocktake(tx, {
    locationId: location.id,
    scope: input.scope ?? 'LOCATION',
    scopeValue: input.scopeValue ?? null,
    isBlind: input.isBlind ?? false,
    note: input.note ?? null,
    createdBy: caller.subject,
  });
  return { __typename: 'StocktakeCreateSuccess' as const, stocktakeId };
}

// The order matters: what can be computed is, then levels, units, movements; from the first level on its sales
// wait. So what sold during the count comes last: its levels are locked for moments, however long the rest took.
async function postReviewed(tx: Tx, caller: Caller, step: PostStep) {
  const prepared = await preparePosting(tx, step);
  if (prepared.outcome !== 'READY') return blockedRefusal(prepared);
  let movements = 0;
  for (const isSelling of [false, true]) {
    const posted = await postHalf(tx, caller, { ...step, isSelling });
    if (isRefusal(posted)) return posted;
    movements += posted.movements;
  }
  crashAt('stocktake.before-commit');
  return { __typename: 'StocktakePostSuccess' as const, stocktakeId: step.stocktakeId, movements };
}

async function postHalf(tx: Tx, caller: Caller, half: PostStep & Half) {
  const locked = await lockPosting(tx, half);
  if (locked.outcome !== 'LOCKED') return blockedRefusal(locked);
  const refused = await changeCounted(tx, { caller, step: half, locked });
  if (refused) return refused;
  const by = { actor: caller.subject, traceparent: currentTraceparent() };
  return { movements: await writePosting(tx, half, by) };
}

function blockedRefusal(blocked: Blocked) {
  return blocked.outcome === 'SALES_IN_FLIGHT'
    ? stocktakeSalesInFlight(blocked.saleIds)
    : stocktakeLinesBlocked(blocked.count, blocked.lines);
}

// A unit that is missing is lost; one that was lost and was scanned here is available here.
async function changeCounted(tx: Tx, post: { caller: Caller; step: PostStep; locked: Locked }) {
  const { caller, step, locked } = post;
  const changes = locked.units.map(({ unitId, isFound }) =>
    isFound
      ? { unitId, to: 'AVAILABLE' as const, locationId: locked.locationId }
      : { unitId, to: 'LOST' as const },
  );
  const refused = await changeUnits(tx, changes, {
    reason: 'COUNT_CORRECTION',
    referenceKind: 'STOCKTAKE',
    referenceId: step.stocktakeId,
    note: null,
    actor: caller.subject,
    traceparent: currentTraceparent(),
  });
  if (refused.length === 0) return undefined;
  const lines = await selectUnitLines(
    tx,
    step.stocktakeId,
    refused.map(({ unitId }) => unitId),
  );
  return stocktakeLinesBlocked(refused.length, lines);
}

const constraints = {
  level_on_hand_max: () =>
    invalidInput('stocktakeId', 'A level cannot hold so many units as were counted.'),
};

function checkAsked(input: StocktakeInput): InvalidInput | undefined {
  return firstOf(checkKey(input.idempotencyKey), checkId('stocktakeId', input.stocktakeId));
}

function checkItems(
  field: string,
  ids: readonly string[] | null | undefined,
  min: number,
): InvalidInput | undefined {
  if (!ids) return undefined;
  if (ids.length < min || ids.length > itemsMax)
    return invalidInput(field, `${field} has ${min}–${itemsMax} ids.`, ids.length);
  return firstOf(...ids.map((id) => checkId(field, id)));
}

function checkCreate(input: StocktakeCreateInput): InvalidInput | undefined {
  const isWhole = (input.scope ?? 'LOCATION') === 'LOCATION';
  return firstOf(
    checkKey(input.idempotencyKey),
    checkLocation(input),
    isWhole === (input.scopeValue === null || input.scopeValue === undefined)
      ? undefined
      : invalidInput(
          'scopeValue',
          'The category or the beginning of the SKU; left out for a whole location.',
          input.scopeValue,
        ),
    checkText('scopeValue', input.scopeValue, { min: 1, max: 255 }),
    checkText('note', input.note, { max: 1_000 }),
  );
}
