import type { SaleDiscount } from '../discount/discount.ts';
import { percentText } from '../discount/percent.ts';
import type { SaleLine } from '../sale/sale.ts';
import { amountText, localeOf } from './receipt-amount.ts';
import { wordsOf } from './receipt-words.ts';
import type { Receipt, Row } from './receipt.ts';

// Each discount is a row of its own: those of a line under it, those of the whole sale before the total. Why and by whom one
// was given is the shop's to know.

export function lineDiscountRows(receipt: Receipt, { id }: SaleLine): Row[] {
  return receipt.sale.discounts
    .filter(({ kind, lineId, amountMinor }) => kind === 'LINE' && lineId === id && amountMinor > 0)
    .map((discount) => discountRow(receipt, discount));
}

export function saleDiscountRows(receipt: Receipt): Row[] {
  const { discounts, lines } = receipt.sale;
  const ofAll = discounts.filter(({ kind, amountMinor }) => kind !== 'LINE' && amountMinor > 0);
  if (ofAll.length === 0) return [];
  const taken = sumOf(ofAll.map(({ amountMinor }) => amountMinor));
  const subtotal = sumOf(lines.map(({ totalMinor }) => totalMinor)) + taken;
  const left = wordsOf(localeOf(receipt)).subtotal;
  return [
    { kind: 'PAIR', left, right: amountText(receipt, subtotal, true) },
    ...ofAll.map((discount) => discountRow(receipt, discount)),
  ];
}

const sumOf = (amounts: readonly number[]): number =>
  amounts.reduce((sum, amount) => sum + amount, 0);

function discountRow(receipt: Receipt, { basisPoints, code, amountMinor }: SaleDiscount): Row {
  const percent = basisPoints === null ? '' : ` ${percentText(basisPoints)} %`;
  const promotion = code === null ? '' : ` ${code}`;
  const left = `${wordsOf(localeOf(receipt)).discount}${percent}${promotion}`;
  return { kind: 'PAIR', left, right: amountText(receipt, -amountMinor, true) };
}
