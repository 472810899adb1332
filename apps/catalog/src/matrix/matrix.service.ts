import { exactlyOne, type Database, type EntityTx, type KeyHolder } from '@onecount/db';
import {
  codeKey,
  foldedIdentifier,
  invalidInput,
  isGiven,
  isRefusal,
  isWebAddress,
  type InvalidInput,
} from '@onecount/refusal';
import type { VariantsBulkInput, VariantsUpdateInput } from '../generated/resolver-types.ts';
import type { ProductRow } from '../product/product.entity.ts';
import { publishChange } from '../product/product.events.ts';
import { textRefusal } from '../product/product.input.ts';
import { lockAt } from '../product/product.lock.ts';
import { picturesRefusal } from '../media/media-limit.ts';
import { mergeMedia } from '../product/product.overwrite.ts';
import { mediaOfProducts, optionsOfProducts, productsById } from '../product/product.sql.ts';
import type { OptionDraft, ProductWarning } from '../product/product.ts';
import { retryingTaken } from '../product/taken.ts';
import { skuPatternProblem } from '../variant/sku-pattern.ts';
import { skuWishes } from '../variant/sku-wish.ts';
import { allVariantsOf, type VariantView } from '../variant/variant.sql.ts';
import { vendorsById } from '../vendor/vendor.sql.ts';
import { bulkChanged, placed, rowChanged, rowsOf, selected } from './matrix-change.ts';
import { variantRowsRefused } from './matrix.errors.ts';
import { saveMatrix, takenOutside } from './matrix.sql.ts';
import {
  differencesOf,
  matrixWarnings,
  sharedNames,
  type Difference,
  type Draft,
  type RowRefusal,
} from './matrix.ts';
import type { SheetRow } from './sheet.ts';

export type UpdatedMatrix = {
  __typename: 'VariantsUpdateSuccess';
  product: ProductRow;
  isDryRun: boolean;
  differences: Difference[];
  warnings: ProductWarning[];
};

export type MatrixService = ReturnType<typeof createMatrixService>;

export function createMatrixService({ db }: { db: Database }) {
  return {
    async update(caller: KeyHolder, input: VariantsUpdateInput) {
      const refusal = textRefusal(input) ?? bulkRefusal(input.bulk ?? []);
      if (refusal) return refusal;
      const rows = rowsOf(input);
      if (isRefusal(rows)) return rows;
      return retryingTaken(() =>
        db.entityCommand(
          caller,
          { operation: 'variantsUpdate', input },
          (tx) => updateMatrix(tx, input, rows),
          async (tx, kept) => ({
            __typename: 'VariantsUpdateSuccess' as const,
            ...kept,
            product: exactlyOne(await productsById(tx, false, [input.productId])),
          }),
        ),
      );
    },
  };
}

function bulkRefusal(bulk: readonly VariantsBulkInput[]): InvalidInput | undefined {
  for (const [index, { weightGrams, imageUrl }] of bulk.entries()) {
    if (isGiven(weightGrams) && weightGrams < 0) {
      const message = 'A weight is not below zero.';
      return invalidInput(`bulk.${index}.weightGrams`, message, weightGrams);
    }
    if (isGiven(imageUrl) && !isWebAddress(imageUrl)) {
      const message = 'The address of a picture begins with http or https.';
      return invalidInput(`bulk.${index}.imageUrl`, message, imageUrl);
    }
  }
  return undefined;
}

type Matrix = {
  product: ProductRow;
  options: OptionDraft[];
  before: (VariantView & { imageUrl: string | null })[];
  /** As they will be, in their order. */
  drafts: Map<string, Draft>;
  rowOf: Map<string, number>;
  refusals: RowRefusal[];
};

