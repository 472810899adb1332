import { foldedIdentifier, gtin14, refuse } from '@onecount/refusal';
import type { PlanRefusal, SaveRefusal } from '../product/product.errors.ts';
import {
  isSameCode,
  matchVariants,
  mergeRefusal,
  newOnes,
  type Match,
  type ProductState,
} from '../product/product.merge.ts';
import { firstTaken } from '../product/product.save.ts';
import { firstFree, type ProductPlan } from '../product/product.ts';
import { mediaMax } from '../media/media.ts';
import { tooMany } from './csv-pictures.ts';
import type { Planned } from './csv-product.ts';
import { refusedRow } from './csv-refusal.ts';
import type { RowError } from './csv-row.ts';
import type { Known } from './import-known.ts';
import type { ImportJob } from './product-import.ts';

// What becomes of a product of a file, decided before anything is written.

/** A product that comes in, as it does so; `state` where it changes one that is there. */
export type Accepted = { planned: Planned; state: ProductState | undefined; matches: Match[] };
export type Decision = { accepted: Accepted; error?: undefined } | { error: RowError };
type WriteRefusal = PlanRefusal | SaveRefusal | ReturnType<typeof handleExists>;

/**
 * A product is not lost for a code that another one has: it comes in without the code, a new one also with the next
 * number behind a SKU, warned. What it takes is not free for the next one.
 */
export function decide(job: ImportJob, given: Planned, known: Known): Decision {
  const { handle } = given.plan;
  const state = known.states.get(handle);
  if (state !== undefined && !job.row.overwriteExisting) {
    return { error: errorOf(handleExists(handle), job, given) };
  }
  for (let planned = given; ;) {
    const matches = matchVariants(planned.plan, state?.variants ?? [], planned.rowOfVariant);
    const refusal = refusalOf(planned.plan, { state, matches }, known);
    if (refusal === null) return accept(job, { planned, state, matches }, known);
    const next =
      withoutTakenCode(job, planned, refusal) ??
      (state === undefined ? withNumberedSku(job, planned, { refusal, known }) : null);
    if (next === null) return { error: errorOf(refusal, job, planned) };
    planned = next;
  }
}

function refusalOf(
  plan: ProductPlan,
  { state, matches }: Pick<Accepted, 'state' | 'matches'>,
  { codes }: Known,
): WriteRefusal | null {
  return state === undefined
    ? firstTaken(plan.variants, codes)
    : mergeRefusal(state, plan, { matches, taken: codes });
}

function accept(job: ImportJob, wanted: Accepted, known: Known): Decision {
  const planned = withinPictures(wanted.planned, wanted.state?.media ?? []);
  const more = planned.warnings.slice(wanted.planned.warnings.length);
  const refused = more.find(({ code }) => job.row.warningsRefused.includes(code));
  if (refused !== undefined) return { error: refused };
  take(wanted.matches, known);
  return { accepted: { ...wanted, planned } };
}

/** The pictures that are there count too: of the new ones as many come in as there is room for. */
function withinPictures(planned: Planned, present: readonly { url: string }[]): Planned {
  const { plan, firstRow: row } = planned;
  const known = new Set(present.map(({ url }) => url));
  const added = plan.media.filter(({ url }) => !known.has(url));
  const surplus = new Set(added.slice(Math.max(0, mediaMax - known.size)).map(({ url }) => url));
  if (surplus.size === 0) return planned;
  const notes = [...surplus].map((url): RowError => ({
    ...{ row, handle: plan.handle, value: url.slice(0, 200) },
    ...{ code: 'IMAGE_NOT_KEPT', message: tooMany(url) },
  }));
  const media = plan.media.filter(({ url }) => !surplus.has(url));
  return { ...planned, plan: { ...plan, media }, warnings: [...planned.warnings, ...notes] };
}

function take(matches: readonly Match[], { codes }: Known): void {
  for (const plan of newOnes(matches)) codes.give(plan);
  for (const { plan, row } of matches) {
    if (!row || plan.barcode === null || isSameCode(plan.barcode, row.barcode)) continue;
    if (row.barcode !== null) codes.release(row.barcode);
    codes.give({ sku: null, barcode: plan.barcode });
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
function withNumberedSku(
  job: ImportJob,
  planned: Planned,
  { refusal, known }: { refusal: WriteRefusal; known: Known },
): Planned | null {
  if (refusal.__typename !== 'SkuTaken' || job.row.repeatedSku !== 'NUMBER') return null;
  const { sku } = refusal;
  const own = new Set(planned.plan.variants.map((variant) => foldedIdentifier(variant.sku ?? '')));
  const isTaken = (name: string) => {
    const key = foldedIdentifier(name);
    return own.has(key) || known.numbered.has(key) || known.codes.hasSku(name);
  };
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

function handleExists(handle: string) {
  const message = `A product with the handle ${handle} exists; import with overwriteExisting to change it.`;
  return refuse('HandleExists', 'HANDLE_EXISTS', message, { handle });
}

/** The refusal as an error of the row where a person would mend it. */
function errorOf(
  refusal: WriteRefusal,
  { columns }: ImportJob,
  { plan, rowOfVariant, firstRow }: Planned,
): RowError {
  const place = { first: firstRow, rowOfVariant, columns };
  return { ...refusedRow(refusal, place, plan), handle: plan.handle };
}
