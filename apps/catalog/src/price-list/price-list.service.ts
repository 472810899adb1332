import { exactlyOne, uuidv7, type Database, type KeyHolder, type Tx } from '@onecount/db';
import {
  foldedIdentifier,
  invalidInput,
  isGiven,
  isRefusal,
  isUuid,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type { PriceListCancelInput, PriceListCreateInput } from '../generated/resolver-types.ts';
import { AmountProblem, changedAmount } from '../matrix/amount-change.ts';
import { variantRowsRefused } from '../matrix/matrix.errors.ts';
import type { RowRefusal } from '../matrix/matrix.ts';
import { publishChange } from '../product/product.events.ts';
import { textRefusal } from '../product/product.input.ts';
import { lockProduct, lockProductsOfVariants, productsById } from '../product/product.sql.ts';
import { variantsMax } from '../product/product.ts';
import {
  allVariantsOf,
  variantsById,
  variantsBySku,
  type VariantView,
} from '../variant/variant.sql.ts';
import {
  applyPriceLists,
  cancelPriceList,
  forgetDue,
  insertPriceList,
  isTimeZone,
  priceListsById,
  productsDue,
  type PriceListEntry,
} from './price-list.sql.ts';

const productsMax = 100;
const dueAtOnce = 100;
/** A time as a clock shows it, with minutes and perhaps seconds. */
const localForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;

export type PriceListService = ReturnType<typeof createPriceListService>;

export function createPriceListService(deps: { db: Database; wake(): void }) {
  const { db, wake } = deps;
  return {
    async create(caller: KeyHolder, input: PriceListCreateInput) {
      const refusal = textRefusal(input) ?? listRefusal(input);
      if (refusal) return refusal;
      const command = { operation: 'priceListCreate', input, afterCommit: [wake] };
      return db.command(
        caller,
        command,
        (tx) => createList(tx, input),
        async (tx, id) => ({
          __typename: 'PriceListCreateSuccess' as const,
          priceList: exactlyOne(await priceListsById(tx, [id])),
        }),
      );
    },

    async cancel(caller: KeyHolder, input: PriceListCancelInput) {
      const refusal = textRefusal(input);
      if (refusal) return refusal;
      const command = { operation: 'priceListCancel', input, afterCommit: [wake] };
      return db.command(
        caller,
        command,
        (tx) => cancelList(tx, input.id),
        async (tx, id) => ({
          __typename: 'PriceListCancelSuccess' as const,
          priceList: exactlyOne(await priceListsById(tx, [id])),
        }),
      );
    },

    /**
     * Brings the prices of products whose moment has come to what their lists say; answers of how many. Each product is
     * a transaction behind its lock: whoever comes second, here or in another process, finds nothing to change.
     */
    async applyDue(): Promise<number> {
      const due = await db.asSystem('sweeper', (tx) => productsDue(tx, dueAtOnce));
      for (const { tenantId, productId } of due) {
        await db.inTransaction(tenantId, (tx) => applyTo(tx, productId));
      }
      return due.length;
    },
  };
}

async function applyTo(tx: Tx, productId: string): Promise<void> {
  if ((await lockProduct(tx, productId)) === undefined) return forgetDue(tx, productId);
  if (!(await applyPriceLists(tx, productId))) return;
  await publishChange(tx, productId);
}

async function cancelList(tx: Tx, id: string): Promise<string | NotFound> {
  const [list] = isUuid(id) ? await priceListsById(tx, [id]) : [];
  if (list === undefined) return notFound('PriceList', id);
  await cancelPriceList(tx, list.id);
  return list.id;
}

function listRefusal(input: PriceListCreateInput): InvalidInput | undefined {
  const { name, startsAtLocal, endsAtLocal, kind, entries, productIds, change } = input;
  if (name.trim() === '' || name.trim().length > 255) {
    return invalidInput('name', 'A name has 1–255 characters.', name);
  }
  for (const [field, text] of Object.entries({ startsAtLocal, endsAtLocal })) {
    if (isGiven(text) && !isLocalTime(text)) {
      return invalidInput(field, `${text} is no time like 2026-12-04T18:00.`, text);
    }
  }
  if (isGiven(endsAtLocal) && (kind === 'PRICE_CHANGE' || endsAtLocal <= startsAtLocal)) {
    const message =
      kind === 'PRICE_CHANGE' ? 'A price change has no end.' : 'The end is behind the beginning.';
    return invalidInput('endsAtLocal', message, endsAtLocal);
  }
  if ((entries?.length ?? 0) > variantsMax) {
    return invalidInput('entries', `At most ${variantsMax} prices.`, entries?.length);
  }
  if ((productIds?.length ?? 0) > productsMax) {
    return invalidInput('productIds', `At most ${productsMax} products.`, productIds?.length);
  }
  if ((productIds?.length ?? 0) > 0 !== isGiven(change)) {
    return invalidInput('change', 'Give productIds and change together.');
  }
  if ((entries?.length ?? 0) + (productIds?.length ?? 0) > 0) return undefined;
  return invalidInput('entries', 'A list has at least one price.');
}

function isLocalTime(text: string): boolean {
  if (!localForm.test(text)) return false;
  const time = new Date(`${text}Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

/** Refusals in this order: time zone, unknown products, then all entries together. */
async function createList(tx: Tx, input: PriceListCreateInput) {
  if (!(await isTimeZone(tx, input.timeZone))) {
    return invalidInput('timeZone', `${input.timeZone} is no IANA time zone.`, input.timeZone);
  }
  const refusals: RowRefusal[] = [];
  const byChange = await entriesByChange(tx, input, refusals);
  if (isRefusal(byChange)) return byChange;
  const named = await namedEntries(tx, input, refusals);
  if (refusals.length > 0) return variantRowsRefused(refusals);
  // A named price goes before that of a change for all.
  const entries = new Map([...byChange, ...named].map((entry) => [entry.variantId, entry]));
  if (entries.size === 0) return invalidInput('productIds', 'None of their variants has a price.');
  // A variant must not leave its product meanwhile: the product is what the worker looks at.
  await lockProductsOfVariants(tx, [...entries.keys()]);
  const id = uuidv7();
  const { name, kind, timeZone, startsAtLocal, endsAtLocal } = input;
  await insertPriceList(
    tx,
    {
      ...{ id, name: name.trim(), kind: kind ?? 'SALE', timeZone },
      ...{ startsAt: startsAtLocal, endsAt: endsAtLocal ?? null },
    },
    [...entries.values()],
  );
  return id;
}

async function entriesByChange(
  tx: Tx,
  { productIds, change }: PriceListCreateInput,
  refusals: RowRefusal[],
): Promise<PriceListEntry[] | NotFound> {
  const ids = productIds ?? [];
  const known = await productsById(tx, false, ids.filter(isUuid));
  const found = new Set(known.map(({ id }) => id));
  const unknown = ids.find((id) => !found.has(id.toLowerCase()));
  if (unknown !== undefined) return notFound('Product', unknown);
  const variants = found.size === 0 ? [] : await allVariantsOf(tx, [...found]);
  return variants.flatMap((variant) =>
    variant.priceMinor === null ? [] : entryOf(variant, { change: change!, row: null, refusals }),
  );
}

async function namedEntries(
  tx: Tx,
  { entries }: PriceListCreateInput,
  refusals: RowRefusal[],
): Promise<PriceListEntry[]> {
  const asked = entries ?? [];
  const ids = asked.flatMap(({ variantId }) => (isUuid(variantId ?? '') ? variantId! : []));
  const skus = asked.flatMap(({ sku }) => sku ?? []);
  const variants = [
    ...(await variantsById(tx, false, ids)),
    ...(await variantsBySku(tx, false, skus)),
  ].filter(({ removedAt }) => removedAt === null);
  const byId = new Map(variants.map((variant) => [variant.id, variant]));
  const bySku = new Map(variants.map((variant) => [foldedIdentifier(variant.sku), variant]));
  const seen = new Set<string>();
  return asked.flatMap(({ variantId, sku, price }, index) => {
    const row = index + 1;
    const variant = isGiven(variantId)
      ? byId.get(variantId.toLowerCase())
      : bySku.get(foldedIdentifier(sku ?? ''));
    if (variant === undefined || isGiven(variantId) === isGiven(sku) || seen.has(variant.id)) {
      const message = 'An entry names a variant by its id or its SKU, and each once.';
      const value = variantId ?? sku ?? null;
      refusals.push({
        row,
        sku: sku ?? null,
        field: isGiven(variantId) ? 'variantId' : 'sku',
        value,
        message,
      });
      return [];
    }
    seen.add(variant.id);
    return entryOf(variant, { change: { set: price }, row, refusals });
  });
}

function entryOf(
  variant: VariantView,
  how: {
    change: NonNullable<PriceListCreateInput['change']>;
    row: number | null;
    refusals: RowRefusal[];
  },
): PriceListEntry[] {
  const { id: variantId, sku, currencyCode } = variant;
  const refuse = (message: string, value: string | null = null) =>
    void how.refusals.push({ row: how.row, sku, field: 'price', value, message });
  if (currencyCode === null) {
    refuse('The variant has no currency yet: give it a price of its own first.');
    return [];
  }
  try {
    const priceMinor = changedAmount({ ...variant, currencyCode }, 'priceMinor', how.change);
    if (priceMinor !== null) return [{ variantId, currencyCode, priceMinor }];
    refuse('An entry needs a price.');
  } catch (err) {
    if (!(err instanceof AmountProblem)) throw err;
    refuse(err.message, err.value);
  }
  return [];
}
