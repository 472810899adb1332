import { invalidInput, isGiven, isRefusal, shown, type InvalidInput } from '@onecount/refusal';
import type {
  VariantRowInput,
  VariantsBulkInput,
  VariantsUpdateInput,
} from '../generated/resolver-types.ts';
import { variantsMax, type OptionDraft } from '../product/product.ts';
import { changedMoney, variantChangeOf } from '../variant/variant-change.ts';
import { AmountProblem, changedAmount } from './amount-change.ts';
import { reordered, type Draft, type RowRefusal } from './matrix.ts';
import { sheetRows, type SheetRow } from './sheet.ts';

const bulkMax = 50;

/** The rows of the input, wherever they come from. */
export function rowsOf(input: VariantsUpdateInput): SheetRow[] | InvalidInput {
  const { bulk, rows, sheet } = input;
  if (isGiven(rows) && isGiven(sheet)) {
    return invalidInput('sheet', 'Give rows or a sheet, not both.');
  }
  if ((bulk?.length ?? 0) > bulkMax) {
    return invalidInput('bulk', `At most ${bulkMax} changes at once.`, bulk?.length);
  }
  const found = isGiven(sheet)
    ? sheetRows(sheet)
    : (rows ?? []).map((given, index): SheetRow => ({ row: index + 1, given }));
  if (isRefusal(found)) return found;
  if (found.length > variantsMax) {
    const message = `At most ${variantsMax} rows, not ${found.length}.`;
    return invalidInput(isGiven(sheet) ? 'sheet' : 'rows', message, found.length);
  }
  if (found.length + (bulk?.length ?? 0) > 0) return found;
  return invalidInput('rows', 'There is nothing to change: give bulk, rows or a sheet.');
}

/** The ids that a bulk change selects, or what its condition names that is not there. */
export function selected(
  drafts: ReadonlyMap<string, Draft>,
  options: readonly OptionDraft[],
  { where }: VariantsBulkInput,
  field: string,
): string[] | InvalidInput {
  const ids = where?.variantIds?.map((id) => id.toLowerCase());
  const unknown = ids?.find((id) => !drafts.has(id));
  if (unknown !== undefined) {
    const message = 'The product has no such variant.';
    return invalidInput(`${field}.where.variantIds`, message, unknown);
  }
  const choices: { index: number; values: Set<string> }[] = [];
  for (const [at, { option, values }] of (where?.choices ?? []).entries()) {
    const index = options.findIndex(({ name }) => same(name, option));
    const wrong =
      index < 0
        ? option
        : values.find((value) => !options[index]!.values.some((v) => same(v, value)));
    if (wrong !== undefined) {
      const message = `${wrong} is no ${index < 0 ? 'option' : `value of ${option}`} of the product.`;
      return invalidInput(`${field}.where.choices.${at}`, message, wrong);
    }
    choices.push({ index, values: new Set(values.map((value) => value.toLowerCase())) });
  }
  const found = [...(ids ?? drafts.keys())].filter((id) =>
    choices.every(({ index, values }) =>
      values.has(drafts.get(id)!.optionValues[index]!.toLowerCase()),
    ),
  );
  return found.length > 0 ? found : invalidInput(`${field}.where`, 'It selects no variant.');
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

const amountFields = {
  price: 'priceMinor',
  compareAtPrice: 'compareAtPriceMinor',
  cost: 'costMinor',
} as const;

/** One variant after a bulk change; its refusals are added to `refusals`. */
export function bulkChanged(
  draft: Draft,
  bulk: VariantsBulkInput,
  { currencyCode, refusals }: { currencyCode: string | undefined; refusals: RowRefusal[] },
): Draft {
  const { weightGrams, weightUnit, isActive, isTaxable, taxCode, requiresShipping, imageUrl } =
    bulk;
  let after: Draft = {
    ...draft,
    weightGrams: weightGrams === undefined ? draft.weightGrams : weightGrams,
    weightUnit: weightUnit ?? draft.weightUnit,
    isActive: isActive ?? draft.isActive,
    taxCode: taxCode === undefined ? draft.taxCode : taxCode,
    isTaxable: isTaxable ?? draft.isTaxable,
    requiresShipping: requiresShipping ?? draft.requiresShipping,
    ...(imageUrl === undefined ? {} : { imageUrl }),
  };
  for (const [name, field] of Object.entries(amountFields) as [
    keyof typeof amountFields,
    (typeof amountFields)[keyof typeof amountFields],
  ][]) {
    const change = bulk[name];
    if (!isGiven(change)) continue;
    const refuse = (message: string, value?: string) =>
      void refusals.push({ row: null, sku: draft.sku, field: name, value: value ?? null, message });
    const currency = currencyCode ?? after.currencyCode;
    if (currency === null) {
      refuse('The variant has no currency yet: give currencyCode.');
      continue;
    }
    try {
      const minor = changedAmount({ ...after, currencyCode: currency }, field, change);
      const money = changedMoney(after, { currencyCode: currency, [field]: minor });
      if (isRefusal(money)) refuse(money.message, currency);
      else after = { ...after, ...money };
    } catch (err) {
      if (!(err instanceof AmountProblem)) throw err;
      refuse(err.message, err.value);
    }
  }
  return after;
}

/** One variant after its row, or why not. The row's own checks are those of variantUpdate. */
export function rowChanged(
  draft: Draft,
  given: VariantRowInput,
  { currencyCode, idempotencyKey }: { currencyCode: string | undefined; idempotencyKey: string },
): Draft | InvalidInput {
  const {
    id: _id,
    sku: _sku,
    newSku,
    position: _position,
    price,
    compareAtPrice,
    cost,
    ...plain
  } = given;
  const currency = currencyCode ?? draft.currencyCode;
  const amounts = Object.entries({ price, compareAtPrice, cost }).filter(
    ([, amount]) => amount !== undefined,
  );
  if (currency === null && amounts.some(([, amount]) => amount !== null)) {
    return invalidInput('currencyCode', 'The variant has no currency yet: give currencyCode.');
  }
  const change = variantChangeOf({
    ...{ idempotencyKey, id: draft.id, productVersion: 0, ...plain, sku: newSku },
    ...Object.fromEntries(
      amounts.map(([name, amount]) => [
        name,
        isGiven(amount) ? { amount, currencyCode: currency! } : null,
      ]),
    ),
  });
  if (isRefusal(change)) {
    return change.field === 'sku' ? invalidInput('newSku', change.message, change.value) : change;
  }
  const money = changedMoney(draft, change.money);
  if (isRefusal(money)) return money;
  const { code, imageUrl, money: _money, ...rest } = change;
  return {
    ...draft,
    ...rest,
    ...money,
    barcode: code === undefined ? draft.barcode : code,
    ...(imageUrl === undefined ? {} : { imageUrl }),
  };
}

/** The drafts with places of their own where rows name one; a place that is none is refused. */
export function placed(
  drafts: ReadonlyMap<string, Draft>,
  moves: ReadonlyMap<string, { row: number; position: number }>,
  refusals: RowRefusal[],
): void {
  if (moves.size === 0) return;
  for (const [id, { row, position }] of moves) {
    if (position >= 1 && position <= drafts.size) continue;
    const message = `A position is from 1 to ${drafts.size}, not ${position}.`;
    const { sku } = drafts.get(id)!;
    refusals.push({ row, sku, field: 'position', value: shown(String(position)), message });
  }
  const places = new Map([...moves].map(([id, { position }]) => [id, position]));
  for (const [index, id] of reordered([...drafts.keys()], places).entries()) {
    drafts.get(id)!.position = index + 1;
  }
}
