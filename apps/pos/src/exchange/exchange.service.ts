import { uuidv7, type Database, type Tx } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { invalidInput, isRefusal, isUuid, notFound } from '@onecount/refusal';
import { belowMinimumPrice } from '../consignment/consignment.errors.ts';
import { linesBelowMinimum } from '../consignment/consignment.sql.ts';
import { promotionRefusal } from '../discount/promotion.sql.ts';
import { registersByIds } from '../register/register.sql.ts';
import { leftOfAll } from '../return/refund.ts';
import { saleNotReturnable } from '../return/return.errors.ts';
import { readRefunds } from '../return/return.input.ts';
import { countInSale, linesBack } from '../return/return.sql.ts';
import { drawerProblem, paidTenders } from '../return/return.steps.ts';
import { decideLines, dueOf } from '../return/return.ts';
import { driven, type CheckoutParts } from '../sale/checkout.service.ts';
import type { Caller } from '../sale/idempotency.ts';
import { currencyMismatch, registerClosed, saleEmpty, saleNotOpen } from '../sale/sale.errors.ts';
import { lockSale, salesByIds } from '../sale/sale.queries.ts';
import { moveToPending } from '../sale/sale.sql.ts';
import { takesLines, type Sale, type Tender } from '../sale/sale.ts';
import { paymentOf } from '../sale/tender.ts';
import { creditAsked, refundTargets } from '../stored-value/returned-value.ts';
import { storedValuesIn } from '../stored-value/tender-value.ts';
import { owedTotal } from '../tax/sale-tax.ts';
import { lockOpenShift } from '../shift/shift.sql.ts';
import type { SaleExchangeRefusal } from './exchange.errors.ts';
import { checkExchange, type SaleExchangeInput } from './exchange.input.ts';
import { insertExchange } from './exchange.sql.ts';
import { differenceOf, refundsOf, type Exchanged } from './exchange.ts';

export type ExchangeService = ReturnType<typeof createExchangeService>;

export function createExchangeService(parts: CheckoutParts) {
  return {
    exchange: (caller: Caller, input: SaleExchangeInput) => exchange(parts, caller, input),
  };
}

/**
 * A checkout whose tenders are goods that come back: intent here, claim and end in the driver, as of any sale (ADR 0365). What
 * comes back is counted with the intent, so that nobody takes it back meanwhile; it becomes a return with the commit.
 */
async function exchange(
  parts: CheckoutParts,
  caller: Caller,
  input: SaleExchangeInput,
): Promise<Exchanged | SaleExchangeRefusal> {
  const invalid = checkExchange(input);
  if (invalid) return invalid;
  const { saleId, returnedSaleId } = input;
  if (!isUuid(returnedSaleId)) return notFound('Sale', returnedSaleId);
  if (!isUuid(saleId)) return notFound('Sale', saleId);
  const intent = await parts.db.command(
    caller,
    { operation: 'saleExchange', input },
    (tx) => storeIntent(parts, tx, caller, input),
    // In an object of its own: a sale has no name that says what it is.
    async (tx, kept) => ({ ...kept, sale: (await salesByIds(tx, [kept.saleId]))[0]! }),
  );
  if (isRefusal(intent)) return intent;
  crashAt('exchange.intent.after-commit');
  return driven(parts, caller, intent.sale, 'SaleExchangeSuccess');
}

// Locks: key, the sale that goods come back of, the basket, lines, shift.
async function storeIntent(
  { settings }: CheckoutParts,
  tx: Tx,
  caller: Caller,
  input: SaleExchangeInput,
) {
  const sales = await lockedSales(tx, input);
  if (isRefusal(sales)) return sales;
  const { returned, basket } = sales;
  const decided = await decide(tx, sales, input);
  if (isRefusal(decided)) return decided;
  const { lines, tenders: paid, payment } = decided;
  const [register] = await registersByIds(tx, [basket.registerId!]);
  const shift = await lockOpenShift(tx, register!.id);
  if (!shift) return registerClosed(register!.id);
  const till = { shiftId: shift.id, sale: returned, registerId: register!.id };
  const uncovered = await drawerProblem(tx, caller, till, decided);
  if (uncovered) return uncovered;
  const asked = { sale: returned, lines, refunds: decided.refunds };
  const credit = await creditAsked(tx, caller, { ...asked, input: {} });
  if (isRefusal(credit)) return credit;
  const refunds = await refundTargets(tx, { ...asked, credit });
  if (isRefusal(refunds)) return refunds;

  await countInSale(tx, returned.id, { lines, tenders: paid, refunds });
  const { id, locationId, locationCode } = register!;
  // The key of the caller is the exchange's; the intent of a basket wants one too, which nobody else can have stored.
  const use = { tenantId: tx.tenantId, key: `exchange ${basket.id} ${uuidv7()}`, hash: '' };
  const outcome = await moveToPending({ statement: tx.query }, use, {
    ...{ saleId: basket.id, version: basket.version, customerId: null },
    ...{ settleSeconds: settings.sweepAfterSeconds, ...payment },
  });
  const spent =
    outcome === 'CHANGED'
      ? await paymentNow(tx, { basket, difference: decided.difference }, input)
      : undefined;
  if (isRefusal(spent)) return spent;
  if (outcome !== 'PENDING') return notPaid(tx, caller, basket, outcome);
  await insertExchange(tx, {
    ...{ saleId: basket.id, returnedSaleId: returned.id, returnId: uuidv7() },
    document: {
      ...{ lines, tenders: paid, refunds, register: { id, locationId, locationCode } },
      ...{ shiftId: shift.id, reason: input.reason, note: input.note?.trim() || null },
      returnedBy: caller.subject,
    },
  });
  crashAt('exchange.intent.before-commit');
  return { saleId: basket.id };
}

