import { keyFor, type Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isStorable, isUuid } from '@onecount/refusal';
import { registerLoader } from '../register/register.loaders.ts';
import { entity } from '../entity.ts';
import type {
  MutationResolvers,
  QueryResolvers,
  Resolvers,
  SaleLineResolvers,
  SaleResolvers,
  SerialUnitResolvers,
} from '../generated/resolver-types.ts';
import { isBuyer, isOwn } from '../web-checkout/public-basket.ts';
import { owedTotal } from '../tax/sale-tax.ts';
import type { BasketService } from './basket.service.ts';
import type { CheckoutService } from './checkout.service.ts';
import type { RecordService } from './record.service.ts';
import { saleLoader } from './sale.loaders.ts';
import { salePage, salesByUnits, type SaleFilter } from './sale.queries.ts';
import { readSale, readSaleByKey } from './sale.sql.ts';
import { lineAsItIs, unitsOf, type Sale } from './sale.ts';

type Deps = {
  db: Database;
  basket: BasketService;
  checkout: CheckoutService;
  records: RecordService;
};

export function saleResolvers(deps: Deps) {
  return {
    Query: saleQueries(deps),
    Mutation: saleMutations(deps),
    Sale: saleFields(deps),
    SaleLine: lineFields,
    Tender: { amount: moneyOf },
    SaleLineUnit: { serialUnit: ({ serialUnitId }) => ({ id: serialUnitId }) },
    SerialUnit: unitFields(deps),
  } satisfies Resolvers;
}

function saleMutations({ basket, checkout, records }: Deps) {
  return {
    saleOpen: (_, { input }, { caller }) => basket.open(caller, input),
    saleLineAdd: (_, { input }, { caller }) => basket.addLine(caller, input),
    saleLinesAdd: (_, { input }, { caller }) => basket.addLines(caller, input),
    saleLineUpdate: (_, { input }, { caller }) => basket.updateLine(caller, input),
    saleLineRemove: (_, { input }, { caller }) => basket.removeLine(caller, input),
    saleHoldsRenew: (_, { input }, { caller }) => basket.renewHolds(caller, input),
    saleCommit: (_, { input }, { caller }) => checkout.commit(caller, input),
    saleRecord: (_, { input }, { caller }) => records.record(caller, input),
    saleVoid: (_, { input }, { caller }) => checkout.voidSale(caller, input),
  } satisfies MutationResolvers;
}

function saleQueries({ db }: Deps) {
  return {
    async sale(_, { channel, basketSecret, ...names }, { caller }) {
      const given = Object.entries(names).filter(([, value]) => value);
      if (given.length !== 1)
        throw badInput('Give exactly one of id, idempotencyKey, receiptNumber and externalId.', {
          field: 'id',
          value: names.id,
        });
      const { tenantId } = caller;
      const { id, idempotencyKey: key, receiptNumber, externalId } = names;
      if (
        isBuyer(caller, 'sale:read') &&
        !(id && (await isOwn(db, caller, { saleId: id, basketSecret })))
      )
        return null;
      if (id) return isUuid(id) ? readSale(db, { tenantId, saleId: id }) : null;
      if (!isStorable(String(given[0]![1]))) return null;
      if (key) return readSaleByKey(db, { tenantId, key: keyFor(caller, key) });
      const page = { after: undefined, limit: 1, includesEmpty: true };
      const rows = await db.read(tenantId, (tx) =>
        salePage(tx, { receiptNumber, externalId, channel }, page),
      );
      return rows[0]?.sale ?? null;
    },
    async sales(_, { status, channel, filter, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      const { includesEmpty, ...asked } = filter ?? {};
      checkFilter(asked);
      const rows = await db.read(caller.tenantId, (tx) =>
        salePage(
          tx,
          { status, channel, ...asked },
          { after: cursor, limit, includesEmpty: includesEmpty ?? false },
        ),
      );
      const page = connectionFrom(rows, {
        first,
        after,
        cursorOf: ({ sale, openedAt }) => [openedAt, sale.id],
      });
      const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: node.sale }));
      return { ...page, edges, nodes: edges.map(({ node }) => node) };
    },
  } satisfies QueryResolvers;
}

// What is no id of ours, or no text that PostgreSQL takes, must not reach it.
function checkFilter(filter: SaleFilter): void {
  for (const [field, value] of Object.entries(filter)) {
    if (value === null || value === undefined) continue;
    if (field.endsWith('Id') && field !== 'externalId' ? !isUuid(value) : !isStorable(value))
      throw badInput(`${field} is nothing that a sale can have.`, { field, value });
  }
}

function saleFields({ db }: Deps) {
  return {
    __resolveReference: ({ id }, context) =>
      isUuid(id) ? saleLoader(db, context).load(id.toLowerCase()) : null,
    register: ({ registerId }, _, context) =>
      registerId === null ? null : registerLoader(db, context).load(registerId),
    location: ({ locationId }) => entity(locationId),
    total: (sale) => moneyOf({ amountMinor: owedTotal(sale), currencyCode: sale.currencyCode }),
    change: ({ changeMinor, currencyCode }) => moneyOf({ amountMinor: changeMinor, currencyCode }),
    lines: (sale) => sale.lines.map((line) => lineAsItIs(sale, line)),
    tenders: ({ tenders, currencyCode }) => tenders.map((tender) => ({ ...tender, currencyCode })),
    refusalReasons: ({ refusalReasons }) => refusalReasons ?? [],
  } satisfies SaleResolvers;
}

const lineFields = {
  location: ({ locationId }) => entity(locationId),
  variant: ({ variantId }) => entity(variantId),
  serialUnit: ({ serialUnitId }) => entity(serialUnitId),
  units: unitsOf,
  unitPrice: ({ unitPriceMinor, currencyCode }) =>
    moneyOf({ amountMinor: unitPriceMinor, currencyCode }),
  total: ({ totalMinor, currencyCode }) => moneyOf({ amountMinor: totalMinor, currencyCode }),
} satisfies SaleLineResolvers;

function unitFields({ db }: Deps) {
  return {
    __resolveReference: ({ id }) => ({ id }),
    sales({ id }, _, context) {
      if (!isUuid(id)) return [];
      const { tenantId } = context.caller;
      const loader = context.loader<string, Sale[]>('sales-by-unit', async (ids) => {
        const rows = await db.read(tenantId, (tx) => salesByUnits(tx, ids));
        const byUnit = Map.groupBy(rows, (row) => row.unitId);
        return ids.map((unit) => (byUnit.get(unit) ?? []).map(({ sale }) => sale));
      });
      return loader.load(id.toLowerCase());
    },
  } satisfies SerialUnitResolvers;
}
