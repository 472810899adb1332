import { uuidv7, type EntityTx } from '@onecount/db';
import { appendEvents } from '@onecount/messaging';
import { decimalOf } from '@onecount/money';
import { codeKey, foldedIdentifier } from '@onecount/refusal';
import { namesIn } from '../category/category.ts';
import { categoryNamed } from '../category/category.sql.ts';
import { insertStockCommand } from '../stock-command/stock-command.sql.ts';
import type { StockLine } from '../stock-command/stock-command.ts';
import { skuWishes } from '../variant/sku-wish.ts';
import { VariantEntity, type VariantRow } from '../variant/variant.entity.ts';
import { barcodesTaken, skusTaken } from '../variant/variant.sql.ts';
import type { VariantPlan } from '../variant/variant.ts';
import { vendorNamed } from '../vendor/vendor.sql.ts';
import { factColumns } from './product.facts.sql.ts';
import {
  MediaEntity,
  ProductEntity,
  ProductOptionEntity,
  type MediaRow,
} from './product.entity.ts';
import { barcodeTaken, handleTaken, skuTaken, type SaveRefusal } from './product.errors.ts';
import { productChanged } from './product.events.ts';
import { formerHandlesBeginning, takeHandle } from './product-handle.sql.ts';
import { handlesBeginning, lockHandle } from './product.sql.ts';
import { firstFree, type ProductPlan } from './product.ts';

export type SavedProduct = { productId: string; stockCommandId: string };

/** Which import a product comes from and which row of its file each variant is. */
export type ImportOrigin = { importId: string; rowOfVariant: readonly number[] };

/**
 * Writes a new product with everything that belongs to it: options, media, variants, the command for
 * inventory and the event. Refusals in this order: handle, SKU, barcode; each names the first value
 * that is taken. A value that a concurrent transaction takes meanwhile meets the unique constraint
 * (see `retryingTaken`).
 */
export async function insertProduct(
  tx: EntityTx,
  plan: ProductPlan,
  origin?: ImportOrigin,
): Promise<SavedProduct | SaveRefusal> {
  // Of many products of one name at once each would find the same handle free, and all but one fail.
  await lockHandle(tx, plan.handle);
  const handles = await handlesBeginning(tx, plan.handle);
  // A name by chance leaves old addresses alone; one that was asked for takes them over.
  if (plan.isHandleGenerated) {
    for (const left of await formerHandlesBeginning(tx, plan.handle)) handles.add(left);
  }
  if (!plan.isHandleGenerated && handles.has(plan.handle)) return handleTaken(plan.handle);
  const refusal = await takenVariant(tx, plan.variants);
  if (refusal !== null) return refusal;

  const productId = uuidv7();
  const handle = firstFree(plan.handle, (candidate) => handles.has(candidate));
  await takeHandle(tx, handle);
  await tx.manager.insert(ProductEntity, {
    tenantId: tx.tenantId,
    id: productId,
    version: 1,
    handle,
    title: plan.title,
    descriptionHtml: plan.descriptionHtml,
    productType: plan.productType,
    tags: plan.tags,
    status: plan.status,
    isUnlisted: plan.isUnlisted ?? false,
    isListedOnWebsite: true,
    metadata: [],
    ...(await suppliersOf(tx, plan)),
    ...(await factColumns(tx, plan.facts)),
  });
  await insertOptions(tx, productId, plan);
  const media = await insertMedia(tx, productId, { media: plan.media, after: 0 });
  const skus = await skusOf(tx, plan, plan.variants);
  const rows = variantRows({ tenantId: tx.tenantId, productId, skus, media }, plan.variants);
  await tx.manager.insert(VariantEntity, rows);
  const stockCommandId = await storeStockCommand(tx, {
    productId,
    rows,
    plan: plan.variants,
    origin,
  });
  await appendEvents(tx, [await productChanged(tx, productId)]);
  return { productId, stockCommandId };
}

/** Ids of vendor and category, made when they are new; null where the product has none. */
export async function suppliersOf(
  tx: EntityTx,
  names: Pick<ProductPlan, 'vendor' | 'category'>,
): Promise<{ vendorId: string | null; categoryId: string | null }> {
  const vendor = names.vendor === null ? null : await vendorNamed(tx, names.vendor);
  const isNamed = names.category !== null && namesIn(names.category).length > 0;
  const category = isNamed ? await categoryNamed(tx, names.category!) : null;
  return { vendorId: vendor?.id ?? null, categoryId: category?.id ?? null };
}

/** The first SKU, then the first barcode, that another variant of the tenant has. */
export async function takenVariant(
  tx: EntityTx,
  variants: readonly VariantPlan[],
): Promise<Exclude<SaveRefusal, { __typename: 'HandleTaken' }> | null> {
  const skus = variants.flatMap(({ sku }) => sku ?? []);
  const takenSkus = await skusTaken(tx, skus);
  const sku = skus.find((wanted) => takenSkus.has(foldedIdentifier(wanted)));
  if (sku !== undefined) return skuTaken(sku);
  const barcodes = variants.flatMap(({ barcode }) => barcode ?? []);
  const takenBarcodes = await barcodesTaken(tx, barcodes);
  const barcode = barcodes.find((wanted) => takenBarcodes.has(codeKey(wanted)));
  return barcode === undefined ? null : barcodeTaken(barcode);
}

