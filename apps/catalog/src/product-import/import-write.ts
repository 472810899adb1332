import type { EntityTx } from '@onecount/db';
import { codeKey, foldedIdentifier, gtin14, isRefusal, refuse } from '@onecount/refusal';
import {
  barcodeTaken,
  skuTaken,
  type PlanRefusal,
  type SaveRefusal,
} from '../product/product.errors.ts';
import { overwriteProduct } from '../product/product.overwrite.ts';
import { insertProduct } from '../product/product.save.ts';
import { lockProductByHandle } from '../product/product.sql.ts';
import { firstFree, type ProductPlan } from '../product/product.ts';
import { storeCounts } from '../stock-command/stock-command.sql.ts';
import { skusBeginning } from '../variant/variant.sql.ts';
import type { GroupPlan } from './csv-product.ts';
import { refusedRow } from './csv-refusal.ts';
import type { RowError } from './csv-row.ts';
import type { ImportJob } from './product-import.ts';

export type Planned = Extract<GroupPlan, { errors?: undefined }>;
export type Written = {
  productId: string;
  stockCommandIds: string[];
  outcome: 'CREATED' | 'UPDATED' | 'UNCHANGED';
  /** With what was warned of while it was written. */
  planned: Planned;
};
export type HandleExists = ReturnType<typeof handleExists>;
export type WriteRefusal = PlanRefusal | SaveRefusal | HandleExists;

/**
 * Writes one product. It is not lost for a code that another one has: a new product comes in without the code, and with
 * the next number behind a SKU, warned.
 */
export async function writeProduct(
  tx: EntityTx,
  job: ImportJob,
  planned: Planned,
): Promise<Written | WriteRefusal> {
  const existing = await lockProductByHandle(tx, planned.plan.handle);
  if (existing === undefined) return createProduct(tx, job, planned);
  if (!job.row.overwriteExisting) return handleExists(planned.plan.handle);
  const { plan, rowOfVariant } = planned;
  const saved = await overwriteProduct(tx, existing, plan, { importId: job.row.id, rowOfVariant });
  if (isRefusal(saved)) {
    const next = withoutTakenCode(job, planned, saved);
    return next === null ? saved : writeProduct(tx, job, next);
  }
  const { productId, stockCommandId, isChanged, existingSkus } = saved;
  const counts = await countsOf(tx, job, planned, existingSkus);
  const stockCommandIds = [stockCommandId, counts].filter((id) => id !== null);
  return { productId, stockCommandIds, outcome: isChanged ? 'UPDATED' : 'UNCHANGED', planned };
}

async function createProduct(
  tx: EntityTx,
  job: ImportJob,
  planned: Planned,
): Promise<Written | WriteRefusal> {
  const { plan, rowOfVariant } = planned;
  const saved =
    claimedBefore(job, plan) ??
    (await insertProduct(tx, plan, { importId: job.row.id, rowOfVariant }));
  if (!isRefusal(saved)) {
    const { productId, stockCommandId } = saved;
    return { productId, stockCommandIds: [stockCommandId], outcome: 'CREATED', planned };
  }
  const next =
    withoutTakenCode(job, planned, saved) ?? (await withNumberedSku(tx, job, planned, saved));
  return next === null ? saved : createProduct(tx, job, next);
}

/** Nothing of a dry run stands in the database: what it has given away is remembered. */
function claimedBefore({ claimed }: ImportJob, { variants }: ProductPlan): SaveRefusal | null {
  if (claimed === undefined) return null;
  for (const { sku, barcode } of variants) {
    if (sku !== null && claimed.has(`sku ${foldedIdentifier(sku)}`)) return skuTaken(sku);
    if (barcode !== null && claimed.has(`code ${codeKey(barcode)}`)) return barcodeTaken(barcode);
  }
  return null;
}

