import { amountMinorMax } from '@onecount/money';
import { invalidInput, isRefusal, type InvalidInput } from '@onecount/refusal';
import { currencyMismatch, saleEmpty, tenderMismatch } from './sale.errors.ts';
import type { StoredValueRefused } from '../stored-value/stored-value.errors.ts';
import { overspent, unusable, type FoundTender } from '../stored-value/tender-value.ts';
import { amountOf } from './sale.input.ts';
import { fixedTax } from '../tax/sale-tax.ts';
import { settle, type Sale, type Tender } from './sale.ts';

// At most 20 of at most 10^15 each: a sum that leaves the exact integers is still far above the limit.
export function sumOf(tenders: readonly Tender[]): number {
  return tenders.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** The payments in minor units, or the first that is none in this currency. */
export function tendersOf(
  inputs: readonly FoundTender[],
  currencyCode: string,
): Tender[] | InvalidInput | StoredValueRefused | ReturnType<typeof currencyMismatch> {
  const tenders: Tender[] = [];
  for (const [index, { kind, amount, reference, storedValue }] of inputs.entries()) {
    if (amount.currencyCode !== currencyCode)
      return currencyMismatch({ expected: currencyCode, actual: amount.currencyCode });
    if (kind === 'EXCHANGE')
      return invalidInput(
        `tenders.${index}.kind`,
        'Goods that come back pay by saleExchange.',
        kind,
      );
    const field = `tenders.${index}.amount`;
    const parsed = amountOf(field, amount);
    if (!parsed.ok) return parsed.refusal;
    if (parsed.minor === 0) return invalidInput(field, 'A tender of zero pays nothing.', '0');
    const refused = unusable({ kind, storedValue, index }, currencyCode);
    if (refused) return refused;
    const value = storedValue && { id: storedValue.id, number: storedValue.number };
    tenders.push({
      ...{ kind, amountMinor: parsed.minor, reference: reference ?? null },
      ...(value ? { storedValue: { ...value, leftMinor: null } } : {}),
    });
  }
  return overspent(inputs, tenders) ?? tenders;
}

export function checkSum(tenders: readonly Tender[]): InvalidInput | undefined {
  return sumOf(tenders) > amountMinorMax
    ? invalidInput('tenders', 'The tenders come to more than an amount can be.')
    : undefined;
}

/** What pays a sale that is checked out, after what is credited, or why it does not, in the order of sale.errors.ts. */
export function paymentOf(sale: Sale, inputs: readonly FoundTender[], credit: Tender[] = []) {
  const tenders = tendersOf(inputs, sale.currencyCode);
  if (isRefusal(tenders)) return tenders;
  if (sale.lines.length === 0) return saleEmpty(sale.id);
  const tooMuch = checkSum(tenders);
  if (tooMuch) return tooMuch;
  const tax = fixedTax(sale, [...credit, ...tenders]);
  const totalMinor = (tax?.totalMinor ?? sale.totalMinor) - sumOf(credit);
  const payment = settle(totalMinor, tenders);
  if (!payment.pays) return tenderMismatch({ ...sale, totalMinor }, payment.tenderedMinor);
  return { tenders, changeMinor: payment.changeMinor, tax };
}
