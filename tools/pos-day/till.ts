import type { Outcome } from '@onecount/testing';
import {
  currencyCode,
  emptyBook,
  inMinor,
  inMoney,
  noteRefunds,
  priceMinor,
  type Book,
} from './book.ts';
import type { Call } from './calls.ts';
import type { Random } from './random.ts';

const floatMinor = 20_000;

type Sold = { saleId: string; lineId: string };
export type Till = {
  call: Call;
  random: Random;
  skus: readonly string[];
  registerId: string;
  book: Book;
  /** Sales of this shift of which nothing came back. */
  sold: Sold[];
};

/** What is done at a till, and how often of a hundred. */
const works = {
  basket: { weight: 40, do: sellBasket },
  quick: { weight: 35, do: sellQuickly },
  takeBack: { weight: 10, do: takeBack },
  giveUp: { weight: 5, do: giveUp },
  moveCash: { weight: 7, do: moveCash },
  postVoid: { weight: 3, do: postVoid },
} as const;
type Work = keyof typeof works;
const weights = Object.fromEntries(
  Object.entries(works).map(([name, { weight }]) => [name, weight]),
) as Record<Work, number>;

export async function openTill(
  parts: Pick<Till, 'call' | 'random' | 'skus'>,
  registerName: string,
): Promise<Till> {
  const input = { locationCode: 'HQ', registerName, openingFloat: inMoney(floatMinor) };
  const { register } = await parts.call('registerOpen', input);
  const book = { ...emptyBook(), documents: 1, floatMinor };
  return { ...parts, registerId: register.id, book, sold: [] };
}

/** One more document of the day. */
export async function workOnce(till: Till): Promise<void> {
  await works[till.random.weighted(weights)].do(till);
  till.book.documents += 1;
}

const at = ({ registerId }: Till) => ({ channel: 'COUNTER', registerId, currencyCode });
const card = (amountMinor: number) => ({ kind: 'CARD', amount: inMoney(amountMinor) });
const cash = (amountMinor: number) => ({ kind: 'CASH', amount: inMoney(amountMinor) });

function lines({ random, skus }: Till, count: number) {
  const from = random.upTo(skus.length);
  return Array.from({ length: count }, (_, index) => ({
    sku: skus[(from + index) % skus.length]!,
    quantity: 1 + random.upTo(3),
  }));
}

function noteSale({ book, sold }: Till, { sale }: Outcome): void {
  book.soldMinor += inMinor(sale.total);
  sold.push({ saleId: sale.id, lineId: sale.lines[0].id });
}

/** One to five lines; half by card, the rest with a note that is too large. */
async function sellBasket(till: Till): Promise<void> {
  const asked = lines(till, 1 + till.random.upTo(5));
  const { sale } = await till.call('saleOpen', { ...at(till), lines: asked });
  const dueMinor = inMinor(sale.total);
  const cardMinor = Math.floor(dueMinor / 2);
  const givenMinor = Math.ceil((dueMinor - cardMinor) / 5000) * 5000;
  const tenders = [card(cardMinor), cash(givenMinor)];
  noteSale(till, await till.call('saleCommit', { saleId: sale.id, tenders }));
  till.book.cardMinor += cardMinor;
  till.book.cashMinor += dueMinor - cardMinor;
}

async function sellQuickly(till: Till): Promise<void> {
  const asked = lines(till, 1);
  const dueMinor = asked[0]!.quantity * priceMinor;
  const isCash = till.random.upTo(2) === 0;
  const tenders = [isCash ? cash(dueMinor) : card(dueMinor)];
  noteSale(till, await till.call('saleRecord', { ...at(till), lines: asked, tenders }));
  if (isCash) till.book.cashMinor += dueMinor;
  else till.book.cardMinor += dueMinor;
}

/** One piece of an earlier sale; where there is none yet, something is sold instead. */
async function takeBack(till: Till): Promise<void> {
  const sold = till.sold.shift();
  if (!sold) return sellQuickly(till);
  const { saleId, lineId } = sold;
  const input = { saleId, registerId: till.registerId, reason: 'CHANGED_MIND' };
  const { saleReturn } = await till.call('saleReturn', {
    ...input,
    lines: [{ lineId, quantity: 1 }],
  });
  till.book.returnedMinor += inMinor(saleReturn.total);
  noteRefunds(till.book, saleReturn);
}

async function postVoid(till: Till): Promise<void> {
  const sold = till.sold.pop();
  if (!sold) return sellQuickly(till);
  const input = { saleId: sold.saleId, reason: 'CHANGED_MIND' };
  const { saleReturn } = await till.call('salePostVoid', input);
  till.book.postVoidedMinor += inMinor(saleReturn.total);
  noteRefunds(till.book, saleReturn);
}

async function giveUp(till: Till): Promise<void> {
  const { sale } = await till.call('saleOpen', { ...at(till), lines: lines(till, 2) });
  await till.call('saleVoid', { saleId: sale.id, reason: 'The customer left.' });
}

async function moveCash(till: Till): Promise<void> {
  const isIn = till.random.upTo(2) === 0;
  const amountMinor = 100 + till.random.upTo(900);
  const kind = isIn ? 'PAY_IN' : 'PAY_OUT';
  const reason = isIn ? 'CHANGE_FUND' : 'PETTY_CASH';
  const amount = inMoney(amountMinor);
  await till.call('cashMovementAdd', { registerId: till.registerId, kind, amount, reason });
  till.book.floatMinor += isIn ? amountMinor : -amountMinor;
}

type Counted = { difference: { amount: string; currencyCode: string } | null };
type Total = { total: { amount: string; currencyCode: string } };
const sumOf = (totals: Total[]) => totals.reduce((sum, { total }) => sum + inMinor(total), 0);

/** Closes with what the book says, and holds the Z report against it. Throws where they differ by a cent. */
export async function closeTill({ call, registerId, book }: Till): Promise<void> {
  const countedTenders = book.cardMinor > 0 ? [card(book.cardMinor)] : [];
  const input = {
    registerId,
    countedCash: inMoney(book.cashMinor + book.floatMinor),
    countedTenders,
  };
  const { shift } = await call('registerClose', input);
  book.documents += 1;
  const { figures, tenders } = shift.zReport;
  const said = {
    sold: sumOf(figures.sales),
    returned: sumOf(figures.returns),
    postVoided: sumOf(figures.postVoids),
    differences: tenders.map(({ difference }: Counted) => difference && inMinor(difference)),
  };
  const written = {
    sold: book.soldMinor,
    returned: book.returnedMinor,
    postVoided: book.postVoidedMinor,
    differences: tenders.map(() => 0),
  };
  if (JSON.stringify(said) !== JSON.stringify(written))
    throw new Error(
      `the Z report says ${JSON.stringify(said)}, the book ${JSON.stringify(written)}`,
    );
}
