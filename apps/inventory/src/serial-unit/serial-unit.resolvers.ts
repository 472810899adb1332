import { isUuid, type Database } from '@onecount/db';
import { badInput } from '@onecount/graphql';
import { answer } from '../answer.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import type { Loaders } from '../loaders.ts';
import type { SerialUnitService } from './serial-unit.service.ts';
import { selectUnitByName } from './serial-unit.sql.ts';

export function serialUnitResolvers(deps: {
  db: Database;
  loaders: Loaders;
  units: SerialUnitService;
}): Pick<Resolvers, 'SerialUnit' | 'SerialUnitStatusSetSuccess' | 'Query' | 'Mutation'> {
  const { db, loaders, units } = deps;
  return {
    SerialUnit: {
      __resolveReference: ({ id }, context) => loaders.unit(context, id),
      location: (unit, _, context) => loaders.location(context, unit.locationId),
      stockItem: async (unit, _, context) => (await loaders.itemById(context, unit.stockItemId))!,
    },
    SerialUnitStatusSetSuccess: {
      serialUnit: async (of, _, context) => (await loaders.unit(context, of.serialUnitId))!,
      movement: async ({ movementId }, _, context) =>
        movementId ? loaders.movement(context, movementId) : null,
    },
    Mutation: {
      serialUnitStatusSet: async (_, { input }, { caller }) =>
        answer('SerialUnitStatusSetSuccess', await units.setStatus(caller, input)),
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
