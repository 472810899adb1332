import {
  checkKey,
  firstOf,
  invalidInput,
  isGiven,
  isRefusal,
  type InvalidInput,
} from '@onecount/refusal';
import type { Money } from '@onecount/money';
import type { PromotionAddInput } from '../generated/resolver-types.ts';
import { hasCardNumber } from '../sale/free-text.ts';
import { amountOf } from '../sale/sale.input.ts';
import { checkPercentOrAmount } from './discount.input.ts';
import { basisPointsOf } from './percent.ts';
import type { NewPromotion } from './promotion.sql.ts';

type Asked = Omit<NewPromotion, 'id' | 'locationIds' | 'addedBy'>;

// As it is typed at a till or in a shop's page.
const codeForm = /^[\p{L}\p{N}](?:[\p{L}\p{N} _%.-]{0,38}[\p{L}\p{N}%])?$/u;
const usesMax = 1_000_000_000;

/** What was asked for, or what is wrong with it by itself. */
export function promotionOf(input: PromotionAddInput): Asked | InvalidInput {
  const code = input.code.trim();
  const problem = firstOf(
    checkKey(input.idempotencyKey),
    codeForm.test(code) && !hasCardNumber(code)
      ? undefined
      : invalidInput('code', 'A code is 1–40 letters, digits and signs between them.'),
    checkPercentOrAmount(input),
    checkUses('usesMax', input.usesMax),
    checkUses('customerUsesMax', input.customerUsesMax),
  );
  if (problem) return problem;
  const amounts = amountsOf(input);
  if (isRefusal(amounts)) return amounts;
  const validFrom = instantOf(input.validFrom);
  const validUntil = instantOf(input.validUntil);
  if (validFrom && validUntil && validFrom >= validUntil)
    return invalidInput('validUntil', 'It ends after it begins.', input.validUntil);
  return {
    ...{ code, ...amounts, validFrom, validUntil },
    channels: [...new Set(input.channels ?? [])],
    ...{ usesMax: input.usesMax ?? null, customerUsesMax: input.customerUsesMax ?? null },
  };
}

const instantOf = (value: string | null | undefined): Date | null =>
  isGiven(value) ? new Date(value) : null;

function checkUses(field: string, uses: number | null | undefined): InvalidInput | undefined {
  if (!isGiven(uses) || (uses >= 1 && uses <= usesMax)) return undefined;
  return invalidInput(field, `${field} is 1 to ${usesMax}.`, uses);
}

function amountsOf({ percent, amount, minimum }: PromotionAddInput) {
  const amountMinor = minorOf('amount', amount);
  const minimumMinor = minorOf('minimum', minimum);
  if (isRefusal(amountMinor)) return amountMinor;
  if (isRefusal(minimumMinor)) return minimumMinor;
  if (amount && minimum && amount.currencyCode !== minimum.currencyCode)
    return invalidInput('minimum', 'Both amounts are in one currency.', minimum.currencyCode);
  return {
    ...{ amountMinor, minimumMinor },
    basisPoints: isGiven(percent) ? basisPointsOf(percent)! : null,
    currencyCode: amount?.currencyCode ?? minimum?.currencyCode ?? null,
  };
}

function minorOf(field: string, money: Money | null | undefined): number | null | InvalidInput {
  if (!isGiven(money)) return null;
  const parsed = amountOf(field, money);
  if (!parsed.ok) return parsed.refusal;
  return parsed.minor === 0
    ? invalidInput(field, 'Give an amount above zero.', money.amount)
    : parsed.minor;
}
