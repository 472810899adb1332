import { exponentOf } from './currency.ts';
import { decimalOf, type MinorMoney } from './money.ts';

/**
 * As people of a locale write it, for print: '1.234,50 €'. As many decimals as ISO 4217 says: those of Intl follow usage
 * (none for the Iraqi dinar) and would round. `withoutCurrency` for the lines of a document in one currency.
 */
export function moneyText(
  money: MinorMoney,
  locale: string,
  { withoutCurrency = false } = {},
): string {
  const decimals = exponentOf(money.currencyCode);
  const form = new Intl.NumberFormat(locale, {
    ...(withoutCurrency ? {} : { style: 'currency', currency: money.currencyCode }),
    ...{ minimumFractionDigits: decimals, maximumFractionDigits: decimals },
  });
  // As text: a number would be a float.
  return form.format(decimalOf(money) as Intl.StringNumericLiteral);
}
