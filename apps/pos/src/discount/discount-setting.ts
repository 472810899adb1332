import { checkKey, firstOf, invalidInput, isGiven, type InvalidInput } from '@onecount/refusal';
import type { DiscountSettingsSetInput } from '../generated/resolver-types.ts';
import { checkFreeText } from '../sale/free-text.ts';
import type { DiscountMeeting } from './discount.ts';
import { reasonLength } from './discount.input.ts';
import type { OwnPriceRule } from './own-price.ts';
import { basisPointsOf } from './percent.ts';

/** What a tenant allows; a row a change, the newest holds. */
export type DiscountSettings = {
  /** For whom has no `register:manage`: how much of a price may be taken off by hand. */
  limitBasisPoints: number;
  mayMeet: DiscountMeeting[];
  /** Those to choose from. */
  reasons: string[];
  /** Whether any other text is a reason too. */
  isReasonFree: boolean;
  /** Who may sell at another price than the listed one. */
  ownPrice: OwnPriceRule;
};

/** As long as nobody has set any. */
export const unsetDiscounts: DiscountSettings = {
  limitBasisPoints: 1000,
  mayMeet: ['LINE_AND_SALE', 'MANUAL_AND_PROMOTION'],
  reasons: [],
  isReasonFree: true,
  ownPrice: 'ANYBODY',
};

const reasonsMax = 50;

/** What is left out stays; or what is wrong with it by itself. */
export function settingsFrom(
  input: DiscountSettingsSetInput,
  before: DiscountSettings,
): DiscountSettings | InvalidInput {
  const { limitPercent, mayMeet } = input;
  const reasons = input.reasons?.map((reason) => reason.trim()) ?? before.reasons;
  const limit = isGiven(limitPercent) ? basisPointsOf(limitPercent) : before.limitBasisPoints;
  const isReasonFree = input.isReasonFree ?? before.isReasonFree;
  const problem = firstOf(
    checkKey(input.idempotencyKey),
    limit === undefined
      ? invalidInput('limitPercent', 'From 0 to 100, at most 2 decimals.', limitPercent)
      : undefined,
    reasons.length > reasonsMax
      ? invalidInput('reasons', `At most ${reasonsMax} reasons.`, reasons.length)
      : undefined,
    ...reasons.map((reason, index) => checkFreeText(`reasons.${index}`, reason, reasonLength)),
    reasons.length === 0 && !isReasonFree
      ? invalidInput('reasons', 'Without a list every text is a reason.', isReasonFree)
      : undefined,
  );
  if (problem) return problem;
  return {
    ...{ limitBasisPoints: limit!, reasons: [...new Set(reasons)], isReasonFree },
    mayMeet: mayMeet ? [...new Set(mayMeet)] : before.mayMeet,
    ownPrice: input.ownPrice ?? before.ownPrice,
  };
}