/** Remembers what a product of a dry run would take. */
export function claim({ claimed }: ImportJob, { variants }: ProductPlan): void {
  for (const { sku, barcode } of variants) {
    if (sku !== null) claimed?.add(`sku ${foldedIdentifier(sku)}`);
    if (barcode !== null) claimed?.add(`code ${codeKey(barcode)}`);
  }
}

function withoutTakenCode(job: ImportJob, planned: Planned, refusal: WriteRefusal): Planned | null {
  if (refusal.__typename !== 'BarcodeTaken') return null;
  const { barcode } = refusal;
  const what = gtin14(barcode) === null ? `"${barcode}"` : `Barcode ${barcode}`;
  const message = `${what} is scanned for another variant; here it is left out.`;
  return changed(job, planned, {
    refusal,
    note: { code: 'BARCODE_NOT_KEPT', message },
    change: (variant) => (variant.barcode === barcode ? { ...variant, barcode: null } : variant),
  });
}

/** A SKU that another product has, as a storefront allows it. */
async function withNumberedSku(
  tx: EntityTx,
  job: ImportJob,
  planned: Planned,
  refusal: WriteRefusal,
): Promise<Planned | null> {
  if (refusal.__typename !== 'SkuTaken' || job.row.repeatedSku !== 'NUMBER') return null;
  const { sku } = refusal;
  const taken = await skusBeginning(tx, [sku]);
  for (const { sku: own } of planned.plan.variants) if (own) taken.add(foldedIdentifier(own));
  const isTaken = (name: string) =>
    taken.has(foldedIdentifier(name)) || job.claimed?.has(`sku ${foldedIdentifier(name)}`) === true;
  const free = firstFree(sku, isTaken);
  const message = `SKU ${sku} belongs to another product; this one is ${free}.`;
  return changed(job, planned, {
    refusal,
    note: { code: 'SKU_NUMBERED', message },
    change: (variant) => (variant.sku === sku ? { ...variant, sku: free } : variant),
  });
}

/** The plan with the change, and a warning at the row that the refusal is about; null where warnings refuse. */
function changed(
  job: ImportJob,
  planned: Planned,
  by: {
    refusal: WriteRefusal;
    note: Pick<RowError, 'code' | 'message'>;
    change(variant: ProductPlan['variants'][number]): ProductPlan['variants'][number];
  },
): Planned | null {
  if (job.row.warningsRefused.includes(by.note.code)) return null;
  const { code: _, message: __, ...place } = errorOf(by.refusal, job, planned);
  const plan = { ...planned.plan, variants: planned.plan.variants.map(by.change) };
  return { ...planned, plan, warnings: [...planned.warnings, { ...place, ...by.note }] };
}

/** The counts that the rows give of variants that were there; only where they are asked for. */
async function countsOf(
  tx: EntityTx,
  { row }: ImportJob,
  { plan, rowOfVariant, countOfVariant }: Planned,
  existingSkus: readonly (string | null)[],
): Promise<string | null> {
  if (row.existingStock !== 'SET') return null;
  const counts = plan.variants.flatMap(({ tracking }, index) => {
    const [sku, onHand] = [existingSkus[index], countOfVariant[index]];
    if (!sku || onHand === undefined || tracking !== 'QUANTITY') return [];
    return { sku, location: row.locationCode, onHand, row: rowOfVariant[index] ?? 0 };
  });
  if (counts.length === 0) return null;
  return storeCounts(tx, { importId: row.id, isOverwriting: true, counts });
}

function handleExists(handle: string) {
  const message = `A product with the handle ${handle} exists; import with overwriteExisting to change it.`;
  return refuse('HandleExists', 'HANDLE_EXISTS', message, { handle });
}

/** The refusal as an error of the row where a person would mend it. */
export function errorOf(
  refusal: WriteRefusal,
  { columns }: ImportJob,
  { plan, rowOfVariant, firstRow }: Planned,
): RowError {
  const place = { first: firstRow, rowOfVariant, columns };
  return { ...refusedRow(refusal, place, plan), handle: plan.handle };
}
