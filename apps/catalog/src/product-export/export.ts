import type { Database, Tx } from '@onecount/db';
import { categoriesById } from '../category/category.sql.ts';
import type { ProductFilterInput } from '../generated/resolver-types.ts';
import { groupsById } from '../product/product-group.sql.ts';
import type { ProductRow } from '../product/product.entity.ts';
import { mediaOfProducts, optionsOfProducts } from '../product/product.sql.ts';
import { searchProducts } from '../search/search.service.ts';
import { placeOf, type Place } from '../search/search.ts';
import type { InventoryClient } from '../stock-command/inventory.client.ts';
import { allVariantsOf } from '../variant/variant.sql.ts';
import { vendorsById } from '../vendor/vendor.sql.ts';
import { formats, type CountsBySku, type ExportFormat } from './export-format.ts';
import { jsonProductOf, type ExportedProduct } from './export-product.ts';

/** What is to be exported; it stands in the address that was signed. */
export type ExportRequest = { format: ExportFormat; query?: string; filter: ProductFilterInput };

const productsAtOnce = 25;
const skusAtOnce = 1_000;
const sort = { field: 'NEWEST', isDescending: false } as const;

/** The file, a page of products at a time; nothing else of it is in memory. */
export async function* exportedFile(
  deps: { db: Database; inventory: Pick<InventoryClient, 'counts'> },
  tenantId: string,
  request: ExportRequest,
): AsyncGenerator<string> {
  const format = formats[request.format];
  if (format.header !== '') yield format.header;
  const search = { query: request.query, filter: request.filter, isPublic: false };
  for (let place: Place | undefined = placeOf(sort, undefined); place !== undefined;) {
    const at: Place = place;
    const page = await deps.db.read(tenantId, async (tx) => {
      const found = await searchProducts(tx, search, { sort, place: at, limit: productsAtOnce });
      const last = found.at(-1);
      const products = await exportedProducts(
        tx,
        found.map(({ product }) => product),
      );
      return { products, next: last && { key: String(last.key), id: last.product.id } };
    });
    const skus = page.products.flatMap(({ variants }) => variants.map(({ sku }) => sku));
    const counts: CountsBySku = format.needsCounts
      ? await countsOf(deps.inventory, tenantId, skus)
      : new Map();
    for (const each of page.products) yield format.write(jsonProductOf(each), counts);
    place = page.next;
  }
}

async function exportedProducts(
  tx: Tx,
  products: readonly ProductRow[],
): Promise<ExportedProduct[]> {
  const ids = products.map(({ id }) => id);
  if (ids.length === 0) return [];
  const variants = Map.groupBy(await allVariantsOf(tx, ids), (row) => row.productId);
  const options = Map.groupBy(await optionsOfProducts(tx, ids), (row) => row.productId);
  const media = Map.groupBy(await mediaOfProducts(tx, ids), (row) => row.productId);
  const given = (values: (string | null)[]) => [...new Set(values)].filter((id) => id !== null);
  const names = new Map(
    [
      ...(await vendorsById(tx, given(products.map(({ vendorId }) => vendorId)))),
      ...(await groupsById(tx, given(products.map((one) => one.productGroupId)))),
    ].map(({ id, name }) => [id, name]),
  );
  // By its path: the name alone may be that of another one.
  const categories = await categoriesById(tx, given(products.map(({ categoryId }) => categoryId)));
  const pathById = new Map(categories.map(({ id, path }) => [id, path]));
  const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? null));
  return products.map((product) => ({
    product,
    vendor: nameOf(product.vendorId),
    category: pathById.get(product.categoryId ?? '') ?? null,
    productGroup: nameOf(product.productGroupId),
    options: options.get(product.id) ?? [],
    media: media.get(product.id) ?? [],
    variants: variants.get(product.id) ?? [],
  }));
}

async function countsOf(
  inventory: Pick<InventoryClient, 'counts'>,
  tenantId: string,
  skus: readonly string[],
): Promise<CountsBySku> {
  const counts = [];
  for (let from = 0; from < skus.length; from += skusAtOnce) {
    counts.push(...(await inventory.counts(tenantId, skus.slice(from, from + skusAtOnce))));
  }
  return Map.groupBy(counts, ({ sku }) => sku);
}
