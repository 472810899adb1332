import type { Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isStorable, isUuid } from '@onecount/refusal';
import type {
  QueryResolvers,
  Resolvers,
  SaleResolvers,
  ShiftResolvers,
} from '../generated/resolver-types.ts';
import { registerLoader } from '../register/register.loaders.ts';
import { saleShiftLoader, shiftLoader } from './shift.loaders.ts';
import { shiftPage, type ShiftFilter } from './shift.queries.ts';
import type { Shift } from './shift.sql.ts';
import { isLeftOpen, minutesOpen } from './shift.ts';

type Deps = { db: Database; hoursMax: number };

export function shiftResolvers(deps: Deps) {
  return {
    Query: queries(deps),
    Shift: shiftFields(deps),
    Sale: saleFields(deps),
  } satisfies Resolvers;
}

function queries({ db, hoursMax }: Deps) {
  return {
    shift: (_, { id }, context) =>
      isUuid(id) ? shiftLoader(db, context).load(id.toLowerCase()) : null,
    async shifts(_, { filter, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      const asked = filter ?? {};
      checkFilter(asked);
      const page = { after: cursor, limit, hoursMax };
      const rows = await db.read(caller.tenantId, (tx) => shiftPage(tx, asked, page));
      const cursorOf = (shift: Shift) => [shift.position, shift.id];
      return connectionFrom(rows, { first, after, cursorOf });
    },
  } satisfies QueryResolvers;
}

// What is no id of ours, or no text that PostgreSQL takes, must not reach it.
function checkFilter({ registerId, locationId, locationCode }: ShiftFilter): void {
  for (const [field, value] of Object.entries({ registerId, locationId, locationCode })) {
    if (value === null || value === undefined) continue;
    if (field.endsWith('Id') ? !isUuid(value) : !isStorable(value))
      throw badInput(`${field} is nothing that a shift can have.`, { field, value });
  }
}

function shiftFields({ db, hoursMax }: Deps) {
  return {
    register: async ({ registerId }, _, context) =>
      (await registerLoader(db, context).load(registerId))!,
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
    cashier: async ({ id }, _, context) => (await saleShiftLoader(db, context).load(id)).cashier,
    async shift({ id }, _, context) {
      const { shiftId } = await saleShiftLoader(db, context).load(id);
      return shiftId === null ? null : shiftLoader(db, context).load(shiftId);
    },
  } satisfies SaleResolvers;
}
