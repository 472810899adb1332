import type { Tx } from '@onecount/db';
import { foldedIdentifier } from '@onecount/refusal';
import type { ProductState } from '../product/product.merge.ts';
import type { ProductRow } from '../product/product.entity.ts';
import {
  lockHandles,
  lockProductsByHandle,
  mediaOfProducts,
  optionsOfProducts,
} from '../product/product.sql.ts';
import { allVariantsOf, barcodesTaken, skusBeginning, skusTaken } from '../variant/variant.sql.ts';
import type { Planned } from './csv-product.ts';
import { createImportCodes, type ImportCodes } from './import-codes.ts';
import type { ImportJob } from './product-import.ts';

/** What a batch meets in the database, read once for all of its products. */
export type Known = {
  /** By handle. */
  states: ReadonlyMap<string, ProductState>;
  codes: ImportCodes;
  /** Keys of all SKUs that begin like one that is not free. */
  numbered: ReadonlySet<string>;
};

/** Locks the handles of the batch and the products that have them. */
export async function readKnown(tx: Tx, job: ImportJob, batch: readonly Planned[]): Promise<Known> {
  const handles = batch.map(({ plan }) => plan.handle);
  await lockHandles(tx, handles);
  const products = await lockProductsByHandle(tx, handles);
  const variants = batch.flatMap(({ plan }) => plan.variants);
  const skus = variants.flatMap(({ sku }) => sku ?? []);
  const barcodes = variants.flatMap(({ barcode }) => barcode ?? []);
  const stored = { skus: await skusTaken(tx, skus), barcodes: await barcodesTaken(tx, barcodes) };
  const codes = createImportCodes(stored, job.claimed);
  const repeated = repeatedKeys(skus);
  const unfree = skus.filter((sku) => codes.hasSku(sku) || repeated.has(foldedIdentifier(sku)));
  return {
    states: await statesOf(tx, products, job.row.overwriteExisting),
    codes,
    numbered: await skusBeginning(tx, [...new Set(unfree)]),
  };
}

function repeatedKeys(skus: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const isRepeated = (key: string) => seen.has(key) || !seen.add(key);
  return new Set(skus.map(foldedIdentifier).filter(isRepeated));
}

/** Of products that are not to be changed nothing but that they are there. */
async function statesOf(
  tx: Tx,
  products: readonly ProductRow[],
  isOverwriting: boolean,
): Promise<Map<string, ProductState>> {
  const ids = isOverwriting ? products.map(({ id }) => id) : [];
  const options = ids.length === 0 ? [] : await optionsOfProducts(tx, ids);
  const media = ids.length === 0 ? [] : await mediaOfProducts(tx, ids);
  const variants = ids.length === 0 ? [] : await allVariantsOf(tx, ids);
  const parts = {
    options: Map.groupBy(options, ({ productId }) => productId),
    media: Map.groupBy(media, ({ productId }) => productId),
    variants: Map.groupBy(variants, ({ productId }) => productId),
  };
  const stateOf = (product: ProductRow): ProductState => ({
    product,
    options: parts.options.get(product.id) ?? [],
    media: parts.media.get(product.id) ?? [],
    variants: parts.variants.get(product.id) ?? [],
  });
  return new Map(products.map((product) => [product.handle, stateOf(product)]));
}
