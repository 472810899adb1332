import { refuse } from '@onecount/refusal';
import type { PromotionProblem } from './promotion.ts';

export type PromotionRefused = ReturnType<typeof promotionRefused>;

const words: Record<PromotionProblem, string> = {
  ENDED: 'has ended',
  NOT_YET_VALID: 'is not valid yet',
  EXPIRED: 'is not valid any more',
  USED_UP: 'is used up',
  CUSTOMER_NEEDED: 'is for so many times a customer, and the sale names none',
  USED_UP_BY_CUSTOMER: 'is used up by this customer',
  OTHER_CHANNEL: 'is for another channel',
  OTHER_LOCATION: 'is for another location',
  OTHER_CURRENCY: 'is in another currency',
  MINIMUM_NOT_REACHED: 'is for a larger basket',
  APPLIED_ALREADY: 'is applied already',
};

export function promotionRefused(promotionCode: string, reason: PromotionProblem) {
  const message = `The promotion ${promotionCode} ${words[reason]}.`;
  return refuse('PromotionRefused', 'PROMOTION_REFUSED', message, { promotionCode, reason });
}

export function promotionCodeTaken(promotionCode: string) {
  const message = `There is a promotion ${promotionCode} that has not ended.`;
  return refuse('PromotionCodeTaken', 'PROMOTION_CODE_TAKEN', message, { promotionCode });
}
