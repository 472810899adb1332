import { uuidv7, type Database, type IdempotencyKeyReused, type Tx } from '@onecount/db';
import { appendEvents } from '@onecount/messaging';
import {
  checkKey,
  invalidInput,
  isRefusal,
  isUuid,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import { registersByIds, type Register } from '../register/register.sql.ts';
import { cashOf, expectedOf } from '../report/figures.ts';
import { readFigures } from '../report/figures.sql.ts';
import { insertZReport } from '../report/z-report.sql.ts';
import type { Caller } from '../sale/idempotency.ts';
import { checkFreeText } from '../sale/free-text.ts';
import { registerClosed } from '../sale/sale.errors.ts';
import {
  compared,
  countedCash,
  readCount,
  type Count,
  type CountInput,
  type CountRefusal,
} from './count.ts';
import { shiftClosedEvent } from './shift-closed.event.ts';
import { shiftAlreadyClosed, shiftHasPendingSales } from './shift-close.errors.ts';
import {
  closeShift,
  lockOpenShift,
  lockShift,
  pendingSalesOf,
  shiftById,
  type Shift,
} from './shift.sql.ts';

export type RegisterCloseInput = CountInput & { registerId: string; idempotencyKey: string };
export type ShiftForceCloseInput = CountInput & {
  shiftId: string;
  reason: string;
  idempotencyKey: string;
};
export type ShiftCloseDeps = {
  db: Database;
  /** Brings a pending checkout to its end, if it can be found out now. */
  settleSale(caller: Caller, saleId: string): Promise<unknown>;
};
export type ShiftCloseService = ReturnType<typeof createShiftCloseService>;

type Pending = ReturnType<typeof shiftHasPendingSales>;
type Common = IdempotencyKeyReused | NotFound | CountRefusal | Pending;
type RegisterEnded = { __typename: 'RegisterCloseSuccess'; register: Register; shift: Shift };
type ShiftEnded = { __typename: 'ShiftForceCloseSuccess'; shift: Shift };
type RegisterCloseRefusal = Common | ReturnType<typeof registerClosed>;
type ForceCloseRefusal = Common | ReturnType<typeof shiftAlreadyClosed>;

export function createShiftCloseService(deps: ShiftCloseDeps) {
  return {
    closeRegister: (caller: Caller, input: RegisterCloseInput) =>
      closeRegister(deps, caller, input),
    forceClose: (caller: Caller, input: ShiftForceCloseInput) => forceClose(deps, caller, input),
  };
}

async function closeRegister(
  deps: ShiftCloseDeps,
  caller: Caller,
  input: RegisterCloseInput,
): Promise<RegisterEnded | RegisterCloseRefusal> {
  const { registerId } = input;
  const invalid = checkKey(input.idempotencyKey);
  if (invalid) return invalid;
  if (!isUuid(registerId)) return notFound('Register', registerId);
  const count = readCount(input);
  if (isRefusal(count)) return count;
  return settlingFirst(deps, caller, () =>
    deps.db.command(
      caller,
      { operation: 'registerClose', input, passing: ['ShiftHasPendingSales'] },
      async (tx) => {
        const [register] = await registersByIds(tx, [registerId]);
        if (!register) return notFound('Register', registerId);
        const shift = await lockOpenShift(tx, registerId);
        if (!shift) return registerClosed(registerId);
        const ended = await endShift(tx, shift, { subject: caller.subject, count, reason: null });
        return ended ?? { registerId, shiftId: shift.id };
      },
      async (tx, kept) => {
        const [register] = await registersByIds(tx, [kept.registerId]);
        const shift = await shiftById(tx, kept.shiftId);
        return { __typename: 'RegisterCloseSuccess' as const, register: register!, shift };
      },
    ),
  );
}

async function forceClose(
  deps: ShiftCloseDeps,
  caller: Caller,
  input: ShiftForceCloseInput,
): Promise<ShiftEnded | ForceCloseRefusal> {
  const { shiftId } = input;
  const reason = input.reason.trim();
  const invalid =
    checkKey(input.idempotencyKey) ?? checkFreeText('reason', reason, { min: 1, max: 500 });
  if (invalid) return invalid;
  if (!isUuid(shiftId)) return notFound('Shift', shiftId);
  const count = readCount(input);
  if (isRefusal(count)) return count;
  return settlingFirst(deps, caller, () =>
    deps.db.command(
      caller,
      { operation: 'shiftForceClose', input, passing: ['ShiftHasPendingSales'] },
      async (tx) => {
        const shift = await lockShift(tx, shiftId);
        if (!shift) return notFound('Shift', shiftId);
        if (shift.closedAt) return shiftAlreadyClosed(shift.id, shift.closedAt);
        const ended = await endShift(tx, shift, { subject: caller.subject, count, reason });
        return ended ?? { shiftId };
      },
      async (tx, kept) => ({
        __typename: 'ShiftForceCloseSuccess' as const,
        shift: await shiftById(tx, kept.shiftId),
      }),
    ),
  );
}

/** Checkouts whose outcome is only not known yet are found out, once; what stays unknown is refused by its ids. */
async function settlingFirst<A extends { __typename: string }>(
  deps: ShiftCloseDeps,
  caller: Caller,
  close: () => Promise<A | Pending>,
): Promise<A | Pending> {
  const first = await close();
  if (!isPending(first)) return first;
  await Promise.all(first.saleIds.map((saleId) => deps.settleSale(caller, saleId)));
  return close();
}

const isPending = (answer: { __typename: string }): answer is Pending =>
  answer.__typename === 'ShiftHasPendingSales';

type End = { subject: string; count: Count; reason: string | null };

/**
 * The shift is locked: no checkout of it can begin, and none is under way, so that its documents are what they will ever
 * be. Shift, report and event are written together.
 */
async function endShift(
  tx: Tx,
  shift: Shift,
  { subject, count, reason }: End,
): Promise<InvalidInput | Pending | undefined> {
  const { currencyCode } = count;
  if (shift.currencyCode && shift.currencyCode !== currencyCode)
    return invalidInput('countedCash', `The drawer is counted in ${shift.currencyCode}.`);
  const pending = await pendingSalesOf(tx, shift.id);
  if (pending.length > 0) return shiftHasPendingSales(pending);
  const figures = { ...(await readFigures(tx, shift.id)), currencyCode };
  const expected = expectedOf(figures);
  await closeShift(tx, {
    ...{ id: shift.id, subject, reason, currencyCode },
    countedMinor: countedCash(count),
    expectedMinor: cashOf(expected, currencyCode),
  });
  const tenders = compared(expected, count.tenders);
  const { denominations } = count;
  const written = { id: uuidv7(), shiftId: shift.id, figures, tenders, denominations };
  const report = await insertZReport(tx, written);
  await appendEvents(tx, [shiftClosedEvent(tx.tenantId, report)]);
  return undefined;
}
