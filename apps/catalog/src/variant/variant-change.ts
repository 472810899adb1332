import {
  identifierOf,
  invalidInput,
  isGiven,
  isIdentifier,
  isRefusal,
  isWebAddress,
  type InvalidInput,
} from '@onecount/refusal';
import type { VariantUpdateInput } from '../generated/resolver-types.ts';
import { amountsOf, textRefusal } from '../product/product.input.ts';
import type { ProductWarning } from '../product/product.ts';
import { barcodeProblem } from './barcode.ts';
import type { VariantRow } from './variant.entity.ts';
import { skuProblem, taxCodeProblem } from './variant.ts';

type Money = Pick<VariantRow, 'currencyCode' | 'priceMinor' | 'compareAtPriceMinor' | 'costMinor'>;
type Plain = Pick<
  VariantRow,
  'isActive' | 'isTaxable' | 'taxCode' | 'requiresShipping' | 'weightGrams' | 'weightUnit'
>;

/** What may change about a variant; undefined stays, null empties. */
export type VariantChange = Partial<Plain> & {
  sku?: string;
  /** Barcode or stock code. */
  code?: string | null;
  money: Partial<Money>;
  imageUrl?: string | null;
};

/** The input as a change. Refusals in this order: text, SKU, codes, tax, weight, address, money. */
export function variantChangeOf(input: VariantUpdateInput): VariantChange | InvalidInput {
  const refusal =
    textRefusal(input) ?? skuRefusal(input) ?? codeRefusal(input) ?? measureRefusal(input);
  if (refusal) return refusal;
  const money = moneyChange(input);
  if (isRefusal(money)) return money;
  const { barcode, stockCode, taxCode, weightGrams, imageUrl } = input;
  const code = barcode ?? stockCode ?? (barcode === undefined ? stockCode : null);
  return {
    money,
    ...present({
      sku: isGiven(input.sku) ? identifierOf(input.sku) : undefined,
      code: isGiven(code) ? identifierOf(code) : code,
      isActive: input.isActive ?? undefined,
      isTaxable: input.isTaxable ?? undefined,
      taxCode: isGiven(taxCode) ? identifierOf(taxCode) : taxCode,
      requiresShipping: input.requiresShipping ?? undefined,
      weightUnit: input.weightUnit ?? undefined,
      ...{ weightGrams, imageUrl },
    }),
  };
}

function skuRefusal({ sku }: VariantUpdateInput): InvalidInput | undefined {
  const problem = isGiven(sku) ? skuProblem(sku) : null;
  return problem === null ? undefined : invalidInput('sku', `SKU "${sku}" ${problem}.`, sku);
}

function codeRefusal({ barcode, stockCode }: VariantUpdateInput): InvalidInput | undefined {
  if (isGiven(barcode) && isGiven(stockCode)) {
    return invalidInput('stockCode', 'A variant has a barcode or a stock code, not both.');
  }
  const problem = isGiven(barcode) ? barcodeProblem(barcode) : null;
  if (problem !== null) return invalidInput('barcode', `Barcode "${barcode}" ${problem}.`, barcode);
  if (!isGiven(stockCode)) return undefined;
  if (barcodeProblem(stockCode) === null) {
    return invalidInput('stockCode', `${stockCode} is a GTIN: give it as barcode.`, stockCode);
  }
  if (isIdentifier(stockCode)) return undefined;
  return invalidInput('stockCode', 'A stock code has 1–255 characters, none of them blank.');
}

function measureRefusal(input: VariantUpdateInput): InvalidInput | undefined {
  const { taxCode, weightGrams, imageUrl } = input;
  const problem = isGiven(taxCode) ? taxCodeProblem(taxCode) : null;
  if (problem !== null)
    return invalidInput('taxCode', `Tax code "${taxCode}" ${problem}.`, taxCode);
  if (isGiven(weightGrams) && weightGrams < 0) {
    return invalidInput('weightGrams', 'A weight is not below zero.', String(weightGrams));
  }
  if (!isGiven(imageUrl) || isWebAddress(imageUrl)) return undefined;
  return invalidInput('imageUrl', 'The address of a picture begins with http or https.', imageUrl);
}

function moneyChange(input: VariantUpdateInput): Partial<Money> | InvalidInput {
  const amounts = amountsOf(null, input);
  if (isRefusal(amounts)) return amounts;
  for (const name of ['price', 'compareAtPrice', 'cost'] as const) {
    if ((amounts[`${name}Minor`] ?? 0) < 0) {
      return invalidInput(name, `${name} is below zero.`, input[name]?.amount);
    }
  }
  const emptied = (['price', 'compareAtPrice', 'cost'] as const)
    .filter((name) => input[name] === null)
    .map((name) => [`${name}Minor`, null]);
  return { ...amounts, ...(Object.fromEntries(emptied) as Partial<Money>) };
}

/**
 * The amounts after the change, all in one currency: where a new one comes, every amount that stays would be in the
 * former, so each must be given anew or emptied.
 */
export function changedMoney(row: Money, money: Partial<Money>): Money | InvalidInput {
  const { currencyCode, ...amounts } = {
    priceMinor: row.priceMinor,
    compareAtPriceMinor: row.compareAtPriceMinor,
    costMinor: row.costMinor,
    ...money,
    currencyCode: money.currencyCode ?? row.currencyCode,
  };
  const isOther = row.currencyCode !== null && currencyCode !== row.currencyCode;
  const stays = (['priceMinor', 'compareAtPriceMinor', 'costMinor'] as const).find(
    (name) => isOther && money[name] === undefined && row[name] !== null,
  );
  if (stays !== undefined) {
    const message = `The amounts of a variant are in one currency; ${stays.replace('Minor', '')} is in ${row.currencyCode}.`;
    return invalidInput(stays.replace('Minor', ''), message, currencyCode);
  }
  const hasMoney = Object.values(amounts).some((amount) => amount !== null);
  return { ...amounts, currencyCode: hasMoney ? currencyCode : null };
}

/** What deserves a look about the amounts of a variant. */
export function moneyWarnings({ priceMinor, compareAtPriceMinor }: Money): ProductWarning[] {
  if (priceMinor === null) {
    const message = 'The variant has no price and cannot be sold.';
    return [{ code: 'PRICE_MISSING', message }];
  }
  if (compareAtPriceMinor === null || compareAtPriceMinor > priceMinor) return [];
  const message = 'The former price is not above the selling price.';
  return [{ code: 'COMPARE_AT_NOT_ABOVE_PRICE', message }];
}

function present<T extends Record<string, unknown>>(members: T) {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
