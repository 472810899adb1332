import type { EntityTx } from '@onecount/db';
import { codeKey, foldedIdentifier, invalidInput, isSameIdentifier } from '@onecount/refusal';
import { applyValueImages } from '../media/media.sql.ts';
import { VariantEntity, type VariantRow } from '../variant/variant.entity.ts';
import { allVariantsOf, barcodesTaken } from '../variant/variant.sql.ts';
import type { VariantPlan } from '../variant/variant.ts';
import { ProductEntity, ProductOptionEntity, type ProductRow } from './product.entity.ts';
import {
  barcodeTaken,
  variantLimitExceeded,
  type PlanRefusal,
  type SaveRefusal,
} from './product.errors.ts';
import { publishChange } from './product.events.ts';
import { factColumns } from './product.facts.sql.ts';
import {
  insertMedia,
  moneyColumns,
  skusOf,
  storeStockCommand,
  suppliersOf,
  takenVariant,
  variantRows,
  type ImportOrigin,
} from './product.save.ts';
import { mediaOfProducts, optionsOfProducts, productsById } from './product.sql.ts';
import { combinationKey, variantsMax, variantTitle, type ProductPlan } from './product.ts';

export type OverwrittenProduct = {
  productId: string;
  stockCommandId: string | null;
  /** False when everything was as the plan says: then there is no new version and no event. */
  isChanged: boolean;
  /** Of each variant of the plan the SKU that it has; null where it is new. */
  existingSkus: (string | null)[];
};

/** A variant of a plan and the one that is there; none where it is new. */
export type Match = { plan: VariantPlan; fileRow: number | undefined; row: VariantRow | undefined };

/**
 * Brings a product that exists, and is locked, to what the plan says. What the plan leaves blank
 * stays; variants that it does not name stay; stock of variants that exist is never touched. SKU and
 * option values identify a variant, so neither is changed here.
 */
export async function overwriteProduct(
  tx: EntityTx,
  product: ProductRow,
  plan: ProductPlan,
  origin: ImportOrigin,
): Promise<OverwrittenProduct | PlanRefusal | SaveRefusal> {
  const productId = product.id;
  const before = await stateOf(tx, productId);
  const optionRefusal = await mergeOptions(tx, productId, plan);
  if (optionRefusal !== null) return optionRefusal;
  const rows = await allVariantsOf(tx, [productId]);
  const matches = matchVariants(plan, rows, origin);
  const refusal =
    identityRefusal(matches) ??
    limitRefusal(rows.length, matches) ??
    (await takenVariant(tx, newOnes(matches))) ??
    (await takenBarcode(tx, matches));
  if (refusal !== null) return refusal;

  await overwriteBasics(tx, product, plan);
  const media = await mergeMedia(tx, productId, plan);
  await overwriteVariants(tx, { title: plan.title, matches, media });
  const stockCommandId = await addVariants(tx, {
    ...{ product, plan, rows, matches, media },
    importId: origin.importId,
  });
  const isChanged = (await stateOf(tx, productId)) !== before;
  if (isChanged) {
    await publishChange(tx, productId);
  }
  const existingSkus = matches.map(({ row }) => row?.sku ?? null);
  return { productId, stockCommandId, isChanged, existingSkus };
}

/** Everything that an import can change, to see whether it did. */
async function stateOf(tx: EntityTx, productId: string): Promise<string> {
  const [product] = await productsById(tx, false, [productId]);
  const { updatedAt: _, updatedBy: __, ...kept } = product!;
  const options = await optionsOfProducts(tx, [productId]);
  const media = await mediaOfProducts(tx, [productId]);
  return JSON.stringify([kept, options, media, await allVariantsOf(tx, [productId])]);
}

