import type { Database } from '@onecount/db';
import { connectionFrom, pageArgs, type Connection } from '@onecount/graphql';
import type {
  ProductConnectionResolvers,
  QueryProductsArgs,
  QueryResolvers,
} from '../generated/resolver-types.ts';
import type { ProductRow } from '../product/product.entity.ts';
import { viewerOf } from '../viewer.ts';
import { planSearch, searchProducts, type ProductSearch } from './search.service.ts';
import { cursorOf, placeOf, sortOf } from './search.ts';
import { searchTotal } from './search.sql.ts';

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

  const ProductConnection: Pick<ProductConnectionResolvers, 'total'> = {
    total: ({ search }, _, { caller }) =>
      db.read(caller.tenantId, async (tx) => {
        const plan = await planSearch(tx, search);
        return plan === null ? { count: 0, isExact: true } : searchTotal(tx, plan);
      }),
  };

  return { Query, ProductConnection };
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
