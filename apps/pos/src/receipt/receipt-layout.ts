import { unitsOf, type SaleLine, type SoldUnit, type Tender } from '../sale/sale.ts';
import { maskedNumber } from '../stored-value/stored-value.ts';
import { lineDiscountRows, saleDiscountRows } from './receipt-discount.ts';
import { addedRows, taxRows } from './receipt-tax.ts';
import { wordsOf } from './receipt-words.ts';
import { amountText, localeOf, unset } from './receipt-amount.ts';
import type { Receipt, Row } from './receipt.ts';

/** What a receipt says, from top to bottom; pure, and the same for every format. */
export function receiptRows(receipt: Receipt): Row[] {
  const isGift = receipt.kind === 'GIFT';
  const groups = [
    shopRows(receipt),
    documentRows(receipt),
    receipt.sale.lines.flatMap((line) => lineRows(receipt, line)),
    correctionRows(receipt),
    isGift ? [] : saleDiscountRows(receipt),
    isGift ? [] : paymentRows(receipt),
    receipt.shop?.footer ? textRows(receipt.shop.footer) : [],
  ];
  return ruled(groups);
}

/** The parts of a document, with a rule between those that say something. */
export function ruled(groups: readonly Row[][]): Row[] {
  const filled = groups.filter((rows) => rows.length > 0);
  return filled.flatMap((rows, index): Row[] => (index === 0 ? rows : [{ kind: 'RULE' }, ...rows]));
}

export const textRows = (text: string): Row[] =>
  text.split('\n').map((line): Row => ({ kind: 'CENTRE', text: line }));

export function shopRows({ shop }: Pick<Receipt, 'shop'>): Row[] {
  if (shop === null) return [];
  const { shopName, addressLines, taxNumber, header } = shop;
  const lines = [...addressLines, ...(taxNumber === null ? [] : [taxNumber])];
  return [
    { kind: 'TITLE', text: shopName },
    ...textRows(lines.join('\n')),
    ...(header ? textRows(header) : []),
  ].filter((row): row is Row => !('text' in row) || row.text !== '');
}

function documentRows(receipt: Receipt): Row[] {
  const { kind, sale } = receipt;
  const words = wordsOf(localeOf(receipt));
  return headRows(receipt, {
    numbers: [[kind === 'GIFT' ? words.giftReceipt : words.receipt, sale.receiptNumber ?? '']],
    at: new Date(sale.committedAt ?? 0),
  });
}

/** What a document is, of when and by whom, and whether it is a copy. */
export function headRows(
  printed: Pick<Receipt, 'shop' | 'copy' | 'cashier' | 'registerName'>,
  { numbers, at }: { numbers: readonly (readonly [string, string])[]; at: Date },
): Row[] {
  const { copy, cashier, registerName } = printed;
  const words = wordsOf(localeOf(printed));
  const pair = (left: string, right: string): Row => ({ kind: 'PAIR', left, right });
  const copyRows: Row[] =
    copy === null
      ? []
      : [
          { kind: 'TITLE', text: `${words.copy} ${copy.number}` },
          { kind: 'CENTRE', text: words.firstPrinted(dateText(printed, copy.at), copy.by) },
        ];
  return [
    ...copyRows,
    ...numbers.map(([what, number]) => pair(what, number)),
    pair(words.date, dateText(printed, at)),
    ...(registerName === null ? [] : [pair(words.register, registerName)]),
    pair(words.cashier, cashier),
  ];
}

/** In the time zone of the shop; where none is set, in UTC, and it says so. */
function dateText({ shop }: Pick<Receipt, 'shop'>, at: Date): string {
  const { locale, timeZone } = shop ?? unset;
  const form = new Intl.DateTimeFormat(locale, {
    ...{ calendar: 'gregory', numberingSystem: 'latn', timeZone },
    ...{ day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    ...(shop === null ? { timeZoneName: 'short' } : {}),
  });
  return form.format(at);
}

export function lineRows(receipt: Receipt, line: SaleLine): Row[] {
  const { kind } = receipt;
  const { title, sku, quantity, unitPriceMinor, totalMinor, discountMinor } = line;
  const numbers = numbersOf(receipt, unitsOf(line));
  const plain = (amountMinor: number) => amountText(receipt, amountMinor, true);
  const what = [title === sku ? '' : sku, numbers].filter(Boolean).join(' · ');
  if (kind === 'GIFT') {
    const heading = quantity === 1 ? title : `${quantity} × ${title}`;
    return [{ kind: 'TEXT', text: heading }, ...detail(what)];
  }
  const each = quantity === 1 ? '' : `${quantity} × ${plain(unitPriceMinor)}`;
  const amount = plain(totalMinor + discountMinor);
  return [
    { kind: 'PAIR', left: title, right: amount },
    ...detail(what),
    ...detail(each),
    ...lineDiscountRows(receipt, line),
  ];
}

/** The size that went, where another one was written down. */
export function correctionRows(receipt: Pick<Receipt, 'shop' | 'corrections'>): Row[] {
  const words = wordsOf(localeOf(receipt));
  return receipt.corrections.map(({ sku, quantity }): Row => ({
    kind: 'PAIR',
    left: quantity > 0 ? words.wentInstead : words.didNotGo,
    right: `${Math.abs(quantity)} × ${sku}`,
  }));
}

export const detail = (text: string): Row[] => (text === '' ? [] : [{ kind: 'DETAIL', text }]);

/** The pieces of a line, each by its serial value, or by its stock number where it has no other. */
export function numbersOf(
  receipt: Pick<Receipt, 'shop' | 'unitNumbers'>,
  units: readonly SoldUnit[],
): string {
  const numbers = units.flatMap((unit) => {
    const number = unit.serial ?? receipt.unitNumbers[unit.serialUnitId];
    return number === undefined ? [] : [number];
  });
  return numbers.length === 0 ? '' : `${wordsOf(localeOf(receipt)).serial} ${numbers.join(', ')}`;
}

export function paymentRows(receipt: Receipt): Row[] {
  const { sale } = receipt;
  const words = wordsOf(localeOf(receipt));
  const money = (amountMinor: number) => amountText(receipt, amountMinor);
  const pair = (left: string, amountMinor: number): Row => ({
    ...{ kind: 'PAIR', left, right: money(amountMinor) },
  });
  return [
    ...addedRows(receipt),
    { kind: 'TOTAL', left: words.total, right: money(sale.totalMinor) },
    ...taxRows(receipt),
    ...sale.tenders.flatMap((tender) => tenderRows(receipt, tender)),
    ...(sale.changeMinor === 0 ? [] : [pair(words.change, sale.changeMinor)]),
  ];
}

/** Of a card its last four alone: whoever finds the receipt cannot spend it. */
function tenderRows(receipt: Receipt, { kind, amountMinor, storedValue }: Tender): Row[] {
  const words = wordsOf(localeOf(receipt));
  const name = words.tenders[kind];
  const right = amountText(receipt, amountMinor);
  if (!storedValue) return [{ kind: 'PAIR', left: name, right }];
  const { number, leftMinor } = storedValue;
  const left = `${name} ${maskedNumber({ kind, number })}`;
  const rest = leftMinor === null ? '' : `${words.left}: ${amountText(receipt, leftMinor)}`;
  return [{ kind: 'PAIR', left, right }, ...detail(rest)];
}