/** Why a basket that is locked, open and of an open till is not checked out. What was written before is taken back with it. */
async function notPaid(
  tx: Tx,
  caller: Caller,
  { id: saleId, currencyCode }: Sale,
  outcome: string,
) {
  const inside: Pick<Database, 'read'> = { read: (_tenantId, fn) => fn(tx) };
  if (outcome === 'BELOW_MINIMUM') {
    const lines = await linesBelowMinimum(inside, { tenantId: tx.tenantId, saleId });
    return belowMinimumPrice(lines, currencyCode);
  }
  const refusal =
    outcome === 'PROMOTION_REFUSED' &&
    (await promotionRefusal(inside, caller, { saleId, customerId: null }));
  // A use that came free meanwhile: nothing is written, and the same key tries again.
  if (!refusal) throw new Error(`basket ${saleId} is not paid in an exchange: ${outcome}`);
  return refusal;
}

async function lockedSales(tx: Tx, { saleId, returnedSaleId }: SaleExchangeInput) {
  const returned = await lockSale(tx, returnedSaleId);
  if (!returned) return notFound('Sale', returnedSaleId);
  if (returned.status !== 'COMMITTED') return saleNotReturnable(returned);
  const basket = await lockSale(tx, saleId);
  if (!basket) return notFound('Sale', saleId);
  if (!takesLines(basket)) return saleNotOpen(basket);
  if (basket.registerId === null)
    return invalidInput('saleId', 'Goods are exchanged at a till: the basket has none.', saleId);
  return { returned, basket };
}

/** What comes back, what that pays for, and how the difference is paid or goes back. */
async function decide(
  tx: Tx,
  { returned, basket }: { returned: Sale; basket: Sale },
  input: SaleExchangeInput,
) {
  const { currencyCode } = returned;
  if (basket.currencyCode !== currencyCode)
    return currencyMismatch({ expected: currencyCode, actual: basket.currencyCode });
  if (basket.lines.length === 0) return saleEmpty(basket.id);
  const before = await linesBack(tx, returned.id);
  const back = decideLines(returned, before, input.returnedLines, 'returnedLines');
  if (isRefusal(back)) return back;
  const sold = new Map(returned.lines.map(({ id, giftCardId }) => [id, giftCardId]));
  if (back.lines.some(({ lineId }) => sold.get(lineId)))
    return invalidInput('returnedLines', 'A gift card comes back by a return of its own.');
  const wishes = input.refunds ? readRefunds(input.refunds, currencyCode) : undefined;
  if (isRefusal(wishes)) return wishes;
  const tenders = await paidTenders(tx, returned);
  const difference = differenceOf(dueOf(back, leftOfAll(tenders)), owedTotal(basket));
  const refunds = refundsOf(tenders, { ...difference, currencyCode }, wishes);
  if (isRefusal(refunds)) return refunds;
  const payment = await paymentNow(tx, { basket, difference }, input);
  if (isRefusal(payment)) return payment;
  const paid = { ...payment, tenders: [...worthOf(difference), ...payment.tenders] };
  return { lines: back.lines, tenders, refunds, difference, payment: paid };
}

type Due = { basket: Sale; difference: { usedMinor: number } };

/** With what is on cards and credits by now. */
const paymentNow = async (tx: Tx, { basket, difference }: Due, { tenders }: SaleExchangeInput) =>
  paymentOf(basket, await storedValuesIn(tx, tenders ?? []), worthOf(difference));

const worthOf = ({ usedMinor }: { usedMinor: number }): Tender[] =>
  usedMinor === 0 ? [] : [{ kind: 'EXCHANGE', amountMinor: usedMinor, reference: null }];
