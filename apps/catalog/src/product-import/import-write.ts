import { uuidv7, type Tx } from '@onecount/db';
import { applyValueImages } from '../media/media.sql.ts';
import { publishProducts } from '../product/product.events.ts';
import { factColumnsOf } from '../product/product.facts.sql.ts';
import { mergedProduct, newOnes, type ProductMerge } from '../product/product.merge.ts';
import { addedVariants } from '../product/product.overwrite.ts';
import {
  insertMediaRows,
  insertVariantRows,
  updateOptionRows,
  updateProductRows,
  updateVariantRows,
} from '../product/product.rows.sql.ts';
import {
  newProduct,
  stockCommandOf,
  variantRows,
  type FactColumns,
  type NewProduct,
  type SupplierIds,
} from '../product/product.rows.ts';
import { storeProducts, suppliersOfAll } from '../product/product.save.ts';
import { insertStockCommands, type NewStockCommand } from '../stock-command/stock-command.sql.ts';
import { bundlesOf, type CountLine } from '../stock-command/stock-command.ts';
import { skuWishesOf } from '../variant/sku-wish.ts';
import type { VariantRow } from '../variant/variant.entity.ts';
import type { VariantPlan } from '../variant/variant.ts';
import type { ImportCodes } from './import-codes.ts';
import type { Accepted } from './import-decide.ts';
import type { ImportJob } from './product-import.ts';

/** A product of a batch as it is written. */
export type Written = {
  productId: string;
  outcome: 'CREATED' | 'UPDATED' | 'UNCHANGED';
  /** What the file says is on hand of variants that were there. */
  counts: CountLine[];
};
type Added = { merge: ProductMerge; rows: VariantRow[]; stock: NewStockCommand[] };
type Columns = SupplierIds & FactColumns;
type Making = { skus: readonly string[]; columns: Columns };

/** Writes products of which nothing is left to decide: one statement for each table, whatever their number. */
export async function writeProducts(
  tx: Tx,
  job: ImportJob,
  { accepted, codes }: { accepted: readonly Accepted[]; codes: ImportCodes },
): Promise<{ written: Written[]; stockCommandIds: string[] }> {
  const makings = await makingsOf(tx, accepted, codes);
  const created: NewProduct[] = [];
  const added: Added[] = [];
  const written = accepted.map((one, index): Written => {
    const making = makings[index]!;
    if (one.state === undefined) {
      const product = newProductOf(tx.tenantId, job, { one, making });
      created.push(product);
      return { productId: product.row.id, outcome: 'CREATED', counts: [] };
    }
    const { id: productId } = one.state.product;
    const change = changeOf(tx.tenantId, job, { one, making });
    const { isChanged } = change.merge;
    if (isChanged) added.push(change);
    const outcome = isChanged ? 'UPDATED' : 'UNCHANGED';
    return { productId, outcome, counts: countsOf(job, one) };
  });
  await storeProducts(tx, created);
  await storeChanges(tx, added);
  const stockCommandIds = await storeStock(tx, [
    ...created.map(({ stock }) => stock),
    ...added.flatMap(({ stock }) => stock),
  ]);
  const changedIds = added.map(({ merge }) => merge.columns.id);
  const ids = [...created.map(({ row }) => row.id), ...changedIds];
  if (ids.length > 0) await publishProducts(tx, ids);
  return { written, stockCommandIds };
}

/** Stores what inventory is to be told, in bundles; answers one command of each, which brings the others. */
async function storeStock(tx: Tx, commands: readonly NewStockCommand[]): Promise<string[]> {
  const bundles = bundlesOf(commands);
  const bundled = bundles.flatMap((bundle) => {
    const bundleId = bundle.length > 1 ? uuidv7() : null;
    return bundle.map((command) => ({ ...command, bundleId }));
  });
  await insertStockCommands(tx, bundled);
  return bundles.map(([first]) => first!.id);
}

