import type { Database, EntityTx, KeyHolder, Tx } from '@onecount/db';
import { isGiven, isRefusal, invalidInput } from '@onecount/refusal';
import type { ProductOption, ProductSplitInput } from '../generated/resolver-types.ts';
import { valuesOfVariants } from '../option/option.sql.ts';
import type { ProductRow } from '../product/product.entity.ts';
import { handleTaken } from '../product/product.errors.ts';
import { textRefusal } from '../product/product.input.ts';
import { lockAt } from '../product/product.lock.ts';
import {
  lockHandle,
  optionsOfProducts,
  productsById,
  unfreeHandles,
} from '../product/product.sql.ts';
import { firstFree, slugOf, type OptionDraft } from '../product/product.ts';
import { retryingTaken } from '../product/taken.ts';
import { openingStockPending } from './product-split.errors.ts';
import { siblingsOf, type Sibling } from './product-split.ts';
import { storeSplit } from './split-store.ts';
import { awaitingStock } from './variant-move.sql.ts';

type Made = Omit<Sibling, 'handle' | 'variants' | 'options'> & {
  productId: string | null;
  handle: string;
  options: ProductOption[];
};

export function createProductSplitService({ db }: { db: Database }) {
  return {
    async split(caller: KeyHolder, input: ProductSplitInput) {
      return (
        textRefusal(input) ??
        retryingTaken(() =>
          db.entityCommand(
            caller,
            { operation: 'productSplit', input, passing: ['OpeningStockPending'] },
            (tx) => split(tx, input),
            async (tx, { made }) => ({
              __typename: 'ProductSplitSuccess' as const,
              isDryRun: input.isDryRun ?? false,
              siblings: await shownSiblings(tx, made),
            }),
          ),
        )
      );
    },
  };
}

async function shownSiblings(tx: Tx, made: readonly Made[]) {
  const ids = made.flatMap(({ productId }) => productId ?? []);
  const rows = new Map((await productsById(tx, false, ids)).map((row) => [row.id, row]));
  return made.map((one) => ({ ...one, product: rows.get(one.productId ?? '') ?? null }));
}

/** Refusals in this order: unknown, version, stock on its way, what cannot be shared out, handles. */
async function split(tx: EntityTx, input: ProductSplitInput) {
  const parent = await lockAt(tx, input.productId, input.productVersion);
  if (isRefusal(parent)) return parent;
  if ((await awaitingStock(tx, [parent.id])) !== undefined) return openingStockPending(parent);
  const options = (await optionsOfProducts(tx, [parent.id])).map(optionDraft);
  const variants = await valuesOfVariants(tx, parent.id);
  const { title, seoTitle, seoDescription } = parent;
  const whole = { title, seoTitle, seoDescription, options, variants };
  const planned = siblingsOf(whole, input);
  if (isRefusal(planned)) return planned;
  const handles = await handlesOf(tx, parent, planned.siblings);
  if (isRefusal(handles)) return handles;
  const ids = input.isDryRun
    ? [parent.id]
    : await storeSplit(tx, { parent, options, handles, ...planned });
  const made = planned.siblings.map(({ variants: _, ...sibling }, at): Made => ({
    ...sibling,
    ...{ handle: handles[at]!, productId: ids[at] ?? null, options: shownOptions(sibling.options) },
  }));
  return { made };
}

export const optionDraft = ({ name, values }: OptionDraft): OptionDraft => ({ name, values });

export const shownOptions = (options: readonly OptionDraft[]): ProductOption[] =>
  options.map((option, at) => ({ ...option, position: at + 1 }));

/** A free handle for each sibling; the first keeps the parent's. */
async function handlesOf(tx: EntityTx, parent: ProductRow, siblings: readonly Sibling[]) {
  const [first, ...others] = siblings;
  if (isGiven(first!.handle)) {
    const message = 'The first sibling is the product itself and keeps its handle.';
    return invalidInput('groups.0.handle', message, first!.handle);
  }
  const handles = [parent.handle];
  for (const { title, handle } of others) {
    const wanted = slugOf(handle ?? title) || 'product';
    await lockHandle(tx, wanted);
    const isAskedFor = isGiven(handle);
    const taken = await unfreeHandles(tx, wanted, { isAskedFor });
    for (const one of handles) taken.add(one);
    if (isAskedFor && taken.has(wanted)) return handleTaken(wanted);
    handles.push(firstFree(wanted, (candidate) => taken.has(candidate)));
  }
  return handles;
}
