import type { Tx } from '@onecount/db';
import { applyValueImages } from '../media/media.sql.ts';
import { insertStockCommands } from '../stock-command/stock-command.sql.ts';
import type { VariantRow } from '../variant/variant.entity.ts';
import type { ProductRow } from './product.entity.ts';
import type { PlanRefusal } from './product.errors.ts';
import { mergedMedia, mergedOptions, optionsRefusal, type Match } from './product.merge.ts';
import { insertMediaRows, insertVariantRows, updateOptionRows } from './product.rows.sql.ts';
import { stockCommandOf, variantRows } from './product.rows.ts';
import { skusOf } from './product.save.ts';
import { mediaOfProducts, optionsOfProducts } from './product.sql.ts';
import type { ProductPlan } from './product.ts';

// What one change of a product that exists adds to it.

/** Appends the values that are new; the axes themselves must be the same. */
export async function mergeOptions(
  tx: Tx,
  productId: string,
  plan: Pick<ProductPlan, 'options'>,
): Promise<PlanRefusal | null> {
  const existing = await optionsOfProducts(tx, [productId]);
  const refusal = optionsRefusal(existing, plan);
  if (refusal === null) await updateOptionRows(tx, mergedOptions(existing, plan));
  return refusal;
}

/** Adds the pictures that are new; answers the ids of all by address. */
export async function mergeMedia(
  tx: Tx,
  productId: string,
  plan: Pick<ProductPlan, 'media'>,
): Promise<Map<string, string>> {
  const product = { tenantId: tx.tenantId, id: productId };
  const existing = await mediaOfProducts(tx, [productId]);
  const { media, mediaIds } = mergedMedia({ product, media: existing }, plan);
  await insertMediaRows(tx, media);
  return mediaIds;
}

/** Makes the variants that are not there, and the command for their stock; null when there are none. */
export async function addVariants(
  tx: Tx,
  change: {
    product: Pick<ProductRow, 'id'>;
    plan: ProductPlan;
    rows: readonly VariantRow[];
    matches: readonly Match[];
    media: ReadonlyMap<string, string>;
  },
): Promise<string | null> {
  const { product, plan, rows, matches, media } = change;
  const variants = addedVariants(rows, matches);
  if (variants.length === 0) return null;
  const skus = await skusOf(tx, plan, variants);
  const place = { tenantId: tx.tenantId, productId: product.id, skus, media };
  const newRows = variantRows(place, variants);
  await insertVariantRows(tx, newRows);
  await applyValueImages(tx, [product.id]);
  const command = stockCommandOf({
    ...{ productId: product.id, rows: newRows, plan: variants },
    origin: undefined,
  });
  await insertStockCommands(tx, [command]);
  return command.id;
}

/** The plans of the variants that are new, with their places behind those that are there. */
export function addedVariants(rows: readonly VariantRow[], matches: readonly Match[]) {
  const last = rows.at(-1)?.position ?? 0;
  const added = matches.filter(({ row }) => row === undefined);
  return added.map(({ plan }, index) => ({ ...plan, position: last + index + 1 }));
}
