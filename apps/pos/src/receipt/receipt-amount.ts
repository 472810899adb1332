import { moneyText } from '@onecount/money';
import type { Receipt } from './receipt.ts';

/** Where nobody has set anything. */
export const unset = { locale: 'en-GB', timeZone: 'UTC' };

export const localeOf = ({ shop }: Pick<Receipt, 'shop'>): string => shop?.locale ?? unset.locale;

/** An amount of the sale as the shop's customers write it. */
export function amountText(
  receipt: Pick<Receipt, 'shop' | 'sale'>,
  amountMinor: number,
  withoutCurrency = false,
): string {
  const { currencyCode } = receipt.sale;
  return moneyText({ amountMinor, currencyCode }, localeOf(receipt), { withoutCurrency });
}
