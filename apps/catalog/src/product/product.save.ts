import type { Tx } from '@onecount/db';
import { codeKey, foldedIdentifier } from '@onecount/refusal';
import { namesIn } from '../category/category.ts';
import { categoriesNamed } from '../category/category.sql.ts';
import { insertStockCommands } from '../stock-command/stock-command.sql.ts';
import { skuWishes } from '../variant/sku-wish.ts';
import { barcodesTaken, skusTaken } from '../variant/variant.sql.ts';
import type { VariantPlan } from '../variant/variant.ts';
import { vendorsNamed } from '../vendor/vendor.sql.ts';
import { factColumns } from './product.facts.sql.ts';
import { barcodeTaken, handleTaken, skuTaken, type SaveRefusal } from './product.errors.ts';
import { publishProducts } from './product.events.ts';
import { takeHandles } from './product-handle.sql.ts';
import {
  insertMediaRows,
  insertOptionRows,
  insertProductRows,
  insertVariantRows,
} from './product.rows.sql.ts';
import { newProduct, type NewProduct, type SupplierIds } from './product.rows.ts';
import { lockHandles, unfreeHandles } from './product.sql.ts';
import { firstFree, type ProductPlan } from './product.ts';

export type SavedProduct = { productId: string; stockCommandId: string };

/**
 * Writes a new product with everything that belongs to it: options, media, variants, the command for
 * inventory and the event. Refusals in this order: handle, SKU, barcode; each names the first value
 * that is taken. A value that a concurrent transaction takes meanwhile meets the unique constraint
 * (see `retryingTaken`).
 */
export async function insertProduct(
  tx: Tx,
  plan: ProductPlan,
): Promise<SavedProduct | SaveRefusal> {
  // Of many products of one name at once each would find the same handle free, and all but one fail.
  await lockHandles(tx, [plan.handle]);
  const isAskedFor = !plan.isHandleGenerated;
  const handles = await unfreeHandles(tx, plan.handle, { isAskedFor });
  if (isAskedFor && handles.has(plan.handle)) return handleTaken(plan.handle);
  const refusal = await takenVariant(tx, plan.variants);
  if (refusal !== null) return refusal;

  const product = newProduct(tx.tenantId, plan, {
    handle: firstFree(plan.handle, (candidate) => handles.has(candidate)),
    skus: await skusOf(tx, plan, plan.variants),
    columns: { ...(await suppliersOf(tx, plan)), ...(await factColumns(tx, plan.facts)) },
  });
  await storeProducts(tx, [product]);
  await insertStockCommands(tx, [product.stock]);
  await publishProducts(tx, [product.row.id]);
  return { productId: product.row.id, stockCommandId: product.stock.id };
}

/** Writes new products whose handles are locked and free; what inventory and the event log are told is the caller's. */
export async function storeProducts(tx: Tx, products: readonly NewProduct[]): Promise<void> {
  if (products.length === 0) return;
  await takeHandles(
    tx,
    products.map(({ row }) => row.handle),
  );
  await insertProductRows(
    tx,
    products.map(({ row }) => row),
  );
  await insertOptionRows(
    tx,
    products.flatMap(({ options }) => options),
  );
  await insertMediaRows(
    tx,
    products.flatMap(({ media }) => media),
  );
  await insertVariantRows(
    tx,
    products.flatMap(({ variants }) => variants),
  );
}

type SupplierNames = Pick<ProductPlan, 'vendor' | 'category'>;

/** Ids of vendor and category, made when they are new; null where the product has none. */
export async function suppliersOf(tx: Tx, names: SupplierNames): Promise<SupplierIds> {
  const [ids] = await suppliersOfAll(tx, [names]);
  return ids!;
}

/** The same of several products; each name is looked for once. */
export async function suppliersOfAll(
  tx: Tx,
  products: readonly SupplierNames[],
): Promise<SupplierIds[]> {
  const vendors = await vendorsNamed(
    tx,
    products.flatMap(({ vendor }) => vendor ?? []),
  );
  const categories = await categoriesNamed(
    tx,
    products.flatMap(({ category }) => (category && namesIn(category).length > 0 ? category : [])),
  );
  return products.map(({ vendor, category }) => ({
    vendorId: vendors.get(vendor ?? '')?.id ?? null,
    categoryId: categories.get(category ?? '') ?? null,
  }));
}

/** The first SKU, then the first barcode, that another variant of the tenant has. */
export async function takenVariant(
  tx: Tx,
  variants: readonly VariantPlan[],
): Promise<TakenRefusal | null> {
  const skus = await skusTaken(
    tx,
    variants.flatMap(({ sku }) => sku ?? []),
  );
  const barcodes = await barcodesTaken(
    tx,
    variants.flatMap(({ barcode }) => barcode ?? []),
  );
  return firstTaken(variants, {
    hasSku: (sku) => skus.has(foldedIdentifier(sku)),
    hasBarcode: (barcode) => barcodes.has(codeKey(barcode)),
  });
}

/** What other variants have. */
export type TakenCodes = { hasSku(sku: string): boolean; hasBarcode(barcode: string): boolean };
type TakenRefusal = Exclude<SaveRefusal, { __typename: 'HandleTaken' }>;

export function firstTaken(
  variants: readonly Pick<VariantPlan, 'sku' | 'barcode'>[],
  taken: TakenCodes,
): TakenRefusal | null {
  for (const { sku } of variants) if (sku !== null && taken.hasSku(sku)) return skuTaken(sku);
  for (const { barcode } of variants) {
    if (barcode !== null && taken.hasBarcode(barcode)) return barcodeTaken(barcode);
  }
  return null;
}

/** The SKU of each variant: its own, or one by pattern that nobody has, numbered where needed. */
export async function skusOf(
  tx: Tx,
  product: Pick<ProductPlan, 'title' | 'vendor' | 'options' | 'skuPattern' | 'facts'>,
  variants: readonly VariantPlan[],
): Promise<string[]> {
  if (variants.every(({ sku }) => sku !== null)) return variants.map(({ sku }) => sku ?? '');
  const wishes = await skuWishes(tx, product, variants);
  return wishes.map(({ free }, index) => variants[index]?.sku ?? free);
}
