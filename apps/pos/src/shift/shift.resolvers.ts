import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isUuid } from '@onecount/refusal';
import type {
  MutationResolvers,
  QueryResolvers,
  Resolvers,
  SaleResolvers,
  ShiftResolvers,
} from '../generated/resolver-types.ts';
import { registerOf } from '../register/register.loaders.ts';
import type { ShiftCloseService } from './shift-close.service.ts';
import { saleShiftLoader, shiftLoader } from './shift.loaders.ts';
import { shiftPage } from './shift.queries.ts';
import type { Shift } from './shift.sql.ts';
import { isLeftOpen, minutesOpen } from './shift.ts';
import { checkTillFilter } from './till-filter.ts';

type Deps = { db: Database; closing: ShiftCloseService; hoursMax: number };

export function shiftResolvers(deps: Deps) {
  return {
    Query: queries(deps),
    Mutation: mutations(deps),
    Shift: shiftFields(deps),
    Sale: saleFields(deps),
  } satisfies Resolvers;
}

function mutations({ closing }: Deps) {
  return {
    registerClose: (_, { input }, { caller }) => closing.closeRegister(caller, input),
    shiftForceClose: (_, { input }, { caller }) => closing.forceClose(caller, input),
  } satisfies MutationResolvers;
}

function queries({ db, hoursMax }: Deps) {
  return {
    shift: (_, { id }, context) =>
      isUuid(id) ? shiftLoader(db, context).load(id.toLowerCase()) : null,
    async shifts(_, { filter, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      const asked = filter ?? {};
      checkTillFilter(asked);
      const page = { after: cursor, limit, hoursMax };
      const rows = await db.read(caller.tenantId, (tx) => shiftPage(tx, asked, page));
      const cursorOf = (shift: Shift) => [shift.position, shift.id];
      return connectionFrom(rows, { first, after, cursorOf });
    },
  } satisfies QueryResolvers;
}

function shiftFields({ db, hoursMax }: Deps) {
  return {
    register: registerOf(db),
    status: ({ closedAt }) => (closedAt === null ? 'OPEN' : 'CLOSED'),
    minutesOpen: (shift) => minutesOpen(shift, new Date()),
    isLeftOpen: (shift) => isLeftOpen(shift, new Date(), hoursMax),
    openingFloat: (shift) => money(shift, shift.openingFloatMinor),
    countedCash: (shift) => money(shift, shift.countedMinor),
    expectedCash: (shift) => money(shift, shift.expectedMinor),
    difference: (shift) =>
      shift.countedMinor === null || shift.expectedMinor === null
        ? null
        : money(shift, shift.countedMinor - shift.expectedMinor),
  } satisfies ShiftResolvers;
}

function money({ currencyCode }: Shift, amountMinor: number | null) {
  return amountMinor === null || currencyCode === null
    ? null
    : moneyOf({ amountMinor, currencyCode });
}

function saleFields({ db }: Deps) {
  return {
    cashier: async ({ id }, _, context) => (await saleShiftLoader(db, context).load(id))!.cashier,
    async shift({ id }, _, context) {
      const { shiftId } = (await saleShiftLoader(db, context).load(id))!;
      return shiftId === null ? null : shiftLoader(db, context).load(shiftId);
    },
  } satisfies SaleResolvers;
}
