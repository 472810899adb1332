import { checkId, checkText, invalidInput, isGiven, type InvalidInput } from '@onecount/refusal';
import type { TenderInput } from '../sale/sale.input.ts';

type Named = Pick<TenderInput, 'kind' | 'giftCardCode' | 'storeCreditNumber' | 'creditCustomerId'>;

/** Whether a tender names its card or credit as its kind does. No answer repeats a code: clients log refusals. */
export function checkTenderValue(tender: Named, at: string): InvalidInput | undefined {
  const { kind, giftCardCode, storeCreditNumber, creditCustomerId } = tender;
  const given = [giftCardCode, storeCreditNumber, creditCustomerId].filter(isGiven).length;
  if (kind === 'GIFT_CARD')
    return isGiven(giftCardCode) && given === 1 && giftCardCode.length <= 64
      ? undefined
      : invalidInput(
          `${at}.giftCardCode`,
          'A gift card is named by its code, and by nothing else.',
        );
  if (kind === 'STORE_CREDIT')
    return given === 1 && !isGiven(giftCardCode)
      ? (checkText(`${at}.storeCreditNumber`, storeCreditNumber, { min: 1, max: 64 }) ??
          checkId(`${at}.creditCustomerId`, creditCustomerId))
      : invalidInput(
          `${at}.storeCreditNumber`,
          'A store credit is named by storeCreditNumber or by creditCustomerId.',
        );
  return given === 0
    ? undefined
    : invalidInput(`${at}.kind`, 'Only a gift card or a store credit is named so.', kind);
}
