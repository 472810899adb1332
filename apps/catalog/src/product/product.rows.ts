import { uuidv7 } from '@onecount/db';
import { decimalOf } from '@onecount/money';
import type { NewStockCommand } from '../stock-command/stock-command.sql.ts';
import type { StockLine } from '../stock-command/stock-command.ts';
import type { VariantRow } from '../variant/variant.entity.ts';
import type { VariantPlan } from '../variant/variant.ts';
import type { MediaRow, ProductOptionRow, ProductRow } from './product.entity.ts';
import type { NewProductRow } from './product.rows.sql.ts';
import type { OptionDraft, ProductPlan } from './product.ts';

// What is written of a plan, as rows.

/** Which import a product comes from and which row of its file each variant is. */
export type ImportOrigin = {
  importId: string;
  rowOfVariant: readonly number[];
};

/** A new product with everything that belongs to it; nothing is left to decide or to read. */
export type NewProduct = {
  row: NewProductRow;
  options: ProductOptionRow[];
  media: MediaRow[];
  variants: VariantRow[];
  stock: NewStockCommand;
};

export type SupplierIds = Pick<ProductRow, 'vendorId' | 'categoryId'>;
export type FactColumns = Partial<
  Pick<ProductRow, 'productGroupId' | 'seoTitle' | 'seoDescription' | 'styleNumber' | 'metadata'>
>;

export function newProduct(
  tenantId: string,
  plan: ProductPlan,
  given: {
    handle: string;
    skus: readonly string[];
    columns: SupplierIds & FactColumns;
    origin?: ImportOrigin;
  },
): NewProduct {
  const productId = uuidv7();
  const place = { tenantId, productId };
  const media = mediaRows(place, { media: plan.media, after: 0 });
  const ids = new Map(media.map(({ url, id }) => [url, id]));
  const variants = variantRows({ ...place, skus: given.skus, media: ids }, plan.variants);
  const { origin } = given;
  const { vendorId, categoryId, productGroupId = null, seoTitle = null } = given.columns;
  const { seoDescription = null, styleNumber = null, metadata = [] } = given.columns;
  return {
    row: {
      ...{ id: productId, handle: given.handle, title: plan.title, vendorId, categoryId },
      ...{ descriptionHtml: plan.descriptionHtml, productType: plan.productType, tags: plan.tags },
      ...{ status: plan.status, isUnlisted: plan.isUnlisted ?? false },
      ...{ productGroupId, seoTitle, seoDescription, styleNumber, metadata },
    },
    options: optionRows(place, plan.options),
    media,
    variants,
    stock: stockCommandOf({ productId, rows: variants, plan: plan.variants, origin }),
  };
}

function optionRows(
  place: { tenantId: string; productId: string },
  options: readonly OptionDraft[],
): ProductOptionRow[] {
  return options.map(({ name, values }, index) => ({
    ...place,
    position: index + 1,
    name,
    values,
  }));
}

/** The pictures behind position `after`. */
export function mediaRows(
  place: { tenantId: string; productId: string },
  { media, after }: { media: ProductPlan['media']; after: number },
): MediaRow[] {
  return media.map(({ url, alt }, index) => ({
    ...place,
    id: uuidv7(),
    position: after + index + 1,
    url,
    alt: alt ?? null,
  }));
}

type VariantPlace = {
  tenantId: string;
  productId: string;
  skus: readonly string[];
  media: ReadonlyMap<string, string>;
};

export function variantRows(place: VariantPlace, variants: readonly VariantPlan[]): VariantRow[] {
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

/** For inventory: what the new variants are and what there is of them from the start. */
export function stockCommandOf(product: {
  productId: string;
  rows: readonly VariantRow[];
  plan: readonly VariantPlan[];
  origin: ImportOrigin | undefined;
}): NewStockCommand {
  const { productId, rows, plan, origin } = product;
  const id = uuidv7();
  return {
    id,
    productId,
    importId: origin?.importId ?? null,
    bundleId: null,
    idempotencyKey: `catalog:opening-stock:${id}`,
    items: rows.map((row, index) => ({
      variantId: row.id,
      sku: row.sku,
      title: plan[index]?.fullTitle ?? row.title,
      tracking: row.tracking,
    })),
    lines: rows.flatMap((row, index) => stockLines(row, plan[index], origin?.rowOfVariant[index])),
  };
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
