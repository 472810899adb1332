import type { Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type { SubgraphContext } from '@onecount/graphql';
import { isStorable, isUuid } from '@onecount/refusal';
import type { HoldFilterInput, Resolvers } from '../../generated/resolver-types.ts';
import type { HoldLoaders } from './hold.loaders.ts';
import type { ItemLoaders } from '../stock-item/stock-item.loaders.ts';
import { filteredLocation } from '../location/location.filter.ts';
import type { LocationLoaders } from '../location/location.loaders.ts';
import type { UnitLoaders } from '../serial-unit/serial-unit.loaders.ts';
import type { HoldBatchService } from './hold-batch.service.ts';
import type { ChangedHold, HoldChangeService } from './hold-change.service.ts';
import type { HoldService } from './hold.service.ts';
import { readHolds, selectHoldPage, type HoldFilter } from './hold.sql.ts';
import type { HoldRow } from './hold.ts';

type Loaders = HoldLoaders & ItemLoaders & LocationLoaders & UnitLoaders;
type Own = Pick<
  Resolvers,
  | 'Hold'
  | 'HoldBatchCreateSuccess'
  | 'HoldExtendSuccess'
  | 'HoldHardenSuccess'
  | 'Query'
  | 'Mutation'
>;
type Deps = {
  db: Database;
  holds: HoldService;
  batches: HoldBatchService;
  changes: HoldChangeService;
  loaders: Loaders;
};

export function holdResolvers({ db, holds, batches, changes, loaders }: Deps): Own {
  const changedHold = async (
    { holdId }: ChangedHold,
    _: object,
    { caller }: SubgraphContext,
  ): Promise<HoldRow> => (await readHolds(db, caller.tenantId, [holdId]))[0]!;
  return {
    Hold: {
      purpose: ({ purpose }) => purpose as 'BASKET',
      stockItem: async (hold, _, context) => (await loaders.itemById(context, hold.stockItemId))!,
      location: async (hold, _, context) => (await loaders.location(context, hold.locationId))!,
      serialUnit: async (hold, _, context) =>
        hold.serialUnitId ? loaders.unit(context, hold.serialUnitId) : null,
      splitFrom: async (hold, _, context) =>
        hold.splitFromId ? loaders.hold(context, hold.splitFromId) : null,
      takenOver: async (hold, _, context) =>
        hold.referenceKind === 'SALE' ? loaders.takeover(context, hold.id) : null,
    },
    HoldBatchCreateSuccess: {
      holds: ({ holdIds }, _, { caller }) => readHolds(db, caller.tenantId, holdIds),
    },
    HoldExtendSuccess: { hold: changedHold },
    HoldHardenSuccess: { hold: changedHold },
    Query: {
      async holds(_, { filter, ...args }, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const [before] = decodeCursor(after, ['uuid']) ?? [];
        const page = { before, limit };
        const { locationId: _id, locationCode: _code, ...rest } = filter ?? {};
        const locationId = await filteredLocation(db, caller, filter ?? {});
        const wanted = filterOf({ ...rest, locationId });
        const rows = await db.read(caller.tenantId, (tx) => selectHoldPage(tx, wanted, page));
        return connectionFrom(rows, { first, after, cursorOf: (row) => row.id });
      },
    },
    Mutation: {
      holdCreate: (_, { input }, { caller }) =>
        holds.create(caller, {
          ...input,
          ...termsOf(input),
          quantity: input.quantity ?? 1,
        }),
      holdBatchCreate: (_, { input }, { caller }) => {
        const lines = input.lines.map((line) => ({ ...line, quantity: line.quantity ?? 1 }));
        return batches.create(caller, { ...input, ...termsOf(input), lines });
      },
      holdRelease: (_, { input }, { caller }) => holds.release(caller, input),
      holdExtend: (_, { input }, { caller }) => changes.extend(caller, input),
      holdHarden: (_, { input }, { caller }) => changes.harden(caller, input),
    },
  };
}

type Terms = {
  kind?: 'SOFT' | 'HARD' | null;
  holdSeconds?: number | null;
  purpose?: string | null;
};

// A default of the SDL stands for a field that is left out; an explicit null means the same.
function termsOf({ kind, holdSeconds, purpose }: Terms) {
  return { kind: kind ?? 'SOFT', holdSeconds: holdSeconds ?? 900, purpose: purpose ?? 'BASKET' };
}

function filterOf(input: HoldFilterInput): HoldFilter {
  const given = Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
  for (const [name, value] of given) {
    if (name === 'stockItemId' ? !isUuid(String(value)) : !isStorable(String(value)))
      throw badInput(`${name} is nothing that a hold can have.`, { field: name, value });
  }
  return Object.fromEntries(given) as HoldFilter;
}
