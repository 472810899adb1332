import { isUuid, type Database } from '@onecount/db';
import { badInput } from '@onecount/graphql';
import type { Resolvers } from '../generated/resolver-types.ts';
import type { Loaders } from '../loaders.ts';
import { selectUnitByName } from './serial-unit.sql.ts';

export function serialUnitResolvers(deps: {
  db: Database;
  loaders: Loaders;
}): Pick<Resolvers, 'SerialUnit' | 'Query'> {
  const { db, loaders } = deps;
  return {
    SerialUnit: {
      __resolveReference: ({ id }, context) => loaders.unit(context, id),
      location: (unit, _, context) => loaders.location(context, unit.locationId),
      stockItem: async (unit, _, context) => (await loaders.itemById(context, unit.stockItemId))!,
    },
    Query: {
      async serialUnit(_, { id, sku, serial }, context) {
        if (Boolean(id) === Boolean(sku && serial))
          throw badInput('Give id, or sku and serial.', { field: 'id', value: id });
        if (id) return isUuid(id) ? loaders.unit(context, id) : null;
        const name = { sku: sku!, serial: serial! };
        return db.read(context.caller.tenantId, (tx) => selectUnitByName(tx, name));
      },
    },
  };
}
