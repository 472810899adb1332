import { minorOf, moneyOf } from '@onecount/money';
import type { Outcome } from '@onecount/testing';

export const currencyCode = 'USD';
export const priceMinor = 1000;
export const inMinor = (money: { amount: string; currencyCode: string }): number => minorOf(money);
export const inMoney = (amountMinor: number) => moneyOf({ amountMinor, currencyCode });

/** What somebody who stands beside a till writes down: from what was given and got, not from what the till says. */
export type Book = {
  documents: number;
  /** Taken and kept, refunds taken out. */
  cashMinor: number;
  cardMinor: number;
  /** Cash in the drawer that no sale brought: the float, and what was paid in and out. */
  floatMinor: number;
  soldMinor: number;
  returnedMinor: number;
  postVoidedMinor: number;
};

export const emptyBook = (): Book => ({
  ...{ documents: 0, cashMinor: 0, cardMinor: 0, floatMinor: 0 },
  ...{ soldMinor: 0, returnedMinor: 0, postVoidedMinor: 0 },
});

/** What the money of a return leaves behind. */
export function noteRefunds(book: Book, { refunds }: Outcome['saleReturn']): void {
  for (const { kind, amount } of refunds) {
    if (kind === 'CASH') book.cashMinor -= inMinor(amount);
    else book.cardMinor -= inMinor(amount);
  }
}

export const sumOfBooks = (books: readonly Book[]): Book =>
  books.reduce((sum, book) => {
    for (const name of Object.keys(sum) as (keyof Book)[]) sum[name] += book[name];
    return sum;
  }, emptyBook());
