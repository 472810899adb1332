import type { Database, Tx } from '@onecount/db';
import { connectionFrom, pageArgs, type Connection, type SubgraphContext } from '@onecount/graphql';
import type {
  ProductConnectionResolvers,
  QueryProductsArgs,
  QueryResolvers,
} from '../generated/resolver-types.ts';
import type { ProductRow } from '../product/product.entity.ts';
import { viewerOf } from '../viewer.ts';
import { planSearch, searchProducts, type ProductSearch } from './search.service.ts';
import { cursorOf, placeOf, sortOf } from './search.ts';
import { facetsOf } from './facet.ts';
import { searchFacets, searchTotal, type SearchPlan } from './search.sql.ts';

/** A page and the search that it is of: what is asked about all of it is found out only then. */
export type ProductPage = Connection<ProductRow> & { search: ProductSearch };

export function searchResolvers({ db }: { db: Database }) {
  const Query: Pick<QueryResolvers, 'products'> = {
    async products(_, args, context): Promise<ProductPage> {
      const { first, limit, after } = pageArgs(args);
      const sort = sortOf(args.sort);
      const place = placeOf(sort, after);
      const search = searchOf(args, viewerOf(context) !== 'STAFF');
      const found = await db.read(context.caller.tenantId, (tx) =>
        searchProducts(tx, search, { sort, place, limit }),
      );
      const page = connectionFrom(found, {
        ...{ first, after },
        cursorOf: ({ product, key }) => cursorOf(sort, { key, id: product.id }),
      });
      const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: node.product }));
      return { ...page, edges, nodes: edges.map(({ node }) => node), search };
    },
  };

  const planned = <T>(
    { search }: ProductPage,
    { caller }: SubgraphContext,
    use: { found(tx: Tx, plan: SearchPlan): Promise<T>; nothing: T },
  ) =>
    db.read(caller.tenantId, async (tx) => {
      const plan = await planSearch(tx, search);
      return plan === null ? use.nothing : use.found(tx, plan);
    });

  const ProductConnection: Pick<ProductConnectionResolvers, 'total' | 'facets'> = {
    total: (page, _, context) =>
      planned(page, context, { found: searchTotal, nothing: { count: 0, isExact: true } }),
    facets: (page, _, context) =>
      planned(page, context, { found: facetsFound, nothing: facetsOf([], true) }),
  };

  return { Query, ProductConnection };
}

async function facetsFound(tx: Tx, plan: SearchPlan) {
  const { isExact } = await searchTotal(tx, plan);
  return facetsOf(await searchFacets(tx, plan), isExact);
}

/** `status` and `vendor` are the filter's in the singular; given together, both must hold. */
function searchOf(args: QueryProductsArgs, isPublic: boolean): ProductSearch {
  const { query, filter, status, vendor } = args;
  const both = <T>(one: T | null | undefined, many: readonly T[] | null | undefined) => {
    if (one === null || one === undefined) return many;
    return many ? many.filter((each) => each === one) : [one];
  };
  return {
    query,
    isPublic,
    filter: {
      ...filter,
      statuses: both(status, filter?.statuses) as ProductSearch['filter']['statuses'],
      vendors: both(vendor, filter?.vendors) as ProductSearch['filter']['vendors'],
    },
  };
}
