import type { Tx } from '@onecount/db';
import { categoryIdsWithin } from '../category/category.sql.ts';
import type { InputMaybe, ProductFilterInput } from '../generated/resolver-types.ts';
import type { ProductRow } from '../product/product.entity.ts';
import { productsById } from '../product/product.sql.ts';
import { vendorIdsNamed } from '../vendor/vendor.sql.ts';
import { checkedIds, checkedTexts, criteriaOf, type Place, type ProductSort } from './search.ts';
import { searchPage, searchPlan, type SearchPlan } from './search.sql.ts';

export type ProductSearch = {
  query?: InputMaybe<string> | undefined;
  filter: ProductFilterInput;
  /** Active and listed products only. */
  isPublic: boolean;
};

/** Null where nothing can be found. Throws for what no search can be made of. */
export async function planSearch(tx: Tx, search: ProductSearch): Promise<SearchPlan | null> {
  const { vendors, categoryIds } = search.filter;
  const names = checkedTexts('vendors', vendors);
  const named = {
    vendorIds: names ? await vendorIdsNamed(tx, names) : [],
    categoryIds: await categoryIdsWithin(tx, checkedIds('categoryIds', categoryIds)),
  };
  return searchPlan(tx, criteriaOf(search, named));
}

export type FoundProduct = { product: ProductRow; key: unknown };

/** The products behind a place, in the order of the sort. */
export async function searchProducts(
  tx: Tx,
  search: ProductSearch,
  page: { sort: ProductSort; place: Place; limit: number },
): Promise<FoundProduct[]> {
  const plan = await planSearch(tx, search);
  if (plan === null) return [];
  const hits = await searchPage(tx, plan, page);
  const ids = hits.map(({ id }) => id);
  const rows = ids.length === 0 ? [] : await productsById(tx, search.isPublic, ids);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return hits.flatMap(({ id, key }) => {
    const product = byId.get(id);
    return product ? [{ product, key }] : [];
  });
}
