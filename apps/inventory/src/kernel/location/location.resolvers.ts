import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { LocationLoaders } from './location.loaders.ts';
import type { LocationService } from './location.service.ts';

export function locationResolvers(deps: {
  locations: LocationService;
  loaders: LocationLoaders;
}): Pick<Resolvers, 'Location' | 'LocationConnection'> & {
  Query: Resolvers['Query'];
  Mutation: Resolvers['Mutation'];
} {
  const { locations, loaders } = deps;
  return {
    Location: {
      __resolveReference: ({ id }, context) => loaders.location(context, id),
    },
    LocationConnection: {
      totalCount: (_, _args, { caller }) => locations.count(caller),
    },
    Query: {
      async locations(_, args, { caller }) {
        const { first, limit, after } = pageArgs(args, 50);
        const rows = await locations.page(caller, { after: decodeCursor(after)?.[0], limit });
        return connectionFrom(rows, { first, after, cursorOf: (row) => row.code });
      },
      async locationForSale(_, wanted, { caller }) {
        const location = await locations.find(caller, wanted);
        return location && { ...location, isActive: true };
      },
    },
    Mutation: {
      locationCreate: (_, { input }, { caller }) => locations.create(caller, input),
    },
  };
}
