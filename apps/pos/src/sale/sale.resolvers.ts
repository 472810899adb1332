import { isRefusal, isUuid, type Database, type Refusal } from '@onecount/db';
import {
  badInput,
  connectionFrom,
  decodeCursor,
  pageArgs,
  type SubgraphContext,
} from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { registerLoader } from '../register/register.resolvers.ts';
import type { BasketService } from './basket.service.ts';
import type { CheckoutService } from './checkout.service.ts';
import type {
  SaleCommitInput,
  SaleLineAddInput,
  SaleLineRemoveInput,
  SaleOpenInput,
  SaleVoidInput,
} from './sale.input.ts';
import { salePage, salesByIds, salesByUnits } from './sale.queries.ts';
import { readSale, readSaleByKey } from './sale.sql.ts';
import type { Sale, SaleLine, Tender } from './sale.ts';

type Context = SubgraphContext;
type Args<I> = { input: I };
type Deps = { db: Database; basket: BasketService; checkout: CheckoutService };
// A line and a tender do not know their currency: it is their sale's.
type LineOfSale = SaleLine & { currencyCode: string };

export function saleResolvers(deps: Deps) {
  return {
    Query: saleQueries(deps),
    Mutation: saleMutations(deps),
    Sale: saleFields(deps),
    SaleLine: lineFields,
    SerialUnit: unitFields(deps),
  };
}

function saleMutations({ basket, checkout }: Deps) {
  return {
    saleOpen: (_: unknown, { input }: Args<SaleOpenInput>, { caller }: Context) =>
      answered('SaleOpenSuccess', basket.open(caller, input)),
    async saleLineAdd(_: unknown, { input }: Args<SaleLineAddInput>, { caller }: Context) {
      const result = await basket.addLine(caller, input);
      if (isRefusal(result)) return result;
      const line = { ...result.line, currencyCode: result.sale.currencyCode };
      return { __typename: 'SaleLineAddSuccess', sale: result.sale, line };
    },
    saleLineRemove: (_: unknown, { input }: Args<SaleLineRemoveInput>, { caller }: Context) =>
      answered('SaleLineRemoveSuccess', basket.removeLine(caller, input)),
    saleCommit: (_: unknown, { input }: Args<SaleCommitInput>, { caller }: Context) =>
      answered('SaleCommitSuccess', checkout.commit(caller, input)),
    saleVoid: (_: unknown, { input }: Args<SaleVoidInput>, { caller }: Context) =>
      answered('SaleVoidSuccess', checkout.voidSale(caller, input)),
  };
}

async function answered(typename: string, result: Promise<{ sale: Sale } | Refusal>) {
  const value = await result;
  return isRefusal(value) ? value : { __typename: typename, ...value };
}

type SaleArgs = { id?: string | null; idempotencyKey?: string | null };
type PageArgs = { first?: number; after?: string; status?: string; channel?: string };

function saleQueries({ db }: Deps) {
  return {
    sale(_: unknown, { id, idempotencyKey: key }: SaleArgs, { caller }: Context) {
      if (Boolean(id) === Boolean(key))
        throw badInput('Give exactly one of id and idempotencyKey.', { field: 'id', value: id });
      const { tenantId } = caller;
      if (key) return readSaleByKey(db, { tenantId, key });
      return isUuid(id) ? readSale(db, { tenantId, saleId: id }) : null;
    },
    async sales(_: unknown, args: PageArgs, { caller }: Context) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      const { status, channel } = args;
      const rows = await db.read(caller.tenantId, (tx) =>
        salePage(tx, { after: cursor, limit, status, channel }),
      );
      const page = connectionFrom(rows, {
        first,
        after,
        cursorOf: ({ sale, openedAt }) => [openedAt, sale.id],
      });
      const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: node.sale }));
      return { ...page, edges, nodes: edges.map(({ node }) => node) };
    },
  };
}

const locationOf = ({ locationId }: { locationId: string | null }) =>
  locationId && { __typename: 'Location', id: locationId };

function saleFields({ db }: Deps) {
  return {
    __resolveReference: ({ id }: { id: string }, context: Context) =>
      isUuid(id) ? saleLoader(db, context).load(id.toLowerCase()) : null,
    register: ({ registerId }: Sale, _: unknown, context: Context) =>
      registerId && registerLoader(db, context).load(registerId),
    location: locationOf,
    total: ({ totalMinor, currencyCode }: Sale) =>
      moneyOf({ amountMinor: totalMinor, currencyCode }),
    change: ({ changeMinor, currencyCode }: Sale) =>
      moneyOf({ amountMinor: changeMinor, currencyCode }),
    lines: ({ lines, currencyCode }: Sale): LineOfSale[] =>
      lines.map((line) => ({ ...line, currencyCode })),
    tenders: ({ tenders, currencyCode }: Sale) =>
      tenders.map(({ kind, amountMinor, reference }: Tender) => ({
        kind,
        amount: moneyOf({ amountMinor, currencyCode }),
        reference,
      })),
    refusalReasons: ({ refusalReasons }: Sale) => refusalReasons ?? [],
  };
}

const lineFields = {
  location: locationOf,
  variant: ({ variantId }: SaleLine) => variantId && { __typename: 'Variant', id: variantId },
  serialUnit: ({ serialUnitId }: SaleLine) =>
    serialUnitId && { __typename: 'SerialUnit', id: serialUnitId },
  unitPrice: ({ unitPriceMinor, currencyCode }: LineOfSale) =>
    moneyOf({ amountMinor: unitPriceMinor, currencyCode }),
  total: ({ unitPriceMinor, quantity, currencyCode }: LineOfSale) =>
    moneyOf({ amountMinor: unitPriceMinor * quantity, currencyCode }),
};

function unitFields({ db }: Deps) {
  return {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    sales({ id }: { id: string }, _: unknown, context: Context) {
      if (!isUuid(id)) return [];
      const { tenantId } = context.caller;
      const loader = context.loader<string, Sale[]>('sales-by-unit', async (ids) => {
        const rows = await db.read(tenantId, (tx) => salesByUnits(tx, ids));
        const byUnit = Map.groupBy(rows, (row) => row.unitId);
        return ids.map((unit) => (byUnit.get(unit) ?? []).map(({ sale }) => sale));
      });
      return loader.load(id.toLowerCase());
    },
  };
}

function saleLoader(db: Database, context: Context) {
  const { tenantId } = context.caller;
  return context.loader<string, Sale | null>('sale', async (ids) => {
    const sales = await db.read(tenantId, (tx) => salesByIds(tx, ids));
    const byId = new Map(sales.map((sale) => [sale.id, sale]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
