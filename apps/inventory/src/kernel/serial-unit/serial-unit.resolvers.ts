import type { Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { checkText, isStorable, isUuid } from '@onecount/refusal';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { HoldLoaders } from '../hold/hold.loaders.ts';
import type { ItemLoaders } from '../stock-item/stock-item.loaders.ts';
import { filteredLocation } from '../location/location.filter.ts';
import type { LocationLoaders } from '../location/location.loaders.ts';
import type { MovementLoaders } from '../movement/movement.loaders.ts';
import type { UnitLoaders } from './serial-unit.loaders.ts';
import type { SerialUnitService } from './serial-unit.service.ts';
import { selectUnitByName } from './serial-unit.sql.ts';
import { attributeKind, websiteReasons } from './unit-facts.ts';
import { selectHistory, type HistoryCursor } from './unit-history.sql.ts';
import { factsOf, textOf } from './unit-history.ts';
import { selectUnitList } from './unit-list.sql.ts';
import { allowedByHand } from './unit-status.ts';

type Loaders = HoldLoaders & ItemLoaders & LocationLoaders & MovementLoaders & UnitLoaders;
type Deps = { db: Database; loaders: Loaders; units: SerialUnitService };
type Own = Pick<
  Resolvers,
  | 'SerialUnit'
  | 'UnitAttribute'
  | 'SerialUnitHistoryEntry'
  | 'SerialUnitStatusSetSuccess'
  | 'SerialUnitUpdateSuccess'
  | 'SerialUnitSucceedSuccess'
  | 'Query'
  | 'Mutation'
>;

export function serialUnitResolvers({ db, loaders, units }: Deps): Own {
  return {
    SerialUnit: unitFields(db, loaders),
    UnitAttribute: { kind: ({ key }) => attributeKind(key) },
    SerialUnitHistoryEntry: historyFields(loaders),
    SerialUnitStatusSetSuccess: {
      serialUnit: async (of, _, context) => (await loaders.unit(context, of.serialUnitId))!,
      movement: async ({ movementId }, _, context) =>
        movementId ? loaders.movement(context, movementId) : null,
    },
    SerialUnitUpdateSuccess: {
      serialUnit: async (of, _, context) => (await loaders.unit(context, of.serialUnitId))!,
    },
    SerialUnitSucceedSuccess: {
      serialUnit: async (of, _, context) => (await loaders.unit(context, of.serialUnitId))!,
      predecessor: async (of, _, context) => (await loaders.unit(context, of.predecessorId))!,
    },
    Query: unitQueries(db, loaders),
    Mutation: {
      serialUnitStatusSet: (_, { input }, { caller }) => units.setStatus(caller, input),
      serialUnitUpdate: (_, { input }, { caller }) => units.update(caller, input),
      serialUnitSucceed: (_, { input }, { caller }) => units.succeed(caller, input),
    },
  };
}

function unitFields(db: Database, loaders: Loaders): Resolvers['SerialUnit'] {
  return {
    __resolveReference: ({ id }, context) => loaders.unit(context, id),
    location: (unit, _, context) => loaders.location(context, unit.locationId),
    stockItem: async (unit, _, context) => (await loaders.itemById(context, unit.stockItemId))!,
    cost: ({ costMinor, costCurrency }) =>
      costMinor === null || costCurrency === null
        ? null
        : moneyOf({ amountMinor: costMinor, currencyCode: costCurrency }),
    async websiteEligibility(unit, _, context) {
      const isItemOnSale = await loaders.isOnSale(context, unit.stockItemId);
      const reasons = websiteReasons(unit, { isItemOnSale });
      return { isEligible: reasons.length === 0, reasons };
    },
    allowedTransitions: async ({ status }, _, context) =>
      allowedByHand(status, await loaders.transitions(context, status)),
    predecessor: ({ predecessorId }, _, context) =>
      predecessorId ? loaders.unit(context, predecessorId) : null,
    successor: ({ id }, _, context) => loaders.successor(context, id),
    async history(unit, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const before = historyCursor(after);
      const page = { unitId: unit.id, before, limit };
      const rows = await db.read(caller.tenantId, (tx) => selectHistory(tx, page));
      return connectionFrom(rows, { first, after, cursorOf: (row) => [row.at, row.rank, row.id] });
    },
  };
}

function historyCursor(after: string | undefined): HistoryCursor | null {
  const parts = decodeCursor(after, ['time', 'integer', 'uuid']);
  if (!parts) return null;
  const [at, rank, id] = parts as [string, string, string];
  // The place of an entry among those of its instant; PostgreSQL takes no larger number for it.
  if (!/^[1-4]$/.test(rank))
    throw badInput('after must be a cursor of this list.', { field: 'after' });
  return { at, rank, id };
}

function historyFields(loaders: Loaders): Resolvers['SerialUnitHistoryEntry'] {
  const isOfHold = (kind: string) => kind === 'HOLD_PLACED' || kind === 'HOLD_ENDED';
  return {
    at: ({ at }) => new Date(at),
    text: textOf,
    facts: ({ detail }) => factsOf(detail.facts),
    movement: ({ kind, id }, _, context) =>
      kind === 'MOVEMENT' ? loaders.movement(context, id) : null,
    hold: ({ kind, id }, _, context) => (isOfHold(kind) ? loaders.hold(context, id) : null),
  };
}

function unitQueries(db: Database, loaders: Loaders): Resolvers['Query'] {
  return {
    async serialUnit(_, { id, sku, serial }, context) {
      if (Boolean(id) === Boolean(sku && serial))
        throw badInput('Give id, or sku and serial.', { field: 'id', value: id });
      if (id) return isUuid(id) ? loaders.unit(context, id) : null;
      const name = { sku: sku!, serial: serial! };
      if (!isStorable(name.sku) || !isStorable(name.serial)) return null;
      return db.read(context.caller.tenantId, (tx) => selectUnitByName(tx, name));
    },
    async serialUnits(_, { filter, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const [cursor] = decodeCursor(after, ['uuid']) ?? [];
      const problem = checkText('filter.text', filter?.text, { min: 1, max: 64 });
      if (problem) throw badInput(problem.message, { field: 'filter.text' });
      const { locationCode: _code, ...wanted } = filter ?? {};
      const locationId = await filteredLocation(db, caller, filter ?? {}, 'filter.');
      const page = { after: cursor, limit, filter: { ...wanted, locationId } };
      const rows = await db.read(caller.tenantId, (tx) => selectUnitList(tx, page));
      return connectionFrom(rows, { first, after, cursorOf: (row) => row.id });
    },
  };
}
