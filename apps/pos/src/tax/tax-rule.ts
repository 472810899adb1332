import {
  checkIdentifier,
  checkKey,
  checkText,
  firstOf,
  identifierOf,
  invalidInput,
  isGiven,
  isRefusal,
  type InvalidInput,
} from '@onecount/refusal';
import type { TaxRuleAddInput } from '../generated/resolver-types.ts';
import { checkFreeText } from '../sale/free-text.ts';
import type { NewTaxRule } from './tax-rule.sql.ts';

const componentMax = 40;
// As catalog's of a variant.
const taxCodeMax = 50;
const rateText = /^(?:0|[1-9]\d{0,2})(?:\.\d{1,6})?$/;

export type WantedRule = Pick<
  NewTaxRule,
  'taxCode' | 'component' | 'rate' | 'validFrom' | 'validTo'
>;

/** What was asked for, or what is wrong with it by itself. */
export function readRule(input: TaxRuleAddInput): WantedRule | InvalidInput {
  const { taxCode, rate } = input;
  const component = input.component.trim();
  const validFrom = timeOf(input.validFrom);
  const validTo = timeOf(input.validTo);
  const invalid = firstOf(
    checkKey(input.idempotencyKey),
    checkText('component', component, { min: 1, max: componentMax }),
    checkFreeText('component', component, { max: componentMax }),
    checkIdentifier('taxCode', taxCode, { max: taxCodeMax }),
    checkRate(rate),
    validTo && validTo <= (validFrom ?? new Date())
      ? invalidInput('validTo', 'A rule ends after it begins.', input.validTo)
      : undefined,
  );
  if (isRefusal(invalid)) return invalid;
  const code = isGiven(taxCode) ? identifierOf(taxCode) : null;
  return { taxCode: code, component, rate, validFrom, validTo };
}

const timeOf = (time: Date | string | null | undefined): Date | null =>
  isGiven(time) ? new Date(time) : null;

function checkRate(rate: string): InvalidInput | undefined {
  const isRate = rateText.test(rate) && (Number(rate) < 100 || /^100(?:\.0+)?$/.test(rate));
  return isRate
    ? undefined
    : invalidInput('rate', 'A rate is 0 to 100 percent with at most 6 decimals.', rate);
}
