import { uuidv7, type Database, type IdempotencyKeyReused, type Tx } from '@onecount/db';
import type { Money } from '@onecount/money';
import {
  checkKey,
  checkText,
  invalidInput,
  isRefusal,
  isUuid,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type { KnownLocation } from '../location/location.sql.ts';
import type { LocationService } from '../location/location.service.ts';
import { cashOf, expectedOf } from '../report/figures.ts';
import { readFigures } from '../report/figures.sql.ts';
import type { Caller } from '../sale/idempotency.ts';
import { registerClosed } from '../sale/sale.errors.ts';
import { amountOf } from '../sale/sale.input.ts';
import {
  alreadyOpen,
  registerInactive,
  shiftHasPendingSales,
  type registerAlreadyOpen,
} from './register.errors.ts';
import {
  closeShift,
  insertShift,
  lockOpenShift,
  openShifts,
  pendingSalesOf,
  shiftById,
  type Shift,
} from '../shift/shift.sql.ts';
import { ensureRegister, registersByIds, type NewRegister, type Register } from './register.sql.ts';

export type RegisterOpenInput = {
  locationId?: string | null;
  locationCode?: string | null;
  registerName: string;
  openingFloat?: Money | null;
  idempotencyKey: string;
};
export type RegisterCloseInput = {
  registerId: string;
  countedCash: Money;
  idempotencyKey: string;
};
export type RegisterDeps = {
  db: Database;
  locations: LocationService;
  /** Brings a pending checkout to its end, if it can be found out now. */
  settleSale(caller: Caller, saleId: string): Promise<unknown>;
};
export type RegisterService = ReturnType<typeof createRegisterService>;

export function createRegisterService(deps: RegisterDeps) {
  return {
    open: (caller: Caller, input: RegisterOpenInput) => openRegister(deps, caller, input),
    close: (caller: Caller, input: RegisterCloseInput) => closeRegister(deps, caller, input),
  };
}

type Common = IdempotencyKeyReused | NotFound | InvalidInput;
type Opened = { __typename: 'RegisterOpenSuccess'; register: Register };
type NotOpened = ReturnType<typeof registerAlreadyOpen> | ReturnType<typeof registerInactive>;
type OpenRefusal = Common | NotOpened;
type Closed = { __typename: 'RegisterCloseSuccess'; register: Register; shift: Shift };
type CloseRefusal =
  Common | ReturnType<typeof registerClosed> | ReturnType<typeof shiftHasPendingSales>;
type Amount = { minor: number; currencyCode: string };

async function openRegister(
  deps: RegisterDeps,
  caller: Caller,
  input: RegisterOpenInput,
): Promise<Opened | OpenRefusal> {
  const invalid =
    checkKey(input.idempotencyKey) ??
    checkText('registerName', input.registerName, { min: 1, max: 60 });
  if (invalid) return invalid;
  const float = input.openingFloat ? amount('openingFloat', input.openingFloat) : undefined;
  if (isRefusal(float)) return float;
  const wanted = { id: input.locationId, code: input.locationCode };
  if (!wanted.id && !wanted.code)
    return invalidInput('locationCode', 'Give the location by locationId or locationCode.');
  // Before the transaction: no network call inside one.
  const location = await deps.locations.find(caller, wanted);
  if (!location) return notFound('Location', (wanted.id ?? wanted.code)!);
  const wantedRegister = newRegister(location, input.registerName);
  return deps.db.command(caller, { operation: 'registerOpen', input }, (tx) =>
    openShift(tx, wantedRegister, { subject: caller.subject, float }),
  );
}

async function openShift(
  tx: Tx,
  wanted: NewRegister,
  by: { subject: string; float: Amount | undefined },
): Promise<Opened | NotOpened> {
  const register = await ensureRegister(tx, wanted);
  if (!register.isActive) return registerInactive(register);
  const shift = { id: uuidv7(), registerId: register.id, ...by };
  if (await insertShift(tx, shift)) return { __typename: 'RegisterOpenSuccess', register };
  const [open] = await openShifts(tx, [register.id]);
  // Closed in the very moment between the two statements: as good as open.
  return alreadyOpen(register, open ?? { id: shift.id, openedAt: new Date() });
}

function newRegister(location: KnownLocation, name: string): NewRegister {
  return { id: uuidv7(), locationId: location.id, locationCode: location.code, name };
}

async function closeRegister(
  deps: RegisterDeps,
  caller: Caller,
  input: RegisterCloseInput,
): Promise<Closed | CloseRefusal> {
  const invalid = checkKey(input.idempotencyKey);
  if (invalid) return invalid;
  if (!isUuid(input.registerId)) return notFound('Register', input.registerId);
  const counted = amount('countedCash', input.countedCash);
  if (isRefusal(counted)) return counted;
  const close = () => closeOnce(deps, caller, input, counted);
  const first = await close();
  if (!isRefusal(first) || first.__typename !== 'ShiftHasPendingSales') return first;
  // Their outcome is only not known yet: find it out, then close.
  await Promise.all(first.saleIds.map((saleId) => deps.settleSale(caller, saleId)));
  return close();
}

function closeOnce(
  deps: RegisterDeps,
  caller: Caller,
  input: RegisterCloseInput,
  counted: Amount,
): Promise<Closed | CloseRefusal> {
  const { registerId } = input;
  return deps.db.command(
    caller,
    { operation: 'registerClose', input, passing: ['ShiftHasPendingSales'] },
    async (tx) => {
      const [register] = await registersByIds(tx, [registerId]);
      if (!register) return notFound('Register', registerId);
      const shift = await lockOpenShift(tx, registerId);
      if (!shift) return registerClosed(registerId);
      if (shift.currencyCode && shift.currencyCode !== counted.currencyCode)
        return invalidInput('countedCash', `The drawer is counted in ${shift.currencyCode}.`);
      const pending = await pendingSalesOf(tx, shift.id);
      if (pending.length > 0) return shiftHasPendingSales(pending);
      const expected = expectedOf(await readFigures(tx, shift.id));
      const expectedMinor = cashOf(expected, counted.currencyCode);
      await closeShift(tx, { id: shift.id, subject: caller.subject, counted, expectedMinor });
      return { registerId, shiftId: shift.id };
    },
    async (tx, kept) => {
      const [register] = await registersByIds(tx, [kept.registerId]);
      const shift = await shiftById(tx, kept.shiftId);
      return { __typename: 'RegisterCloseSuccess' as const, register: register!, shift };
    },
  );
}

function amount(field: string, money: Money): Amount | InvalidInput {
  const parsed = amountOf(field, money);
  if (!parsed.ok) return parsed.refusal;
  return { minor: parsed.minor, currencyCode: money.currencyCode };
}
