import { moneyOf } from '@onecount/money';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { LocationLoaders } from '../location/location.loaders.ts';
import type { UnitLoaders } from '../serial-unit/serial-unit.loaders.ts';

type Loaders = LocationLoaders & UnitLoaders;

export function movementResolvers({ loaders }: { loaders: Loaders }): Pick<Resolvers, 'Movement'> {
  return {
    Movement: {
      location: async (row, _, context) => (await loaders.location(context, row.locationId))!,
      serialUnit: async (row, _, context) =>
        row.serialUnitId ? loaders.unit(context, row.serialUnitId) : null,
      unitCost: ({ unitCostMinor, unitCostCurrency }) =>
        unitCostMinor === null || unitCostCurrency === null
          ? null
          : moneyOf({ amountMinor: unitCostMinor, currencyCode: unitCostCurrency }),
      cost: ({ costMinor, costCurrency }) =>
        costMinor === null || costCurrency === null
          ? null
          : moneyOf({ amountMinor: costMinor, currencyCode: costCurrency }),
    },
  };
}
