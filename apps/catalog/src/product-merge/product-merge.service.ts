import { exactlyOne, type Database, type EntityTx, type KeyHolder } from '@onecount/db';
import { invalidInput, isGiven, isRefusal, type InvalidInput } from '@onecount/refusal';
import type { ProductsMergeInput } from '../generated/resolver-types.ts';
import { mediaLimitExceeded } from '../media/media.errors.ts';
import { mediaMax } from '../media/media.ts';
import { valuesOfVariants } from '../option/option.sql.ts';
import type { ProductRow } from '../product/product.entity.ts';
import { textRefusal } from '../product/product.input.ts';
import { lockAt } from '../product/product.lock.ts';
import { optionsOfProducts, productsById } from '../product/product.sql.ts';
import { optionsMax, titleLengthMax } from '../product/product.ts';
import { retryingTaken } from '../product/taken.ts';
import { textsOfWhole, type PageTexts } from '../product-split/page-texts.ts';
import { openingStockPending } from '../product-split/product-split.errors.ts';
import { optionDraft, shownOptions } from '../product-split/product-split.service.ts';
import { awaitingStock } from '../product-split/variant-move.sql.ts';
import { storeMerge } from './merge-store.ts';
import { picturesTogether } from './product-merge.sql.ts';
import { mergeOf, type Part } from './product-merge.ts';

type Named = { productId: string; productVersion: number; value?: string | null };

const partsMax = 100;

export function createProductMergeService({ db }: { db: Database }) {
  return {
    async merge(caller: KeyHolder, input: ProductsMergeInput) {
      return (
        textRefusal(input) ??
        namesRefusal(input) ??
        retryingTaken(() =>
          db.entityCommand(
            caller,
            { operation: 'productsMerge', input, passing: ['OpeningStockPending'] },
            (tx) => merge(tx, input),
            async (tx, kept) => ({
              __typename: 'ProductsMergeSuccess' as const,
              ...{ ...kept, isDryRun: input.isDryRun ?? false },
              product: exactlyOne(await productsById(tx, false, [input.productId])),
            }),
          ),
        )
      );
    },
  };
}

function namesRefusal({
  productId,
  products,
  optionPosition,
}: ProductsMergeInput): InvalidInput | undefined {
  if (isGiven(optionPosition) && (optionPosition < 1 || optionPosition > optionsMax)) {
    const message = `An option is the first, second or third: 1–${optionsMax}.`;
    return invalidInput('optionPosition', message, optionPosition);
  }
  if (products.length < 1 || products.length >= partsMax) {
    return invalidInput('products', `Name 1–${partsMax - 1} siblings.`, products.length);
  }
  const ids = [productId, ...products.map((one) => one.productId)].map((id) => id.toLowerCase());
  const twice = ids.findIndex((id, at) => ids.indexOf(id) < at);
  if (twice < 0) return undefined;
  const field = `products.${twice - 1}.productId`;
  return invalidInput(field, 'A product is named once.', ids[twice]);
}

/**
 * Refusals in this order: unknown, version, no siblings, stock on its way, what cannot be joined, pictures, title. Each
 * of the first two names the first product in the order of their ids, in which they are locked.
 */
async function merge(tx: EntityTx, input: ProductsMergeInput) {
  const named: Named[] = [input, ...input.products];
  const locked = await lockAll(tx, named);
  if (isRefusal(locked)) return locked;
  const [lead, ...others] = locked as [ProductRow, ...ProductRow[]];
  const stranger = strangerRefusal(lead, others);
  if (stranger !== undefined) return stranger;
  const waiting = await awaitingStock(
    tx,
    locked.map(({ id }) => id),
  );
  if (waiting !== undefined) return openingStockPending(locked.find(({ id }) => id === waiting)!);
  const parts: Part[] = [];
  for (const [at, product] of locked.entries()) parts.push(await partOf(tx, product, named[at]!));
  const option = input.option?.trim() ?? null;
  const plan = mergeOf(parts, { option, optionPosition: input.optionPosition ?? null });
  if (isRefusal(plan)) return plan;
  const pictures = await picturesTogether(
    tx,
    locked.map(({ id }) => id),
  );
  if (pictures > mediaMax) return mediaLimitExceeded({ requested: pictures, limit: mediaMax });
  const texts = textsFor(lead, plan.valuesOfFirst, input.title);
  if (isRefusal(texts)) return texts;
  if (!input.isDryRun) {
    await storeMerge(tx, { lead, others, optionsBefore: parts[0]!.options, texts, plan });
  }
  const handlesTaken = others.map(({ handle }) => handle);
  const { variantsTotal } = plan;
  const options = shownOptions(plan.options);
  return { ...texts, options, variantsTotal, handle: lead.handle, handlesTaken };
}

/** All of them, in the order that they are named; locked in key order, as everybody locks several. */
async function lockAll(tx: EntityTx, named: readonly Named[]) {
  const locked = new Map<string, ProductRow>();
  const inKeyOrder = [...named].sort((a, b) =>
    a.productId.toLowerCase() < b.productId.toLowerCase() ? -1 : 1,
  );
  for (const { productId, productVersion } of inKeyOrder) {
    const product = await lockAt(tx, productId, productVersion);
    if (isRefusal(product)) return product;
    locked.set(productId, product);
  }
  return named.map(({ productId }) => locked.get(productId)!);
}

function strangerRefusal(
  lead: ProductRow,
  others: readonly ProductRow[],
): InvalidInput | undefined {
  const at = others.findIndex(
    ({ productGroupId }) => productGroupId === null || productGroupId !== lead.productGroupId,
  );
  if (at < 0) return undefined;
  const { title, id } = others[at]!;
  const message = `${title} is no sibling of ${lead.title}: give both one product group first.`;
  return invalidInput(`products.${at}.productId`, message, id);
}

async function partOf(tx: EntityTx, { id, title }: ProductRow, { value }: Named): Promise<Part> {
  const options = (await optionsOfProducts(tx, [id])).map(optionDraft);
  return { title, options, variants: await valuesOfVariants(tx, id), value: value?.trim() ?? null };
}

/** The first product's texts, without the values behind them that told it from its siblings. */
function textsFor(
  { title, seoTitle, seoDescription }: ProductRow,
  values: readonly string[],
  wanted: string | null | undefined,
): PageTexts | InvalidInput {
  const texts = textsOfWhole({ title, seoTitle, seoDescription }, values);
  if (!isGiven(wanted)) return texts;
  const given = wanted.trim();
  if (given !== '' && given.length <= titleLengthMax) return { ...texts, title: given };
  return invalidInput('title', `A title has 1–${titleLengthMax} characters.`, wanted);
}
