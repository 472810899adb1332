import type { Database, Tx } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { ServiceCallError } from '@onecount/graphql';
import { invalidInput, isRefusal, isUuid, notFound } from '@onecount/refusal';
import type { Logger } from '@onecount/telemetry';
import { moveCash } from '../cash/cash-movement.service.ts';
import type { Caller } from '../sale/idempotency.ts';
import { salesByIds } from '../sale/sale.queries.ts';
import type { RentalClient } from './rental.client.ts';
import { rentalNotPossible, rentalUnitNotFree } from './rental.errors.ts';
import { checkOut, readAmount, type RentalOutInput } from './rental.input.ts';
import {
  beginAttempt,
  confirmReleased,
  endAttempt,
  lockRental,
  markOut,
  rentalsByIds,
  type Deposit,
} from './rental.sql.ts';
import type { Rental } from './rental.ts';

type Deps = { db: Database; units: RentalClient; log: Logger; settleSeconds: number };
export type RentalOutService = ReturnType<typeof createRentalOutService>;

/**
 * A unit goes out in three steps: an attempt is stored, inventory keeps the unit for it, the rental is out with its deposit.
 * Whoever finds an attempt that nobody ends says here that it is over, and only then lets its unit go: no unit is out
 * that inventory does not keep, and none is kept that is not out (ADR 0377).
 */
export function createRentalOutService(deps: Deps) {
  return {
    handOut: (caller: Caller, input: RentalOutInput) => handOut(deps, caller, input),
    settle: (caller: Caller, rentalId: string) => settle(deps, caller, rentalId),
  };
}

async function handOut(deps: Deps, caller: Caller, input: RentalOutInput) {
  const { db, units, settleSeconds } = deps;
  const { rentalId, saleId } = input;
  const invalid = checkOut(input);
  if (invalid) return invalid;
  if (!isUuid(rentalId)) return notFound('Rental', rentalId);
  if (saleId && !isUuid(saleId)) return notFound('Sale', saleId);
  const begun = await db.inTransaction(caller.tenantId, (tx) =>
    beginAttempt(tx, rentalId, settleSeconds),
  );
  if (!begun) return store(deps, caller, { input, attempt: 0 });
  const { isHeld, message } = await units.hold(caller, attemptOf(begun));
  crashAt('rental-out.after-hold');
  const answer = isHeld
    ? await store(deps, caller, { input, attempt: begun.attempt })
    : rentalUnitNotFree(rentalId, message!);
  // Refused, or the answer of before under the same key: this attempt is over.
  if (isRefusal(answer)) await settle(deps, caller, rentalId);
  else crashAt('rental-out.after-commit');
  return answer;
}

const attemptOf = ({ id: rentalId, attempt, sku, serialUnitId }: Rental) => ({
  ...{ rentalId, attempt, sku, serialUnitId },
});

type Going = { input: RentalOutInput; attempt: number };

function store({ db }: Deps, caller: Caller, going: Going) {
  const { input } = going;
  const constraints = {
    rental_sale_key: () =>
      invalidInput('saleId', 'The sale has paid for another rental.', input.saleId),
  };
  // What passes says nothing of the rental: the same key tries again.
  const command = { operation: 'rentalOut', input, constraints, passing: ['RentalUnitNotFree'] };
  return db.command(
    caller,
    command,
    (tx) => goOut(tx, caller, going),
    async (tx, { rentalId }) => ({
      __typename: 'RentalOutSuccess' as const,
      rental: (await rentalsByIds(tx, [rentalId]))[0]!,
    }),
  );
}

async function goOut(tx: Tx, caller: Caller, { input, attempt }: Going) {
  const rental = await lockRental(tx, input.rentalId);
  if (!rental) return notFound('Rental', input.rentalId);
  if (rental.status !== 'BOOKED') return rentalNotPossible(rental);
  if (attempt === 0)
    return rentalUnitNotFree(rental.id, 'Somebody hands the unit out at this moment: ask again.');
  const unpaid = await saleProblem(tx, rental, input.saleId);
  if (unpaid) return unpaid;
  const deposit = await takeDeposit(tx, caller, { rental, input });
  if (isRefusal(deposit)) return deposit;
  const saleId = input.saleId ?? null;
  const note = input.note?.trim() || null;
  const isOut = await markOut(tx, rental.id, {
    ...{ saleId, note, by: caller.subject, deposit, attempt },
  });
  if (!isOut) return rentalUnitNotFree(rental.id, 'It took too long: ask again.');
  return { rentalId: rental.id };
}

async function saleProblem(tx: Tx, rental: Rental, saleId: string | null | undefined) {
  if (!saleId) return undefined;
  const [sale] = await salesByIds(tx, [saleId]);
  if (!sale) return notFound('Sale', saleId);
  const { status, currencyCode, totalMinor } = sale;
  if (status !== 'COMMITTED') return invalidInput('saleId', 'The sale is not paid.', saleId);
  return currencyCode === rental.currencyCode && totalMinor >= rental.priceMinor
    ? undefined
    : invalidInput('saleId', 'The sale is of less than the rental costs.', saleId);
}

type Depositing = { rental: Rental; input: RentalOutInput };

async function takeDeposit(tx: Tx, caller: Caller, { rental, input: { deposit } }: Depositing) {
  const none: Deposit = { kind: null, minor: 0, reference: null };
  if (!deposit) return none;
  const { kind, amount, registerId } = deposit;
  const { currencyCode } = rental;
  const minor = readAmount('deposit.amount', amount, currencyCode);
  if (isRefusal(minor)) return minor;
  if (minor === 0)
    return invalidInput('deposit.amount', 'A deposit of zero is none.', amount.amount);
  if (kind === 'CASH') {
    if (!isUuid(registerId)) return notFound('Register', registerId!);
    const moved = await moveCash(tx, caller, {
      input: { registerId, kind: 'PAY_IN', reason: 'DEPOSIT', note: null },
      amount: { minor, currencyCode },
    });
    if (isRefusal(moved)) return moved;
  }
  return { kind, minor, reference: deposit.reference?.trim() ?? null };
}

/** Lets the unit of an attempt that is over, or of a rental that is back, go; when inventory does not answer, the sweeper asks on. */
async function settle({ db, units, log }: Deps, caller: Caller, rentalId: string): Promise<void> {
  const { tenantId } = caller;
  const ended = await db.inTransaction(tenantId, async (tx) => {
    const [rental] = await rentalsByIds(tx, [rentalId]);
    const isOver = rental && (await endAttempt(tx, rentalId, rental.attempt));
    return isOver ? rental : undefined;
  });
  if (!ended) return;
  try {
    await units.release(caller, attemptOf(ended));
    await db.inTransaction(tenantId, (tx) => confirmReleased(tx, rentalId, ended.attempt));
  } catch (err) {
    if (!(err instanceof ServiceCallError)) throw err;
    log.warn({ err, rentalId }, 'the release of a rental has no answer yet');
  }
}
