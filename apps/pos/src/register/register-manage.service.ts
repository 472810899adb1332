import { uuidv7, type Database, type Tx } from '@onecount/db';
import { checkKey, checkText, isRefusal, isUuid, notFound } from '@onecount/refusal';
import { locationOf, type LocationService } from '../location/location.service.ts';
import type { Caller } from '../sale/idempotency.ts';
import { openShifts } from '../shift/shift.sql.ts';
import { registerAlreadyOpen, registerNameTaken } from './register.errors.ts';
import {
  insertRegister,
  lockRegister,
  registerByName,
  registersByIds,
  renameRegister,
  setActive,
  type Register,
} from './register.sql.ts';

type Keyed = { idempotencyKey: string };
export type RegisterCreateInput = Keyed & {
  locationId?: string | null;
  locationCode?: string | null;
  registerName: string;
};
export type RegisterNamed = Keyed & { registerId: string };
export type RegisterRenameInput = RegisterNamed & { registerName: string };
type Deps = { db: Database; locations: LocationService };
export type RegisterManageService = ReturnType<typeof createRegisterManageService>;

const done = <Name extends string>(__typename: Name, register: Register) => ({
  __typename,
  register,
});

/** What a manager does with the tills themselves; what happens in them is a cashier's. */
export function createRegisterManageService(deps: Deps) {
  return {
    create: (caller: Caller, input: RegisterCreateInput) => create(deps, caller, input),
    rename: (caller: Caller, input: RegisterRenameInput) => rename(deps, caller, input),
    deactivate: (caller: Caller, input: RegisterNamed) => deactivate(deps, caller, input),
    reactivate: (caller: Caller, input: RegisterNamed) => reactivate(deps, caller, input),
  };
}

// What people see of a name begins and ends with something.
const checkName = (name: string) => checkText('registerName', name.trim(), { min: 1, max: 60 });

// The transaction that met the name is over: who has it is looked up for the refusal.
const nameTaken = (
  db: Database,
  caller: Caller,
  wanted: { name: string; locationId(tx: Tx): string | Promise<string> },
) => ({
  register_name_key: () =>
    db.read(caller.tenantId, async (tx) => {
      const locationId = await wanted.locationId(tx);
      return registerNameTaken(await registerByName(tx, { name: wanted.name, locationId }));
    }),
});

async function create({ db, locations }: Deps, caller: Caller, input: RegisterCreateInput) {
  const invalid = checkKey(input.idempotencyKey) ?? checkName(input.registerName);
  if (invalid) return invalid;
  const location = await locationOf(locations, caller, input);
  if (isRefusal(location)) return location;
  const name = input.registerName.trim();
  const row = { id: uuidv7(), locationId: location.id, locationCode: location.code, name };
  const constraints = nameTaken(db, caller, { name, locationId: () => location.id });
  return db.command(caller, { operation: 'registerCreate', input, constraints }, async (tx) =>
    done('RegisterCreateSuccess', await insertRegister(tx, row)),
  );
}

async function rename({ db }: Deps, caller: Caller, input: RegisterRenameInput) {
  const { registerId } = input;
  const invalid = checkKey(input.idempotencyKey) ?? checkName(input.registerName);
  if (invalid) return invalid;
  if (!isUuid(registerId)) return notFound('Register', registerId);
  const name = input.registerName.trim();
  const locationId = async (tx: Tx) => (await registersByIds(tx, [registerId]))[0]!.locationId;
  const constraints = nameTaken(db, caller, { name, locationId });
  return db.command(caller, { operation: 'registerRename', input, constraints }, async (tx) => {
    const renamed = await renameRegister(tx, registerId, name);
    return renamed ? done('RegisterRenameSuccess', renamed) : notFound('Register', registerId);
  });
}

/** A change of a register that is there, under its lock. */
async function change<Answer extends { __typename: string }>(
  { db }: Deps,
  caller: Caller,
  { operation, input }: { operation: string; input: RegisterNamed },
  run: (tx: Tx, register: Register) => Promise<Answer>,
) {
  const { registerId, idempotencyKey } = input;
  const invalid = checkKey(idempotencyKey);
  if (invalid) return invalid;
  if (!isUuid(registerId)) return notFound('Register', registerId);
  return db.command(caller, { operation, input }, async (tx) => {
    const register = await lockRegister(tx, registerId);
    return register ? run(tx, register) : notFound('Register', registerId);
  });
}

const deactivate = (deps: Deps, caller: Caller, input: RegisterNamed) =>
  change(deps, caller, { operation: 'registerDeactivate', input }, async (tx, register) => {
    // Whoever opens the register changes this row too: either this sees the shift, or the shift sees this.
    const [open] = await openShifts(tx, [register.id]);
    if (open) return registerAlreadyOpen(register, open);
    return done('RegisterDeactivateSuccess', await setActive(tx, register.id, false));
  });

const reactivate = (deps: Deps, caller: Caller, input: RegisterNamed) =>
  change(deps, caller, { operation: 'registerReactivate', input }, async (tx, { id }) =>
    done('RegisterReactivateSuccess', await setActive(tx, id, true)),
  );
