import { uuidv7, type Database, type Tx } from '@onecount/db';
import { isRefusal, isUuid, notFound } from '@onecount/refusal';
import { registersByIds } from '../register/register.sql.ts';
import { cashOf, expectedOf } from '../report/figures.ts';
import { readFigures } from '../report/figures.sql.ts';
import type { Caller } from '../sale/idempotency.ts';
import { registerClosed } from '../sale/sale.errors.ts';
import { lockOpenShift } from '../shift/shift.sql.ts';
import { insufficientCash, otherDrawerCurrency } from './cash-movement.errors.ts';
import {
  isCovered,
  readMovement,
  type Amount,
  type CashMovementAddInput,
} from './cash-movement.ts';
import { insertMovement, movementById, setShiftCurrency } from './cash-movement.sql.ts';

export type CashMovementService = ReturnType<typeof createCashMovementService>;

export function createCashMovementService({ db }: { db: Database }) {
  return {
    async add(caller: Caller, input: CashMovementAddInput) {
      const amount = readMovement(input);
      if (isRefusal(amount)) return amount;
      if (!isUuid(input.registerId)) return notFound('Register', input.registerId);
      return db.command(
        caller,
        { operation: 'cashMovementAdd', input },
        (tx) => moveCash(tx, caller, { input, amount }),
        async (tx, { movementId }) => ({
          __typename: 'CashMovementAddSuccess' as const,
          movement: await movementById(tx, movementId),
        }),
      );
    },
  };
}

/** Cash in or out of the drawer of an open shift, in the caller's transaction. */
export async function moveCash(
  tx: Tx,
  caller: Caller,
  {
    input,
    amount,
  }: { input: Omit<CashMovementAddInput, 'amount' | 'idempotencyKey'>; amount: Amount },
) {
  const { registerId, kind, reason } = input;
  const [register] = await registersByIds(tx, [registerId]);
  if (!register) return notFound('Register', registerId);
  // Movements of one drawer come one after the other behind this lock. A sale that is committed meanwhile only adds cash:
  // what was found in the drawer is there.
  const shift = await lockOpenShift(tx, registerId);
  if (!shift) return registerClosed(registerId);
  const { currencyCode } = amount;
  if (shift.currencyCode && shift.currencyCode !== currencyCode)
    return otherDrawerCurrency(shift.currencyCode, amount);
  if (kind !== 'PAY_IN') {
    const inDrawer = cashOf(expectedOf(await readFigures(tx, shift.id)), currencyCode);
    const isTold = caller.scopes?.has('register:manage') ?? false;
    if (!isCovered(kind, amount.minor, inDrawer))
      return insufficientCash(registerId, amount, isTold ? inDrawer : null);
  }
  if (!shift.currencyCode) await setShiftCurrency(tx, shift.id, currencyCode);
  const id = uuidv7();
  const of = { id, registerId, shiftId: shift.id, recordedBy: caller.subject };
  const note = input.note?.trim() || null;
  await insertMovement(tx, { ...of, kind, reason, note, currencyCode, amountMinor: amount.minor });
  return { movementId: id };
}
