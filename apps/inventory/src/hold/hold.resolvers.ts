import { answer } from '../answer.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import type { Loaders } from '../loaders.ts';
import type { HoldService } from './hold.service.ts';

export function holdResolvers(deps: {
  holds: HoldService;
  loaders: Loaders;
}): Pick<Resolvers, 'Hold' | 'Mutation'> {
  const { holds, loaders } = deps;
  return {
    Hold: {
      purpose: ({ purpose }) => purpose as 'BASKET',
      stockItem: async (hold, _, context) => (await loaders.itemById(context, hold.stockItemId))!,
      location: async (hold, _, context) => (await loaders.location(context, hold.locationId))!,
      serialUnit: async (hold, _, context) =>
        hold.serialUnitId ? loaders.unit(context, hold.serialUnitId) : null,
    },
    Mutation: {
      holdCreate: async (_, { input }, { caller }) =>
        answer('HoldCreateSuccess', await holds.create(caller, withDefaults(input))),
      holdRelease: async (_, { input }, { caller }) =>
        answer('HoldReleaseSuccess', await holds.release(caller, input)),
    },
  };
}

// A default of the SDL stands for a field that is left out; an explicit null means the same.
function withDefaults<I extends object>(input: I) {
  type Given = Parameters<HoldService['create']>[1];
  const given = input as unknown as Given;
  return {
    ...given,
    quantity: given.quantity ?? 1,
    kind: given.kind ?? 'SOFT',
    holdSeconds: given.holdSeconds ?? 900,
    purpose: given.purpose ?? 'BASKET',
  };
}