function matchVariants(
  plan: ProductPlan,
  rows: readonly VariantRow[],
  origin: ImportOrigin,
): Match[] {
  const bySku = new Map(rows.map((row) => [foldedIdentifier(row.sku), row]));
  const byCombination = new Map(rows.map((row) => [combinationKey(row.optionValues), row]));
  return plan.variants.map((variant, index) => ({
    plan: variant,
    fileRow: origin.rowOfVariant[index],
    row:
      bySku.get(foldedIdentifier(variant.sku ?? '')) ??
      byCombination.get(combinationKey(variant.optionValues)),
  }));
}

const newOnes = (matches: readonly Match[]) =>
  matches.flatMap(({ plan, row }) => (row === undefined ? [plan] : []));

function identityRefusal(matches: readonly Match[]): PlanRefusal | null {
  for (const [index, { plan, row }] of matches.entries()) {
    if (row === undefined) continue;
    if (plan.sku !== null && !isNumbered(plan.sku, row.sku)) {
      const message = `Variant ${plan.title} has the SKU ${row.sku}; an import does not change it.`;
      return invalidInput(`variants.${index}.sku`, message, plan.sku);
    }
    if (combinationKey(plan.optionValues) !== combinationKey(row.optionValues)) {
      const message = `SKU ${row.sku} is the variant ${row.title}; an import does not change it.`;
      return invalidInput(`variants.${index}.optionValues`, message, plan.title);
    }
  }
  return null;
}

/** The SKU itself, or the one that an import made of it because another variant has it: RING-2 for RING. */
function isNumbered(given: string, own: string): boolean {
  if (isSameIdentifier(given, own)) return true;
  const [base, kept] = [foldedIdentifier(given), foldedIdentifier(own)];
  return kept.startsWith(`${base}-`) && /^[0-9]+$/.test(kept.slice(base.length + 1));
}

function limitRefusal(existing: number, matches: readonly Match[]): PlanRefusal | null {
  const requested = existing + newOnes(matches).length;
  return requested > variantsMax ? variantLimitExceeded({ requested, limit: variantsMax }) : null;
}

async function takenBarcode(tx: EntityTx, matches: readonly Match[]): Promise<SaveRefusal | null> {
  const wanted = matches.flatMap(({ plan, row }) =>
    row !== undefined && plan.barcode !== null && !isSameCode(plan.barcode, row.barcode)
      ? plan.barcode
      : [],
  );
  const taken = await barcodesTaken(tx, wanted);
  const barcode = wanted.find((one) => taken.has(codeKey(one)));
  return barcode === undefined ? null : barcodeTaken(barcode);
}

const isSameCode = (one: string, other: string | null): boolean =>
  other !== null && codeKey(one) === codeKey(other);

/** Appends the values that are new; the axes themselves must be the same. */
export async function mergeOptions(
  tx: EntityTx,
  productId: string,
  { options }: Pick<ProductPlan, 'options'>,
): Promise<PlanRefusal | null> {
  const { tenantId } = tx;
  const existing = await optionsOfProducts(tx, [productId]);
  const names = (list: readonly { name: string }[]) =>
    list.map(({ name }) => name.toLowerCase()).join('\n');
  if (names(existing) !== names(options)) {
    const shown = existing.map(({ name }) => name).join(', ') || 'none';
    return invalidInput(
      'options',
      `The product's options are ${shown}; an import does not change them.`,
    );
  }
  for (const [index, { position, values }] of existing.entries()) {
    const known = new Set(values.map((value) => value.toLowerCase()));
    const added = options[index]?.values.filter((value) => !known.has(value.toLowerCase())) ?? [];
    if (added.length === 0) continue;
    const key = { tenantId, productId, position };
    await tx.manager.update(ProductOptionEntity, key, { values: [...values, ...added] });
  }
  return null;
}

