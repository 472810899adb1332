import type { Database } from '@onecount/db';
import { badInput } from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import type { Resolvers } from '../../generated/resolver-types.ts';
import { selectItemNames, selectUnits } from './serial-unit.sql.ts';

const unitsMax = 500;

export function unitLabelResolvers({ db }: { db: Database }): Pick<Resolvers, 'Query'> {
  return {
    Query: {
      unitsForLabels(_, { serialUnitIds }, { caller }) {
        if (serialUnitIds.length > unitsMax)
          throw badInput(`At most ${unitsMax} units.`, { field: 'serialUnitIds' });
        return db.read(caller.tenantId, async (tx) => {
          const units = await selectUnits(tx, serialUnitIds.filter(isUuid));
          const items = await selectItemNames(
            tx,
            units.map(({ stockItemId }) => stockItemId),
          );
          const skus = new Map(items.map(({ id, sku }) => [id, sku]));
          return units.map((unit) => ({
            ...{ id: unit.id, sku: skus.get(unit.stockItemId) ?? '', serial: unit.serial },
            ...{ stockNumber: unit.stockNumber, attributes: unit.attributes },
            certificateLab: unit.certificate?.lab ?? null,
            certificateNumber: unit.certificate?.number ?? null,
          }));
        });
      },
    },
  };
}