export async function insertOptions(
  tx: EntityTx,
  productId: string,
  { options }: Pick<ProductPlan, 'options'>,
): Promise<void> {
  if (options.length === 0) return;
  const { tenantId } = tx;
  await tx.manager.insert(
    ProductOptionEntity,
    options.map(({ name, values }, index) => ({
      tenantId,
      productId,
      position: index + 1,
      name,
      values,
    })),
  );
}

/** Attaches pictures behind position `after`; answers their ids by address. */
export async function insertMedia(
  tx: EntityTx,
  productId: string,
  { media, after }: { media: ProductPlan['media']; after: number },
): Promise<Map<string, string>> {
  const rows = media.map(({ url, alt }, index): MediaRow => ({
    tenantId: tx.tenantId,
    id: uuidv7(),
    productId,
    position: after + index + 1,
    url,
    alt: alt ?? null,
  }));
  if (rows.length > 0) await tx.manager.insert(MediaEntity, rows);
  return new Map(rows.map((row) => [row.url, row.id]));
}

/** The SKU of each variant: its own, or one by pattern that nobody has, numbered where needed. */
export async function skusOf(
  tx: EntityTx,
  product: Pick<ProductPlan, 'title' | 'vendor' | 'options' | 'skuPattern' | 'facts'>,
  variants: readonly VariantPlan[],
): Promise<string[]> {
  if (variants.every(({ sku }) => sku !== null)) return variants.map(({ sku }) => sku ?? '');
  const wishes = await skuWishes(tx, product, variants);
  return wishes.map(({ free }, index) => variants[index]?.sku ?? free);
}

type Place = {
  tenantId: string;
  productId: string;
  skus: readonly string[];
  media: ReadonlyMap<string, string>;
};

export function variantRows(place: Place, variants: readonly VariantPlan[]): VariantRow[] {
  return variants.map((variant, index) => ({
    tenantId: place.tenantId,
    id: uuidv7(),
    productId: place.productId,
    position: variant.position,
    sku: place.skus[index] ?? '',
    barcode: variant.barcode,
    title: variant.title,
    optionValues: variant.optionValues,
    ...moneyColumns(variant),
    tracking: variant.tracking,
    isActive: variant.isActive,
    isTaxable: variant.isTaxable,
    taxCode: variant.taxCode ?? null,
    requiresShipping: variant.requiresShipping,
    weightGrams: variant.weightGrams ?? null,
    weightUnit: variant.weightUnit ?? 'GRAM',
    mediaId: place.media.get(variant.mediaUrl ?? '') ?? null,
  }));
}

export function moneyColumns(variant: VariantPlan) {
  const amounts = {
    priceMinor: variant.priceMinor ?? null,
    compareAtPriceMinor: variant.compareAtPriceMinor ?? null,
    costMinor: variant.costMinor ?? null,
  };
  const hasMoney = Object.values(amounts).some((amount) => amount !== null);
  return { ...amounts, currencyCode: hasMoney ? (variant.currencyCode ?? null) : null };
}

/** Notes for inventory what the new variants are and what there is of them from the start. */
export async function storeStockCommand(
  tx: EntityTx,
  product: {
    productId: string;
    rows: readonly VariantRow[];
    plan: readonly VariantPlan[];
    origin: ImportOrigin | undefined;
  },
): Promise<string> {
  const { productId, rows, plan, origin } = product;
  const id = uuidv7();
  await insertStockCommand(tx, {
    id,
    productId,
    importId: origin?.importId ?? null,
    idempotencyKey: `catalog:opening-stock:${id}`,
    items: rows.map((row, index) => ({
      variantId: row.id,
      sku: row.sku,
      title: plan[index]?.fullTitle ?? row.title,
      tracking: row.tracking,
    })),
    lines: rows.flatMap((row, index) => stockLines(row, plan[index], origin?.rowOfVariant[index])),
  });
  return id;
}

function stockLines(
  row: VariantRow,
  plan: VariantPlan | undefined,
  fileRow: number | undefined,
): StockLine[] {
  const { costMinor, currencyCode } = row;
  const unitCost =
    costMinor === null || currencyCode === null
      ? undefined
      : { amount: decimalOf({ amountMinor: costMinor, currencyCode }), currencyCode };
  const wanted = plan?.openingStock.filter((line) => line.quantity > 0) ?? [];
  return wanted.map(({ locationCode, quantity, serials }) => ({
    sku: row.sku,
    locationCode,
    quantity,
    serials,
    ...(unitCost === undefined ? {} : { unitCost }),
    ...(fileRow === undefined ? {} : { row: fileRow }),
  }));
}
