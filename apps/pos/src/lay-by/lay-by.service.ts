import { keyFor, type Database, type IdempotencyKeyReused, type Tx } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import {
  checkKey,
  firstOf,
  isRefusal,
  isUuid,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type { CheckoutParts } from '../sale/checkout.service.ts';
import type { BelowMinimumPrice } from '../consignment/consignment.errors.ts';
import type { PromotionRefused } from '../discount/promotion.errors.ts';
import type { Caller } from '../sale/idempotency.ts';
import {
  saleClaimLost,
  saleEmpty,
  saleNotOpen,
  salePending,
  type CurrencyMismatch,
  type registerClosed,
  type UnsoldRefusal,
} from '../sale/sale.errors.ts';
import { lockSale, salesByIds } from '../sale/sale.queries.ts';
import { takesLines, type Sale } from '../sale/sale.ts';
import { expiresAt, feeOf, leastDeposit, nextDue, scheduledOf } from './lay-by.ts';
import {
  type layByAmountRefused,
  layByEnded,
  layByNeedsCustomer,
  layByScheduleMismatch,
} from './lay-by.errors.ts';
import {
  checkLayByOpen,
  checkTenders,
  instalmentsOf,
  type LayByOpenInput,
  type LayByPayInput,
} from './lay-by.input.ts';
import { readSettings } from './lay-by-settings.sql.ts';
import {
  completePayment,
  databaseNow,
  insertLayBy,
  insertPayment,
  layByOf,
  waitOn,
  type LayBy,
  type PaymentOfLayBy,
} from './lay-by.sql.ts';
import type { StoredValueRefused } from '../stored-value/stored-value.errors.ts';
import { fixedTax, owedTotal } from '../tax/sale-tax.ts';
import { fixTax } from '../tax/sale-tax.sql.ts';
import { checkoutProblem, payable, seriesOf, tillOf, type Paying } from './lay-by.steps.ts';

type Common = IdempotencyKeyReused | NotFound | InvalidInput;
type PaymentRefusal =
  | Common
  | CurrencyMismatch
  | StoredValueRefused
  | UnsoldRefusal
  | ReturnType<typeof layByAmountRefused>
  | ReturnType<typeof registerClosed>;
export type LayByOpenRefusal =
  | PaymentRefusal
  | BelowMinimumPrice
  | PromotionRefused
  | ReturnType<
      | typeof saleNotOpen
      | typeof saleEmpty
      | typeof layByNeedsCustomer
      | typeof layByScheduleMismatch
    >;
export type LayByPayRefusal = PaymentRefusal | ReturnType<typeof layByEnded>;
type Opened = { __typename: 'LayByOpenSuccess'; layBy: LayBy };
type Paid = { __typename: 'LayByPaySuccess'; layBy: LayBy; payment: PaymentOfLayBy };
export type LayByService = ReturnType<typeof createLayByService>;

/** A sale that is paid in parts: its stock is its own at once, and it is sold by the last payment (ADR 0371). */
export function createLayByService(parts: CheckoutParts) {
  return {
    open: (caller: Caller, input: LayByOpenInput) => open(parts, caller, input),
    pay: (caller: Caller, input: LayByPayInput) => pay(parts, caller, input),
  };
}

async function open(
  parts: CheckoutParts,
  caller: Caller,
  input: LayByOpenInput,
): Promise<Opened | LayByOpenRefusal> {
  const invalid = checkLayByOpen(input);
  if (invalid) return invalid;
  if (!isUuid(input.saleId)) return notFound('Sale', input.saleId);
  const stored = await parts.db.command(
    caller,
    {
      ...{ operation: 'layByOpen', input },
      afterCommit: [
        () => {
          crashAt('lay-by.open.after-commit');
        },
      ],
    },
    (tx) => storeOpening(tx, parts, { caller, input }),
  );
  if (isRefusal(stored)) return stored;
  return claimed(parts, caller, stored.saleId);
}

// Locks in the order of a sale: key, sale, shift, series.
async function storeOpening(
  tx: Tx,
  { settings }: CheckoutParts,
  { caller, input }: { caller: Caller; input: LayByOpenInput },
) {
  const basket = await lockSale(tx, input.saleId);
  if (!basket) return notFound('Sale', input.saleId);
  if (!takesLines(basket)) return saleNotOpen(basket);
  if (basket.lines.length === 0) return saleEmpty(basket.id);
  const sale = { ...basket, totalMinor: owedTotal(basket) };
  if (sale.customerId === null) return layByNeedsCustomer(sale.id);
  const { currencyCode, totalMinor } = sale;
  const terms = await readSettings(tx);
  const leastMinor = leastDeposit(totalMinor, terms);
  const registerId = sale.registerId;
  const limits = { leastMinor, mostMinor: totalMinor - 1 };
  const paid = payable(input.tenders, { currencyCode, registerId, ...limits });
  if (isRefusal(paid)) return paid;
  const depositMinor = paid.amountMinor;
  const restMinor = totalMinor - depositMinor;
  const schedule = { restMinor, from: await databaseNow(tx), currencyCode };
  const instalments = instalmentsOf(input, schedule);
  if (isRefusal(instalments)) return instalments;
  const scheduledMinor = scheduledOf(instalments);
  if (scheduledMinor !== restMinor)
    return layByScheduleMismatch({ restMinor, scheduledMinor, currencyCode });
  const till = await tillOf(tx, registerId);
  if (isRefusal(till)) return till;
  const problem = await checkoutProblem(tx, sale);
  if (problem) return problem;
  await fixTax(tx, sale.id, fixedTax(basket, []));
  await insertLayBy(tx, {
    ...{ saleId: sale.id, currencyCode, totalMinor, depositMinor, terms, instalments },
    ...{ feeMinor: feeOf(sale, terms), expiresAt: expiresAt(instalments[0], terms) },
    ...{ openedBy: caller.subject, settleSeconds: settings.sweepAfterSeconds },
  });
  await insertPayment(tx, {
    ...{ saleId: sale.id, position: 1, prefix: seriesOf(sale), beforeMinor: 0, totalMinor, till },
    ...{ ...paid, paidBy: caller.subject, nextDueAt: instalments[0]!.dueAt },
  });
  crashAt('lay-by.open.before-commit');
  return { saleId: sale.id };
}

const read = (db: Database, { tenantId }: Caller, saleId: string) =>
  db.read(tenantId, async (tx) => ({
    sale: (await salesByIds(tx, [saleId]))[0]!,
    layBy: await layByOf(tx, saleId),
  }));

/** The claim, after the money is stored: what is refused owes it back, and says so. */
async function claimed(
  parts: CheckoutParts,
  caller: Caller,
  saleId: string,
): Promise<Opened | UnsoldRefusal> {
  const end = await driveOf(parts, caller, (await read(parts.db, caller, saleId)).sale);
  if (end.status === 'PENDING' && !end.claimedAt) return salePending(end.id);
  if (end.refusalReasons) return saleClaimLost(end, end.refusalReasons);
  return { __typename: 'LayByOpenSuccess', layBy: (await read(parts.db, caller, saleId)).layBy };
}

const driveOf = ({ driver, settings }: CheckoutParts, caller: Caller, sale: Sale) =>
  driver.driveCheckout(caller, sale, { patienceMs: settings.claimPatienceMs });

async function pay(
  parts: CheckoutParts,
  caller: Caller,
  input: LayByPayInput,
): Promise<Paid | LayByPayRefusal> {
  const { saleId, registerId } = input;
  const invalid = firstOf(checkKey(input.idempotencyKey), checkTenders(input.tenders));
  if (invalid) return invalid;
  if (!isUuid(saleId)) return notFound('LayBy', saleId);
  if (registerId && !isUuid(registerId)) return notFound('Register', registerId);
  const stored = await parts.db.command(
    caller,
    {
      ...{ operation: 'layByPay', input },
      afterCommit: [
        () => {
          crashAt('lay-by.pay.after-commit');
        },
      ],
    },
    (tx) => storePayment(tx, parts, { caller, input }),
  );
  if (isRefusal(stored)) return stored;
  const { position } = stored;
  if (stored.isLast) {
    const end = await driveOf(parts, caller, (await read(parts.db, caller, saleId)).sale);
    if (end.status === 'PENDING') return salePending(saleId);
    if (end.status === 'VOIDED') return saleClaimLost(end, end.refusalReasons ?? []);
  }
  const { layBy } = await read(parts.db, caller, saleId);
  const { currencyCode } = layBy;
  const payment = layBy.ledger.find((one) => one.position === position)!;
  return { __typename: 'LayByPaySuccess', layBy, payment: { ...payment, currencyCode } };
}

// Whoever pays waits for the lock of the sale: of two tills the second sees what the first has left to pay.
async function storePayment(
  tx: Tx,
  { settings }: CheckoutParts,
  { caller, input }: { caller: Caller; input: LayByPayInput },
) {
  const sale = await lockSale(tx, input.saleId);
  if (!sale?.isLayBy) return notFound('LayBy', input.saleId);
  const layBy = await layByOf(tx, sale.id);
  if (sale.status !== 'PENDING' || sale.commitKey !== null) return layByEnded(layBy);
  const { currencyCode, totalMinor, paidMinor } = layBy;
  const registerId = input.registerId ?? null;
  const limits: Paying = { leastMinor: 1, mostMinor: totalMinor - paidMinor };
  const paid = payable(input.tenders, { currencyCode, registerId, ...limits });
  if (isRefusal(paid)) return paid;
  const till = await tillOf(tx, registerId);
  if (isRefusal(till)) return till;
  const position = layBy.payments + 1;
  const isLast = paid.amountMinor === limits.mostMinor;
  const instalments = layBy.instalments.map((one) => ({ ...one, dueAt: new Date(one.dueAt) }));
  const next = nextDue(instalments, { ...layBy, paidMinor: paidMinor + paid.amountMinor });
  await insertPayment(tx, {
    ...{ saleId: sale.id, position, prefix: seriesOf(sale), beforeMinor: paidMinor, totalMinor },
    ...{ ...paid, till, paidBy: caller.subject, nextDueAt: next?.dueAt ?? null },
  });
  if (isLast)
    await completePayment(tx, {
      ...{ saleId: sale.id, key: keyFor(caller, input.idempotencyKey) },
      ...{ shiftId: till?.shiftId ?? null, settleSeconds: settings.sweepAfterSeconds },
    });
  else await waitOn(tx, sale.id, expiresAt(next, layBy));
  crashAt('lay-by.pay.before-commit');
  return { position, isLast };
}
