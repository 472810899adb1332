import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs, type SubgraphContext } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isUuid } from '@onecount/refusal';
import type { Resolvers, ShiftResolvers } from '../generated/resolver-types.ts';
import type { RegisterManageService } from './register-manage.service.ts';
import type { RegisterService } from './register.service.ts';
import {
  countRegisters,
  openShifts,
  registerPage,
  registersByIds,
  type Register,
  type Shift,
} from './register.sql.ts';

type Context = SubgraphContext;
type Deps = { db: Database; registers: RegisterService; management: RegisterManageService };

export function registerResolvers({ db, registers, management }: Deps) {
  return {
    Query: {
      register: (_, { id }, context) => loaded(db, context, id),
      async registers(_, args, { caller }) {
        const { first, limit, after } = pageArgs(args, 50);
        const cursor = decodeCursor(after, ['text', 'text', 'uuid']);
        const rows = await db.read(caller.tenantId, (tx) =>
          registerPage(tx, { after: cursor, limit }),
        );
        const cursorOf = ({ locationCode, name, id }: Register) => [locationCode, name, id];
        return connectionFrom(rows, { first, after, cursorOf });
      },
    },
    Mutation: {
      registerOpen: (_, { input }, { caller }) => registers.open(caller, input),
      registerCreate: (_, { input }, { caller }) => management.create(caller, input),
      registerRename: (_, { input }, { caller }) => management.rename(caller, input),
      registerDeactivate: (_, { input }, { caller }) => management.deactivate(caller, input),
      registerReactivate: (_, { input }, { caller }) => management.reactivate(caller, input),
      registerClose: (_, { input }, { caller }) => registers.close(caller, input),
    },
    RegisterConnection: {
      totalCount: (_, _args, { caller }) => db.read(caller.tenantId, countRegisters),
    },
    Register: {
      __resolveReference: ({ id }, context) => loaded(db, context, id),
      location: ({ locationId }) => ({ id: locationId }),
      openShift: ({ id }, _, context) => shiftLoader(db, context).load(id),
    },
    Shift: shiftFields,
  } satisfies Resolvers;
}

const shiftFields = {
  openingFloat: (shift) => money(shift, shift.openingFloatMinor),
  countedCash: (shift) => money(shift, shift.countedMinor),
  expectedCash: (shift) => money(shift, shift.expectedMinor),
  difference: (shift) =>
    shift.countedMinor === null || shift.expectedMinor === null
      ? null
      : money(shift, shift.countedMinor - shift.expectedMinor),
} satisfies ShiftResolvers;

function money({ currencyCode }: Shift, amountMinor: number | null) {
  return amountMinor === null || currencyCode === null
    ? null
    : moneyOf({ amountMinor, currencyCode });
}

function loaded(db: Database, context: Context, id: string) {
  return isUuid(id) ? registerLoader(db, context).load(id.toLowerCase()) : null;
}

export function registerLoader(db: Database, context: Context) {
  const { tenantId } = context.caller;
  return context.loader<string, Register | null>('register', async (ids) => {
    const rows = await db.read(tenantId, (tx) => registersByIds(tx, ids));
    const byId = new Map(rows.map((register) => [register.id, register]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

function shiftLoader(db: Database, context: Context) {
  const { tenantId } = context.caller;
  return context.loader<string, Shift | null>('open-shift', async (ids) => {
    const rows = await db.read(tenantId, (tx) => openShifts(tx, ids));
    const byRegister = new Map(rows.map((shift) => [shift.registerId, shift]));
    return ids.map((id) => byRegister.get(id) ?? null);
  });
}
