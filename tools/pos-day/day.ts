import type { GraphqlClient } from '@onecount/testing';
import { currencyCode, inMinor, sumOfBooks, emptyBook, type Book } from './book.ts';
import { createCalls, type Call } from './calls.ts';
import { createRandom, type Random } from './random.ts';
import { closeTill, openTill, workOnce } from './till.ts';

export type Day = {
  /** Documents in all: openings, sales, returns, movements of cash, closings. */
  documents: number;
  registers: number;
  /** With plenty of stock at HQ, 10.00 USD each. */
  skus: readonly string[];
  seed: number;
};
/** What the people at the tills wrote down, and the web shop's. Every Z report agrees with its till's. */
export type DayResult = { tills: Book; web: Book };

/**
 * A day of a shop: every register does one thing after the other, all of them and a web shop at once, and each closes with
 * what somebody beside it has counted.
 */
export async function workADay(client: GraphqlClient, day: Day): Promise<DayResult> {
  const call = createCalls(client);
  const each = Math.floor(day.documents / (day.registers + 1));
  const tills = Array.from({ length: day.registers }, async (_, index) => {
    const random = createRandom(day.seed + index);
    const till = await openTill({ call, random, skus: day.skus }, `Day ${day.seed}, till ${index}`);
    while (till.book.documents < each - 1) await workOnce(till);
    await closeTill(till);
    return till.book;
  });
  const web = sellOnTheWeb(call, { count: each, random: createRandom(day.seed - 1), ...day });
  const [webBook, ...books] = await Promise.all([web, ...tills]);
  return { tills: sumOfBooks(books), web: webBook };
}

type WebShop = { count: number; random: Random; skus: readonly string[] };

/** Checkouts that wait for their payment; one in five is given up. */
async function sellOnTheWeb(call: Call, { count, random, skus }: WebShop): Promise<Book> {
  const book = emptyBook();
  while (book.documents < count) {
    const lines = [{ sku: random.oneOf(skus), quantity: 1 + random.upTo(2) }];
    const place = { channel: 'WEB', locationCode: 'HQ', currencyCode };
    const { sale } = await call('saleOpen', { ...place, lines });
    const saleId: string = sale.id;
    await call('saleCheckout', { saleId });
    if (random.upTo(5) === 0) await call('saleVoid', { saleId, reason: 'Not paid.' });
    else {
      await call('saleCommit', { saleId, tenders: [{ kind: 'CARD', amount: sale.total }] });
      book.soldMinor += inMinor(sale.total);
      book.cardMinor += inMinor(sale.total);
    }
    book.documents += 1;
  }
  return book;
}
