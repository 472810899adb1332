import { uuidv7, type Database, type IdempotencyKeyReused, type Tx } from '@onecount/db';
import type { Money } from '@onecount/money';
import {
  checkKey,
  checkText,
  isRefusal,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type { KnownLocation } from '../location/location.sql.ts';
import { locationOf, type LocationService } from '../location/location.service.ts';
import type { Caller } from '../sale/idempotency.ts';
import { amountOf } from '../sale/sale.input.ts';
import { registerAlreadyOpen, registerInactive } from './register.errors.ts';
import { insertShift, openShifts } from '../shift/shift.sql.ts';
import { ensureRegister, type NewRegister, type Register } from './register.sql.ts';

export type RegisterOpenInput = {
  locationId?: string | null;
  locationCode?: string | null;
  registerName: string;
  openingFloat?: Money | null;
  idempotencyKey: string;
};
export type RegisterDeps = {
  db: Database;
  locations: LocationService;
};
export type RegisterService = ReturnType<typeof createRegisterService>;

export function createRegisterService(deps: RegisterDeps) {
  return {
    open: (caller: Caller, input: RegisterOpenInput) => openRegister(deps, caller, input),
  };
}

type Common = IdempotencyKeyReused | NotFound | InvalidInput;
type Opened = { __typename: 'RegisterOpenSuccess'; register: Register };
type NotOpened = ReturnType<typeof registerAlreadyOpen> | ReturnType<typeof registerInactive>;
type OpenRefusal = Common | NotOpened;
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
  // Before the transaction: no network call inside one.
  const location = await locationOf(deps.locations, caller, input);
  if (isRefusal(location)) return location;
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
  return registerAlreadyOpen(register, open ?? { id: shift.id, openedAt: new Date() });
}

function newRegister(location: KnownLocation, name: string): NewRegister {
  return { id: uuidv7(), locationId: location.id, locationCode: location.code, name };
}

function amount(field: string, money: Money): Amount | InvalidInput {
  const parsed = amountOf(field, money);
  if (!parsed.ok) return parsed.refusal;
  return { minor: parsed.minor, currencyCode: money.currencyCode };
}
