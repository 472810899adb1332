import { exactlyOne, uuidv7, type Database, type Tx } from '@onecount/db';
import { amountMinorMax } from '@onecount/money';
import { checkKey, invalidInput, isRefusal, isUuid, notFound } from '@onecount/refusal';
import type { GiftCardLineAddInput } from '../generated/resolver-types.ts';
import type { Caller } from '../sale/idempotency.ts';
import { currencyMismatch, saleNotOpen } from '../sale/sale.errors.ts';
import { linesMax } from '../sale/sale.input.ts';
import { lockSale, salesByIds } from '../sale/sale.queries.ts';
import { lineAsItIs, takesLines, type Sale } from '../sale/sale.ts';
import { groupedCode } from './code.ts';
import { insertGiftCardLine } from './gift-card-line.sql.ts';
import { cardByCode } from './stored-value.queries.ts';
import { readAmount, storedValueById } from './stored-value.service.ts';
import { insertCard } from './stored-value.sql.ts';
import { unusable } from './tender-value.ts';

export type GiftCardLineService = ReturnType<typeof createGiftCardLineService>;

/** A gift card is sold as a line that no stock stands behind; the commit of its sale puts the money on it. */
export function createGiftCardLineService({ db }: { db: Database }) {
  return { add: (caller: Caller, input: GiftCardLineAddInput) => add(db, caller, input) };
}

async function add(db: Database, caller: Caller, input: GiftCardLineAddInput) {
  const { saleId } = input;
  const amountMinor = checkKey(input.idempotencyKey) ?? readAmount(input.amount);
  if (isRefusal(amountMinor)) return amountMinor;
  if (!isUuid(saleId)) return notFound('Sale', saleId);
  let code: string | null = null;
  return db.command(
    caller,
    { operation: 'giftCardLineAdd', input },
    async (tx) => {
      const sale = await lockSale(tx, saleId);
      if (!sale) return notFound('Sale', saleId);
      const refused = refusedBy(sale, { ...input, amountMinor });
      if (refused) return refused;
      const card = await cardOf(tx, caller, input, sale);
      if (isRefusal(card)) return card;
      ({ code } = card);
      const lineId = uuidv7();
      const { id: giftCardId, number } = card;
      await insertGiftCardLine(tx, { saleId, lineId, giftCardId, number, amountMinor });
      return { lineId, giftCardId };
    },
    async (tx, { lineId, giftCardId }) => {
      const sale = exactlyOne(await salesByIds(tx, [saleId]));
      const line = sale.lines.find(({ id }) => id === lineId);
      return {
        __typename: 'GiftCardLineAddSuccess' as const,
        sale,
        line: lineAsItIs(sale, line!),
        giftCard: await storedValueById(tx, giftCardId),
        giftCardCode: code && groupedCode(code),
      };
    },
  );
}

function refusedBy(
  sale: Sale,
  { amount: { currencyCode: actual }, amountMinor }: GiftCardLineAddInput & { amountMinor: number },
) {
  if (!takesLines(sale)) return saleNotOpen(sale);
  const { currencyCode: expected } = sale;
  if (actual !== expected) return currencyMismatch({ expected, actual });
  if (sale.lines.length >= linesMax)
    return invalidInput('saleId', `A sale has at most ${linesMax} lines.`);
  return sale.totalMinor + amountMinor > amountMinorMax
    ? invalidInput('amount', 'The sale would come to more than an amount can be.')
    : undefined;
}

async function cardOf(
  tx: Tx,
  { subject: issuedBy }: Caller,
  { reloadCode }: GiftCardLineAddInput,
  { currencyCode }: Sale,
) {
  if (!reloadCode) {
    const made = await insertCard(tx, { currencyCode, isActive: false, issuedBy });
    return { ...made, number: made.code.slice(-4) };
  }
  const storedValue = await cardByCode(tx, reloadCode);
  const refused = unusable({ kind: 'GIFT_CARD', storedValue }, currencyCode);
  return refused ?? { id: storedValue!.id, number: storedValue!.number, code: null };
}
