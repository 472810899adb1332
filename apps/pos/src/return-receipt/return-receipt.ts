import { amountText, localeOf } from '../receipt/receipt-amount.ts';
import { saleDiscountRows } from '../receipt/receipt-discount.ts';
import {
  correctionRows,
  detail,
  headRows,
  lineRows,
  numbersOf,
  paymentRows,
  ruled,
  shopRows,
  textRows,
} from '../receipt/receipt-layout.ts';
import { summaryRows } from '../receipt/receipt-tax.ts';
import { wordsOf } from '../receipt/receipt-words.ts';
import type { Receipt, Row } from '../receipt/receipt.ts';
import type { SaleReturn } from '../return/return.sql.ts';
import type { Sale } from '../sale/sale.ts';

/** All that the document of a return is made of; `sale` is the one that it comes back of, `instead` what an exchange sold. */
export type ReturnReceipt = Omit<Receipt, 'kind'> & { back: SaleReturn; instead: Sale | null };

/** What the document of a return says, from top to bottom; pure, and drawn as receipts are. */
export function returnRows(receipt: ReturnReceipt): Row[] {
  const { back, sale, instead, shop } = receipt;
  const words = wordsOf(localeOf(receipt));
  return ruled([
    shopRows(receipt),
    headRows(receipt, {
      numbers: [
        [words.returns[back.kind], back.number],
        [words.ofReceipt, sale.receiptNumber ?? ''],
        ...(instead === null ? [] : ([[words.receipt, instead.receiptNumber ?? '']] as const)),
      ],
      at: back.returnedAt,
    }),
    back.lines.flatMap((line) => backRows(receipt, line)),
    correctionRows(receipt),
    refundRows(receipt),
    ...(instead === null ? [] : soldRows({ ...receipt, kind: 'RECEIPT', sale: instead })),
    shop?.footer ? textRows(shop.footer) : [],
  ]);
}

const soldRows = (sold: Receipt): Row[][] => [
  sold.sale.lines.flatMap((line) => lineRows(sold, line)),
  saleDiscountRows(sold),
  paymentRows(sold),
];

function backRows(receipt: ReturnReceipt, back: SaleReturn['lines'][number]): Row[] {
  const { sku, title } = receipt.sale.lines.find(({ id }) => id === back.lineId)!;
  const heading = back.quantity === 1 ? title : `${back.quantity} × ${title}`;
  const what = [title === sku ? '' : sku, numbersOf(receipt, back.units)];
  return [
    { kind: 'PAIR', left: heading, right: amountText(receipt, back.totalMinor, true) },
    ...detail(what.filter(Boolean).join(' · ')),
  ];
}

function refundRows(receipt: ReturnReceipt): Row[] {
  const { back } = receipt;
  const words = wordsOf(localeOf(receipt));
  return [
    { kind: 'TOTAL', left: words.givenBack, right: amountText(receipt, back.totalMinor) },
    ...summaryRows(receipt, back.taxes, back.totalMinor),
    ...back.refunds.map(({ kind, amountMinor }): Row => ({
      ...{ kind: 'PAIR', left: words.tenders[kind], right: amountText(receipt, amountMinor) },
    })),
  ];
}