/** Refusals in this order: unknown, version, what a bulk change selects, then all rows together, pictures. */
async function updateMatrix(tx: EntityTx, input: VariantsUpdateInput, rows: readonly SheetRow[]) {
  const product = await lockAt(tx, input.productId, input.productVersion);
  if (isRefusal(product)) return product;
  const matrix = await matrixOf(tx, product);
  const wrong = await applyBulk(tx, matrix, input);
  if (wrong !== null) return wrong;
  applyRows(matrix, input, rows);
  const { drafts, before, refusals, rowOf } = matrix;
  if (refusals.length === 0) {
    refusals.push(...sharedNames(drafts.values(), (id) => rowOf.get(id) ?? null));
    refusals.push(...(await takenNames(tx, matrix)));
  }
  if (refusals.length > 0) return variantRowsRefused(refusals);
  const urls = [...drafts.values()].flatMap(({ imageUrl }) => imageUrl ?? []);
  const tooMany = await picturesRefusal(tx, product.id, { urls, field: 'rows' });
  if (tooMany !== null) return tooMany;
  const differences = differencesOf(before, drafts);
  const isDryRun = input.isDryRun ?? false;
  if (!isDryRun && differences.length > 0) {
    await save(
      tx,
      matrix,
      differences.map(({ id }) => id),
    );
    await publishChange(tx, product.id);
  }
  return { isDryRun, differences, warnings: matrixWarnings([...drafts.values()]) };
}

async function matrixOf(tx: EntityTx, product: ProductRow): Promise<Matrix> {
  const rows = await allVariantsOf(tx, [product.id]);
  const media = new Map((await mediaOfProducts(tx, [product.id])).map(({ id, url }) => [id, url]));
  return {
    product,
    options: await optionsOfProducts(tx, [product.id]),
    before: rows.map((row) => ({ ...row, imageUrl: media.get(row.mediaId ?? '') ?? null })),
    drafts: new Map(rows.map((row) => [row.id, { ...row }])),
    rowOf: new Map(),
    refusals: [],
  };
}

async function applyBulk(
  tx: EntityTx,
  { drafts, options, product, refusals }: Matrix,
  input: VariantsUpdateInput,
): Promise<InvalidInput | null> {
  const currencyCode = input.currencyCode ?? undefined;
  for (const [index, bulk] of (input.bulk ?? []).entries()) {
    const ids = selected(drafts, options, bulk, `bulk.${index}`);
    if (isRefusal(ids)) return ids;
    for (const id of ids) {
      drafts.set(id, bulkChanged(drafts.get(id)!, bulk, { currencyCode, refusals }));
    }
    if (!isGiven(bulk.skuPattern)) continue;
    const problem = skuPatternProblem(bulk.skuPattern, options);
    if (problem !== null) {
      return invalidInput(`bulk.${index}.skuPattern`, problem.message, problem.text);
    }
    const skus = await generatedSkus(tx, { drafts, options, product, ids }, bulk.skuPattern);
    for (const [at, id] of ids.entries()) drafts.get(id)!.sku = skus[at]!;
  }
  return null;
}

async function generatedSkus(
  tx: EntityTx,
  {
    drafts,
    options,
    product,
    ids,
  }: Pick<Matrix, 'drafts' | 'options' | 'product'> & { ids: string[] },
  skuPattern: string,
): Promise<string[]> {
  const [vendor] = product.vendorId === null ? [] : await vendorsById(tx, [product.vendorId]);
  const source = {
    ...{ title: product.title, vendor: vendor?.name ?? null, options, skuPattern },
    facts: { styleNumber: product.styleNumber },
  };
  const chosen = new Set(ids);
  const others = [...drafts.values()].filter(({ id }) => !chosen.has(id)).map(({ sku }) => sku);
  const variants = ids.map((id) => ({ sku: null, optionValues: drafts.get(id)!.optionValues }));
  const released = ids.map((id) => drafts.get(id)!.sku);
  const wishes = await skuWishes(tx, source, variants, { released, others });
  return wishes.map(({ free }) => free);
}