/** Names as ids, and SKUs by pattern where the file has none; each is asked once for the whole batch. */
async function makingsOf(
  tx: Tx,
  accepted: readonly Accepted[],
  codes: ImportCodes,
): Promise<Making[]> {
  const plans = accepted.map(({ planned }) => planned.plan);
  const suppliers = await suppliersOfAll(tx, plans);
  const facts = await factColumnsOf(
    tx,
    plans.map((plan) => plan.facts),
  );
  const skus = await skusOfAll(tx, accepted, codes);
  return accepted.map((_, index) => ({
    skus: skus[index]!,
    columns: { ...suppliers[index]!, ...facts[index] },
  }));
}

/** Of each product the SKUs of its new variants. */
async function skusOfAll(
  tx: Tx,
  accepted: readonly Accepted[],
  codes: ImportCodes,
): Promise<string[][]> {
  const added = accepted.map(({ matches }) => newOnes(matches));
  const isWithout = (variants: readonly VariantPlan[]) => variants.some(({ sku }) => sku === null);
  const wanted = accepted.flatMap(({ planned }, index) =>
    isWithout(added[index]!) ? { product: planned.plan, variants: added[index]! } : [],
  );
  const wishes =
    wanted.length === 0 ? [] : await skuWishesOf(tx, wanted, { others: [...codes.given.skus] });
  let next = 0;
  return added.map((variants) => {
    const own = isWithout(variants) ? wishes[next++]! : [];
    return variants.map(({ sku }, index) => {
      if (sku !== null) return sku;
      const { free } = own[index]!;
      codes.give({ sku: free, barcode: null });
      return free;
    });
  });
}

type Source = { one: Accepted; making: Making };

function newProductOf(tenantId: string, { row }: ImportJob, { one, making }: Source): NewProduct {
  const { plan, rowOfVariant } = one.planned;
  const origin = { importId: row.id, rowOfVariant };
  return newProduct(tenantId, plan, { ...making, handle: plan.handle, origin });
}

function changeOf(tenantId: string, { row }: ImportJob, { one, making }: Source): Added {
  const { planned, matches } = one;
  const state = one.state!;
  const { skus, columns } = making;
  const merge = mergedProduct(state, planned.plan, { columns, matches });
  const plan = addedVariants(state.variants, matches);
  const place = { tenantId, productId: state.product.id, skus, media: merge.mediaIds };
  const rows = variantRows(place, plan);
  if (rows.length === 0) return { merge, rows, stock: [] };
  const fileRows = matches.filter((match) => match.row === undefined);
  const rowOfVariant = fileRows.map(({ fileRow }) => fileRow ?? 0);
  const origin = { importId: row.id, rowOfVariant };
  const stock = stockCommandOf({ productId: state.product.id, rows, plan, origin });
  return { merge, rows, stock: [stock] };
}

async function storeChanges(tx: Tx, changes: readonly Added[]): Promise<void> {
  if (changes.length === 0) return;
  const merges = changes.map(({ merge }) => merge);
  await updateProductRows(
    tx,
    merges.map(({ columns }) => columns),
  );
  await updateOptionRows(
    tx,
    merges.flatMap(({ options }) => options),
  );
  await insertMediaRows(
    tx,
    merges.flatMap(({ media }) => media),
  );
  await updateVariantRows(
    tx,
    merges.flatMap(({ variants }) => variants),
  );
  const rows = changes.flatMap((change) => change.rows);
  if (rows.length === 0) return;
  await insertVariantRows(tx, rows);
  await applyValueImages(tx, [...new Set(rows.map(({ productId }) => productId))]);
}

/** The counts that the rows give of variants that were there; only where they are asked for. */
function countsOf({ row: job }: ImportJob, { planned, matches }: Accepted): CountLine[] {
  if (job.existingStock !== 'SET') return [];
  return matches.flatMap(({ plan, row, fileRow = 0 }, index) => {
    const onHand = planned.countOfVariant[index];
    if (row === undefined || onHand === undefined || plan.tracking !== 'QUANTITY') return [];
    return { sku: row.sku, location: job.locationCode, onHand, row: fileRow };
  });
}
