import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs, type SubgraphContext } from '@onecount/graphql';
import type { Resolvers } from '../../generated/resolver-types.ts';
import { listByOwner, oneById } from '../../kernel/request.loaders.ts';
import type { HoldLoaders } from '../../kernel/hold/hold.loaders.ts';
import type { ItemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import type { UnitLoaders } from '../../kernel/serial-unit/serial-unit.loaders.ts';
import type { Converted, ConversionService } from './conversion.service.ts';
import { selectConversionPages, selectConversions, selectFormerSerials } from './conversion.sql.ts';

type Loaders = HoldLoaders & ItemLoaders & UnitLoaders;
type Deps = { db: Database; conversions: ConversionService; loaders: Loaders };
type Own = Pick<
  Resolvers,
  | 'StockItem'
  | 'SerialUnit'
  | 'StockItemConvertToSerialSuccess'
  | 'StockItemConvertToQuantitySuccess'
  | 'StockItemClaimed'
  | 'UnitCollapseRefusal'
  | 'Mutation'
>;

export function conversionResolvers({ db, conversions, loaders }: Deps): Own {
  const load = conversionLoaders(db);
  const success = {
    stockItem: async (of: Converted, _: unknown, context: SubgraphContext) =>
      (await loaders.itemById(context, of.stockItemId))!,
    conversion: async (of: Converted, _: unknown, context: SubgraphContext) =>
      (await load.conversion(context, of.conversionId))!,
  };
  const present = <Row>(rows: readonly (Row | null)[]) => rows.filter((row) => row !== null);
  return {
    StockItem: {
      async conversions(item, args, context) {
        const { first, limit, after } = pageArgs(args);
        const [before] = decodeCursor(after, ['uuid']) ?? [];
        const rows = await load.page(context, item.id, { before, limit });
        return connectionFrom(rows, { first, after, cursorOf: (row) => row.id });
      },
    },
    SerialUnit: {
      formerSerial: async (unit, _, context) =>
        (await load.former(context, unit.id))?.formerSerial ?? null,
    },
    StockItemConvertToSerialSuccess: {
      ...success,
      units: async (of, _, context) =>
        present(await Promise.all(of.unitIds.map((id) => loaders.unit(context, id)))),
    },
    StockItemConvertToQuantitySuccess: success,
    StockItemClaimed: {
      holds: async (of, _, context) =>
        present(await Promise.all(of.holdIds.map((id) => loaders.hold(context, id)))),
    },
    UnitCollapseRefusal: {
      serialUnit: async (of, _, context) => (await loaders.unit(context, of.serialUnitId))!,
    },
    Mutation: {
      stockItemConvertToSerial: (_, { input }, { caller }) =>
        conversions.toSerial(caller, { ...input, units: [...input.units] }),
      stockItemConvertToQuantity: (_, { input }, { caller }) =>
        conversions.toQuantity(caller, input),
    },
  };
}

function conversionLoaders(db: Database) {
  return {
    conversion: oneById(db, 'conversion', selectConversions),
    former: oneById(db, 'unit-former-serial', selectFormerSerials),
    page: (
      context: SubgraphContext,
      stockItemId: string,
      page: { before: string | undefined; limit: number },
    ) =>
      listByOwner(
        db,
        `conversions/${page.limit}/${page.before}`,
        (tx, ids) => selectConversionPages(tx, ids, page),
        (row) => row.stockItemId,
      )(context, stockItemId),
  };
}