function applyRows(matrix: Matrix, input: VariantsUpdateInput, rows: readonly SheetRow[]): void {
  const { drafts, rowOf, refusals } = matrix;
  const bySku = new Map(matrix.before.map(({ id, sku }) => [foldedIdentifier(sku), id]));
  const moves = new Map<string, { row: number; position: number }>();
  const options = {
    currencyCode: input.currencyCode ?? undefined,
    idempotencyKey: input.idempotencyKey,
  };
  for (const { row, given, problem } of rows) {
    const id = given.id?.toLowerCase() ?? bySku.get(foldedIdentifier(given.sku ?? '')) ?? '';
    const draft = drafts.get(id);
    const refuse = ({ field, value, message }: Pick<InvalidInput, 'field' | 'value' | 'message'>) =>
      void refusals.push({ row, sku: draft?.sku ?? given.sku ?? null, field, value, message });
    if (problem !== undefined) refuse(problem);
    else if (draft === undefined || isGiven(given.id) === isGiven(given.sku)) {
      const field = isGiven(given.id) ? 'id' : 'sku';
      const message = 'A row names a variant of the product by its id or its present SKU.';
      refuse(invalidInput(field, message, given[field]));
    } else if (rowOf.has(id)) {
      refuse(invalidInput('sku', `Row ${rowOf.get(id)} is of the same variant.`, draft.sku));
    } else {
      rowOf.set(id, row);
      const after = rowChanged(draft, given, options);
      if (isRefusal(after)) refuse(after);
      else drafts.set(id, after);
      if (isGiven(given.position)) moves.set(id, { row, position: given.position });
    }
  }
  placed(drafts, moves, refusals);
}

async function takenNames(tx: EntityTx, { product, before, drafts, rowOf }: Matrix) {
  const renamed = before.flatMap((row) => {
    const { sku, barcode } = drafts.get(row.id)!;
    const isNewSku = foldedIdentifier(sku) !== foldedIdentifier(row.sku);
    const isNewCode = barcode !== null && barcode !== row.barcode;
    return [
      ...(isNewSku ? [{ row, field: 'sku', value: sku, key: foldedIdentifier(sku) }] : []),
      ...(isNewCode ? [{ row, field: 'barcode', value: barcode, key: codeKey(barcode) }] : []),
    ];
  });
  const valuesOf = (name: string) =>
    renamed.filter(({ field }) => field === name).map(({ value }) => value);
  const names = { skus: valuesOf('sku'), codes: valuesOf('barcode') };
  const taken = renamed.length === 0 ? undefined : await takenOutside(tx, product.id, names);
  return renamed
    .filter(({ field, key }) => taken?.[field === 'sku' ? 'skus' : 'codes'].has(key))
    .map(({ row, field, value }): RowRefusal => {
      const message = `${field === 'sku' ? 'SKU' : 'Code'} ${value} belongs to another variant.`;
      return { row: rowOf.get(row.id) ?? null, sku: row.sku, field, value, message };
    });
}

async function save(tx: EntityTx, matrix: Matrix, ids: readonly string[]): Promise<void> {
  const { before, drafts, product } = matrix;
  const changed = ids.map((id) => drafts.get(id)!);
  const urls = [...new Set(changed.flatMap(({ imageUrl }) => imageUrl ?? []))];
  const media =
    urls.length === 0
      ? new Map<string, string>()
      : await mergeMedia(tx, product.id, { media: urls.map((url) => ({ url })) });
  const rows = changed.map((draft) =>
    draft.imageUrl === undefined
      ? draft
      : { ...draft, mediaId: media.get(draft.imageUrl ?? '') ?? null },
  );
  await saveMatrix(tx, rows, leaving(before, drafts));
}

/** The variants whose present SKU or code another one of the product gets. */
function leaving(before: readonly VariantView[], drafts: ReadonlyMap<string, Draft>) {
  const skuAfter = new Map([...drafts.values()].map(({ id, sku }) => [foldedIdentifier(sku), id]));
  const codeAfter = new Map(
    [...drafts.values()].flatMap(({ id, barcode }) =>
      barcode === null ? [] : [[codeKey(barcode), id] as const],
    ),
  );
  const isOther = (id: string, next: string | undefined) => next !== undefined && next !== id;
  const idsOf = (rows: readonly VariantView[]) => rows.map(({ id }) => id);
  return {
    skus: idsOf(before.filter(({ id, sku }) => isOther(id, skuAfter.get(foldedIdentifier(sku))))),
    codes: idsOf(
      before.filter(
        ({ id, barcode }) => barcode !== null && isOther(id, codeAfter.get(codeKey(barcode))),
      ),
    ),
  };
}
