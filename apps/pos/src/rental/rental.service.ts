import { uuidv7, type Database, type Tx } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { appendEvents } from '@onecount/messaging';
import { checkKey, invalidInput, isRefusal, isUuid, notFound } from '@onecount/refusal';
import { moveCash } from '../cash/cash-movement.service.ts';
import type { PieceClient } from '../consignment/piece.client.ts';
import { lockKnown } from '../customer/customer.service.ts';
import type { Caller } from '../sale/idempotency.ts';
import { rentalNotPossible, rentalOverlaps } from './rental.errors.ts';
import { rentalEndedEvent } from './rental.event.ts';
import {
  checkBack,
  readAmount,
  readBooking,
  type RentalBackInput,
  type RentalBookInput,
  type RentalCancelInput,
} from './rental.input.ts';
import {
  insertRental,
  lockRental,
  markBack,
  markCancelled,
  overlapping,
  rentalsByIds,
} from './rental.sql.ts';
import { settlementOf, type Rental } from './rental.ts';

export type RentalDeps = {
  db: Database;
  pieces: PieceClient;
  wakeRelay: () => void;
  /** Lets the unit of an attempt that is over go. */
  settle: (caller: Caller, rentalId: string) => Promise<void>;
  settleSeconds: number;
};
export type RentalService = ReturnType<typeof createRentalService>;

/** Bookings, and units that come back; how one goes out is in rental-out.service.ts. */
export function createRentalService(deps: RentalDeps) {
  return {
    book: (caller: Caller, input: RentalBookInput) => book(deps, caller, input),
    async back(caller: Caller, input: RentalBackInput) {
      const answer = await back(deps, caller, input);
      if (isRefusal(answer)) return answer;
      crashAt('rental-back.after-commit');
      await deps.settle(caller, answer.rental.id);
      return answer;
    },
    cancel: (caller: Caller, input: RentalCancelInput) => cancel(deps, caller, input),
  };
}

const answered =
  <Name extends string>(__typename: Name) =>
  async (tx: Tx, { rentalId }: { rentalId: string }) => ({
    __typename,
    rental: (await rentalsByIds(tx, [rentalId]))[0]!,
  });

async function book({ db, pieces }: RentalDeps, caller: Caller, input: RentalBookInput) {
  const booking = readBooking(input);
  if (isRefusal(booking)) return booking;
  const { customerId: asked, sku, serial } = input;
  if (!isUuid(asked)) return notFound('Customer', asked);
  const unit = await pieces.named(caller, { sku, serial });
  if (!unit?.serialUnitId) return notFound('SerialUnit', serial);
  if (unit.status === 'SOLD' || unit.status === 'LOST' || unit.status === 'SCRAPPED')
    return invalidInput('serial', `The unit is ${unit.status}.`, serial);
  const { serialUnitId } = unit;
  const of = { ...booking, serialUnitId };
  const constraints = {
    rental_no_overlap: () =>
      db.read(caller.tenantId, async (tx) => rentalOverlaps((await overlapping(tx, of))!)),
  };
  return db.command(
    caller,
    { operation: 'rentalBook', input, constraints },
    async (tx) => {
      const customer = await lockKnown(tx, asked);
      if (isRefusal(customer)) return customer;
      const rentalId = uuidv7();
      const { stockItemId, title } = unit;
      await insertRental(tx, {
        ...{ id: rentalId, customerId: customer.id, stockItemId, sku: unit.sku, title, ...of },
        ...{ serial: unit.serial, note: input.note?.trim() || null, bookedBy: caller.subject },
      });
      return { rentalId };
    },
    answered('RentalBookSuccess'),
  );
}

async function back(deps: RentalDeps, caller: Caller, input: RentalBackInput) {
  const { db, wakeRelay } = deps;
  const invalid = checkBack(input, new Date());
  if (invalid) return invalid;
  if (!isUuid(input.rentalId)) return notFound('Rental', input.rentalId);
  return db.command(
    caller,
    { operation: 'rentalBack', input, afterCommit: [wakeRelay] },
    (tx) => takeBack(tx, caller, { input, settleSeconds: deps.settleSeconds }),
    answered('RentalBackSuccess'),
  );
}

type Back = { input: RentalBackInput; settleSeconds: number };

async function takeBack(tx: Tx, caller: Caller, { input, settleSeconds }: Back) {
  const rental = await lockRental(tx, input.rentalId);
  if (!rental) return notFound('Rental', input.rentalId);
  if (rental.status !== 'OUT') return rentalNotPossible(rental);
  const backAt = input.backAt ? new Date(input.backAt) : new Date();
  if (backAt < rental.outAt!)
    return invalidInput('backAt', 'It went out later.', backAt.toISOString());
  const damageMinor = readAmount('damageFee', input.damageFee, rental.currencyCode);
  if (isRefusal(damageMinor)) return damageMinor;
  const settlement = settlementOf(rental, { backAt, damageMinor });
  const uncovered = await giveDepositBack(tx, caller, {
    ...{ rental, registerId: input.registerId, minor: settlement.depositBackMinor },
  });
  if (uncovered) return uncovered;
  const note = input.note?.trim() || null;
  const how = { note, by: caller.subject, backAt, settleSeconds };
  const ended = await markBack(tx, rental.id, { ...settlement, ...how });
  await appendEvents(tx, [rentalEndedEvent(tx.tenantId, ended)]);
  return { rentalId: rental.id };
}

/** Cash leaves the drawer of the till; a card is credited at the terminal. */
async function giveDepositBack(
  tx: Tx,
  caller: Caller,
  of: { rental: Rental; registerId: string | null | undefined; minor: number },
) {
  const { rental, registerId, minor } = of;
  if (rental.depositKind !== 'CASH' || minor === 0) return undefined;
  if (!registerId) return invalidInput('registerId', 'A deposit in cash leaves a till.');
  if (!isUuid(registerId)) return notFound('Register', registerId);
  const moved = await moveCash(tx, caller, {
    input: { registerId, kind: 'PAY_OUT', reason: 'DEPOSIT', note: null },
    amount: { minor, currencyCode: rental.currencyCode },
  });
  return isRefusal(moved) ? moved : undefined;
}

async function cancel({ db }: RentalDeps, caller: Caller, input: RentalCancelInput) {
  const { rentalId } = input;
  const invalid = checkKey(input.idempotencyKey);
  if (invalid) return invalid;
  if (!isUuid(rentalId)) return notFound('Rental', rentalId);
  return db.command(
    caller,
    { operation: 'rentalCancel', input },
    async (tx) => {
      const rental = await lockRental(tx, rentalId);
      if (!rental) return notFound('Rental', rentalId);
      if (rental.status !== 'BOOKED' && rental.status !== 'CONFLICT')
        return rentalNotPossible(rental);
      await markCancelled(tx, rentalId, caller.subject);
      return { rentalId };
    },
    answered('RentalCancelSuccess'),
  );
}
