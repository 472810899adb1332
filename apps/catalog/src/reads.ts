import type { Database, Tx } from '@onecount/db';
import type { SubgraphContext } from '@onecount/graphql';
import {
  categoriesById,
  categoryProductTotals,
  type CategoryRow,
} from './category/category.sql.ts';
import { mediaFiles, type MediaFileRow } from './media/media-file.sql.ts';
import { valueImagesOf, type ValueImage } from './media/media.sql.ts';
import { codeKey, foldedIdentifier, isUuid } from '@onecount/refusal';
import { importStockTotals } from './product-import/product-import.sql.ts';
import { formerHandlesOf } from './product/product-handle.sql.ts';
import { groupsById, type ProductGroupRow } from './product/product-group.sql.ts';
import type { MediaRow, ProductOptionRow, ProductRow } from './product/product.entity.ts';
import {
  mediaById,
  mediaOfProducts,
  optionsOfProducts,
  productsById,
} from './product/product.sql.ts';
import { salesOfVariants, type VariantSalesRow } from './sales/variant-sales.sql.ts';
import {
  variantsByCode,
  variantsById,
  variantsBySku,
  variantsOfProducts,
  variantTotals,
  type VariantView,
} from './variant/variant.sql.ts';
import { vendorsById, type VendorRow } from './vendor/vendor.sql.ts';
import { viewerOf } from './viewer.ts';

export type Reads = ReturnType<typeof createReads>;

/** Batched reads: however many fields of a request ask, each kind of row costs one statement. */
export function createReads(db: Database) {
  type Fetch<Row> = (tx: Tx, isPublic: boolean, keys: string[]) => Promise<Row[]>;

  function one<Row>(name: string, fetch: Fetch<Row>, keyOf: (row: Row) => string) {
    return (context: SubgraphContext, key: string): Promise<Row | undefined> =>
      context
        .loader<string, Row | undefined>(name, async (keys) => {
          const rows = await fetchAs(context, keys, fetch);
          const byKey = new Map(rows.map((row) => [keyOf(row), row]));
          return keys.map((wanted) => byKey.get(wanted));
        })
        .load(key);
  }

  function many<Row>(name: string, fetch: Fetch<Row>, keyOf: (row: Row) => string) {
    return (context: SubgraphContext, key: string): Promise<Row[]> =>
      context
        .loader<string, Row[]>(name, async (keys) => {
          const byKey = Map.groupBy(await fetchAs(context, keys, fetch), keyOf);
          return keys.map((wanted) => byKey.get(wanted) ?? []);
        })
        .load(key);
  }

  async function fetchAs<Row>(
    context: SubgraphContext,
    keys: readonly string[],
    fetch: Fetch<Row>,
  ): Promise<Row[]> {
    const viewer = viewerOf(context);
    if (viewer === 'NOBODY') return [];
    return db.readOne(context.caller.tenantId, (tx) => fetch(tx, viewer === 'PUBLIC', [...keys]));
  }

  // What is no UUID cannot be an id; PostgreSQL would answer with an error instead of with nothing.
  const uuids = (keys: string[]) => keys.filter((key) => isUuid(key));

  const variantBySku = one<VariantView>('variant-by-sku', variantsBySku, (row) =>
    foldedIdentifier(row.sku),
  );

  const variantByCode = one<VariantView & { codeKey: string }>(
    'variant-by-code',
    variantsByCode,
    (row) => row.codeKey,
  );

  return {
    product: one<ProductRow>(
      'product',
      (tx, isPublic, ids) => productsById(tx, isPublic, uuids(ids)),
      (row) => row.id,
    ),
    variant: one<VariantView>(
      'variant',
      (tx, isPublic, ids) => variantsById(tx, isPublic, uuids(ids)),
      (row) => row.id,
    ),
    variantBySku: (context: SubgraphContext, sku: string) =>
      variantBySku(context, foldedIdentifier(sku)),
    variantByCode: (context: SubgraphContext, code: string) =>
      variantByCode(context, codeKey(code)),
    vendor: one<VendorRow>(
      'vendor',
      (tx, _, ids) => vendorsById(tx, uuids(ids)),
      (row) => row.id,
    ),
    productGroup: one<ProductGroupRow>(
      'product-group',
      (tx, _, ids) => groupsById(tx, ids),
      (row) => row.id,
    ),
    category: one<CategoryRow>(
      'category',
      (tx, _, ids) => categoriesById(tx, uuids(ids)),
      (row) => row.id,
    ),
    categoryProductsTotal: one<{ categoryId: string; total: number }>(
      'category-products-total',
      (tx, _, ids) => categoryProductTotals(tx, ids),
      (row) => row.categoryId,
    ),
    medium: one<MediaRow>(
      'medium',
      (tx, _, ids) => mediaById(tx, ids),
      (row) => row.id,
    ),
    options: many<ProductOptionRow>(
      'options',
      (tx, _, ids) => optionsOfProducts(tx, ids),
      (row) => row.productId,
    ),
    formerHandles: many<{ handle: string; productId: string }>(
      'former-handles',
      (tx, _, ids) => formerHandlesOf(tx, ids),
      (row) => row.productId,
    ),
    media: many<MediaRow>(
      'media',
      (tx, _, ids) => mediaOfProducts(tx, ids),
      (row) => row.productId,
    ),
    mediaFile: one<MediaFileRow>(
      'media-file',
      (tx, _, hashes) => mediaFiles(tx, hashes),
      (row) => row.sha256,
    ),
    valueImages: many<ValueImage>(
      'value-images',
      (tx, _, ids) => valueImagesOf(tx, ids),
      (row) => row.mediaId,
    ),
    variantsTotal: one<{ productId: string; total: number }>(
      'variants-total',
      variantTotals,
      (row) => row.productId,
    ),
    sales: one<VariantSalesRow>(
      'variant-sales',
      (tx, _, ids) => salesOfVariants(tx, ids),
      (row) => row.variantId,
    ),
    importStock: one<{ importId: string; received: number; pending: number }>(
      'import-stock',
      (tx, _, ids) => importStockTotals(tx, ids),
      (row) => row.importId,
    ),
    /** One page of variants of each product; the same page of several products is one statement. */
    variants(
      context: SubgraphContext,
      productId: string,
      { afterPosition, limit }: { afterPosition: number; limit: number },
    ): Promise<VariantView[]> {
      const read = many<VariantView>(
        `variants ${afterPosition} ${limit}`,
        (tx, isPublic, productIds) =>
          variantsOfProducts(tx, isPublic, { productIds, afterPosition, limit }),
        (row) => row.productId,
      );
      return read(context, productId);
    },
  };
}
