import { sumMinor } from '@onecount/money';
import { isShown, owedTotal } from '../tax/sale-tax.ts';
import { addedMinor, componentsOf, type LineTax } from '../tax/tax.ts';
import { amountText, localeOf } from './receipt-amount.ts';
import { wordsOf } from './receipt-words.ts';
import type { Receipt, Row } from './receipt.ts';

// Tax of a margin is on no receipt: it would say what the piece was bought for.

/** Before the total: what of it the prices of the lines do not say. */
export function addedRows(receipt: Receipt): Row[] {
  const { taxes, roundingMinor } = receipt.sale;
  const words = wordsOf(localeOf(receipt));
  const added = taxes.filter((tax) => tax.addedMinor !== 0);
  const groups = Map.groupBy(added, (tax) => nameOf(tax, words.taxExempt));
  return [
    ...[...groups].map(([name, group]) => pair(receipt, name, addedMinor(group))),
    ...(roundingMinor === 0 ? [] : [pair(receipt, words.rounding, roundingMinor)]),
  ];
}

/** After the total: the tax in it, by component and rate, and what is left without it. */
export function taxRows(receipt: Pick<Receipt, 'shop' | 'sale'>): Row[] {
  const { sale } = receipt;
  return summaryRows(receipt, sale.taxes, owedTotal(sale) - sale.roundingMinor);
}

export function summaryRows(
  receipt: Pick<Receipt, 'shop' | 'sale'>,
  taxes: readonly Omit<LineTax, 'addedMinor'>[],
  dueMinor: number,
): Row[] {
  const shown = taxes.filter(isShown);
  if (shown.length === 0) return [];
  const words = wordsOf(localeOf(receipt));
  const taxMinor = sumMinor(shown.map((tax) => tax.taxMinor));
  return [
    pair(receipt, words.net, dueMinor - taxMinor),
    ...componentsOf(shown).map((tax) => pair(receipt, nameOf(tax, words.taxExempt), tax.taxMinor)),
  ];
}

const nameOf = (
  { component, rate, scheme }: Omit<LineTax, 'addedMinor' | 'lineId' | 'baseMinor' | 'taxMinor'>,
  exempt: string,
) => `${component} ${rate} %${scheme === 'EXEMPT' ? ` (${exempt})` : ''}`;

const pair = (receipt: Pick<Receipt, 'shop' | 'sale'>, left: string, amountMinor: number): Row => ({
  ...{ kind: 'PAIR', left, right: amountText(receipt, amountMinor, true) },
});