async function overwriteBasics(tx: EntityTx, product: ProductRow, plan: ProductPlan) {
  const names = await suppliersOf(tx, plan);
  await tx.manager.update(
    ProductEntity,
    { tenantId: tx.tenantId, id: product.id },
    {
      title: plan.title,
      descriptionHtml: plan.descriptionHtml === '' ? product.descriptionHtml : plan.descriptionHtml,
      vendorId: names.vendorId ?? product.vendorId,
      categoryId: names.categoryId ?? product.categoryId,
      productType: plan.productType ?? product.productType,
      tags: plan.tags.length === 0 ? product.tags : plan.tags,
      status: plan.isStatusGiven ? plan.status : product.status,
      isUnlisted: plan.isUnlisted ?? product.isUnlisted,
      ...(await factColumns(tx, plan.facts)),
    },
  );
}

/** Adds the pictures that are new; answers the ids of all by address. */
export async function mergeMedia(
  tx: EntityTx,
  productId: string,
  plan: Pick<ProductPlan, 'media'>,
): Promise<Map<string, string>> {
  const existing = await mediaOfProducts(tx, [productId]);
  const ids = new Map(existing.map(({ url, id }) => [url, id]));
  const media = plan.media.filter(({ url }) => !ids.has(url));
  const after = existing.at(-1)?.position ?? 0;
  const added = await insertMedia(tx, productId, { media, after });
  return new Map([...ids, ...added]);
}

async function overwriteVariants(
  tx: EntityTx,
  change: { title: string; matches: readonly Match[]; media: ReadonlyMap<string, string> },
): Promise<void> {
  for (const { plan, row } of change.matches) {
    if (row === undefined) continue;
    await tx.manager.update(
      VariantEntity,
      { tenantId: tx.tenantId, id: row.id },
      {
        title: variantTitle(change.title, row.optionValues),
        barcode: plan.barcode ?? row.barcode,
        ...mergedMoney(plan, row),
        isTaxable: plan.isTaxable,
        taxCode: plan.taxCode ?? row.taxCode,
        requiresShipping: plan.requiresShipping,
        weightGrams: plan.weightGrams ?? row.weightGrams,
        weightUnit: plan.weightUnit ?? row.weightUnit,
        mediaId: change.media.get(plan.mediaUrl ?? '') ?? row.mediaId,
      },
    );
  }
}

// An amount that stays must not find itself in another currency: with a new one, blanks become none.
function mergedMoney(plan: VariantPlan, row: VariantRow) {
  const given = moneyColumns(plan);
  const { currencyCode } = given;
  if (currencyCode !== null && currencyCode !== row.currencyCode) return given;
  return {
    currencyCode: row.currencyCode,
    priceMinor: given.priceMinor ?? row.priceMinor,
    compareAtPriceMinor: given.compareAtPriceMinor ?? row.compareAtPriceMinor,
    costMinor: given.costMinor ?? row.costMinor,
  };
}

/** Makes the variants that are not there, and the command for their stock; null when there are none. */
export async function addVariants(
  tx: EntityTx,
  change: {
    product: Pick<ProductRow, 'id'>;
    plan: ProductPlan;
    rows: readonly VariantRow[];
    matches: readonly Match[];
    media: ReadonlyMap<string, string>;
    importId?: string;
  },
): Promise<string | null> {
  const { product, plan, rows, matches, media, importId } = change;
  const added = matches.filter(({ row }) => row === undefined);
  if (added.length === 0) return null;
  const last = rows.at(-1)?.position ?? 0;
  const variants = added.map((match, index) => ({ ...match.plan, position: last + index + 1 }));
  const skus = await skusOf(tx, plan, variants);
  const place = { tenantId: tx.tenantId, productId: product.id, skus, media };
  const newRows = variantRows(place, variants);
  await tx.manager.insert(VariantEntity, newRows);
  await applyValueImages(tx, product.id);
  const rowOfVariant = added.map(({ fileRow }) => fileRow ?? 0);
  return storeStockCommand(tx, {
    productId: product.id,
    rows: newRows,
    plan: variants,
    origin: importId === undefined ? undefined : { importId, rowOfVariant },
  });
}
