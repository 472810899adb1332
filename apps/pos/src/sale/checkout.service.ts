import { idempotencyKeyReused } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { amountMinorMax } from '@onecount/money';
import { invalidInput, isRefusal, isUuid, notFound } from '@onecount/refusal';
import { createDriver, type CheckoutDeps, type CheckoutDriver } from './checkout.driver.ts';
import { isSameRequest, keyUseOf, type Caller } from './idempotency.ts';
import {
  currencyMismatch,
  registerClosed,
  saleAlreadyCommitted,
  saleClaimLost,
  saleEmpty,
  saleNotOpen,
  salePending,
  tenderMismatch,
  type PaymentRefusal,
  type SaleCommitRefusal,
  type SaleVoidRefusal,
  type UnsoldRefusal,
} from './sale.errors.ts';
import {
  amountOf,
  checkCommit,
  checkVoid,
  type SaleCommitInput,
  type SaleVoidInput,
} from './sale.input.ts';
import {
  moveToPending,
  moveToVoided,
  readForCheckout,
  type KeyUse,
  type Voiding,
} from './sale.sql.ts';
import { settle, type Sale, type Tender } from './sale.ts';
import { traceparentNow } from './trace.ts';

export type CheckoutService = ReturnType<typeof createCheckoutService>;

// A basket that changes between reading and paying is read again; more often than this is no cashier.
const readsMax = 10;

/** The protocol of docs/sale.md: intent here, claim and commit in the driver. */
export function createCheckoutService(deps: CheckoutDeps) {
  const driver = createDriver(deps);
  const parts = { ...deps, driver };
  return {
    driver,
    commit: (caller: Caller, input: SaleCommitInput) => commit(parts, caller, input),
    voidSale: (caller: Caller, input: SaleVoidInput) => voidSale(parts, caller, input),
  };
}

type Parts = CheckoutDeps & { driver: CheckoutDriver };
type Sold = { __typename: 'SaleCommitSuccess'; sale: Sale };
type Voided = { __typename: 'SaleVoidSuccess'; sale: Sale };

async function commit(
  parts: Parts,
  caller: Caller,
  input: SaleCommitInput,
): Promise<Sold | SaleCommitRefusal> {
  const invalid = checkCommit(input);
  if (invalid) return invalid;
  if (!isUuid(input.saleId)) return notFound('Sale', input.saleId);
  const use = keyUseOf(caller, input);
  for (let read = 1; read <= readsMax; read += 1) {
    const { record, sale } = await readForCheckout(parts.db, { ...use, saleId: input.saleId });
    if (record && !isSameRequest(record, use, 'saleCommit')) return idempotencyKeyReused(use.key);
    if (!sale) return notFound('Sale', input.saleId);
    if (record) return driven(parts, caller, sale);
    const payment = decidePayment(sale, input);
    if (isRefusal(payment)) return payment;
    const outcome = await storeIntent(parts, use, { sale, payment });
    if (outcome === 'REGISTER_CLOSED') return registerClosed(sale.registerId!);
    if (outcome === 'PENDING') return driven(parts, caller, pendingOf(sale, use, payment));
    // CHANGED: the basket moved on. KEY_USED: a twin was first. Reading again tells.
  }
  throw new Error(`sale ${input.saleId} changed ${readsMax} times while it was being paid`);
}

// At most 20 of at most 10^15 each: a sum that leaves the exact integers is still far above the limit.
const sumOf = (tenders: readonly Tender[]) =>
  tenders.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

type Payment = { tenders: Tender[]; changeMinor: number };

/** Everything that can be refused before anything is written, in the order of sale.errors.ts. */
function decidePayment(sale: Sale, input: SaleCommitInput): Payment | PaymentRefusal {
  if (sale.status !== 'OPEN') return saleNotOpen(sale);
  const tenders: Tender[] = [];
  for (const [index, { kind, amount, reference }] of input.tenders.entries()) {
    if (amount.currencyCode !== sale.currencyCode)
      return currencyMismatch({ expected: sale.currencyCode, actual: amount.currencyCode });
    const field = `tenders.${index}.amount`;
    const parsed = amountOf(field, amount);
    if (!parsed.ok) return parsed.refusal;
    if (parsed.minor === 0) return invalidInput(field, 'A tender of zero pays nothing.', '0');
    tenders.push({ kind, amountMinor: parsed.minor, reference: reference ?? null });
  }
  if (sale.lines.length === 0) return saleEmpty(sale.id);
  if (sumOf(tenders) > amountMinorMax)
    return invalidInput('tenders', 'The tenders come to more than an amount can be.');
  const payment = settle(sale.totalMinor, tenders);
  if (!payment.pays) return tenderMismatch(sale, payment.tenderedMinor);
  return { tenders, changeMinor: payment.changeMinor };
}

async function storeIntent(
  { db, settings }: Parts,
  use: KeyUse,
  { sale, payment }: { sale: Sale; payment: Payment },
) {
  crashAt('sale.intent.before-commit');
  const outcome = await moveToPending(db, use, {
    saleId: sale.id,
    version: sale.version,
    settleSeconds: settings.sweepAfterSeconds,
    ...payment,
  });
  if (outcome === 'PENDING') crashAt('sale.intent.after-commit');
  return outcome;
}

// What the intent has written is known here: no need to read it back.
function pendingOf(sale: Sale, use: KeyUse, payment: Payment): Sale {
  const version = sale.version + 1;
  return { ...sale, ...payment, version, status: 'PENDING', commitKey: use.key };
}

/** The caller's answer follows from the sale alone, so it is the same however often and late it is asked. */
async function driven(parts: Parts, caller: Caller, sale: Sale): Promise<Sold | UnsoldRefusal> {
  const { claimPatienceMs } = parts.settings;
  const end = await parts.driver.driveCheckout(caller, sale, { patienceMs: claimPatienceMs });
  switch (end.status) {
    case 'COMMITTED':
      return { __typename: 'SaleCommitSuccess', sale: end };
    case 'VOIDED':
      return saleClaimLost(end, end.refusalReasons ?? []);
    case 'PENDING':
      return salePending(end.id);
    case 'OPEN':
      throw new Error(`sale ${end.id} is OPEN behind an intent`);
  }
}

async function voidSale(
  parts: Parts,
  caller: Caller,
  input: SaleVoidInput,
): Promise<Voided | SaleVoidRefusal> {
  const invalid = checkVoid(input);
  if (invalid) return invalid;
  if (!isUuid(input.saleId)) return notFound('Sale', input.saleId);
  const use = keyUseOf(caller, input);
  for (;;) {
    crashAt('sale.void.before-commit');
    const ref = { tenantId: caller.tenantId, saleId: input.saleId };
    const step = await moveToVoided(parts.db, ref, voidingOf(parts, use, input));
    if (step.outcome === 'KEY_USED' && !isSameRequest(step.record!, use, 'saleVoid'))
      return idempotencyKeyReused(use.key);
    if (!step.sale) return notFound('Sale', input.saleId);
    if (step.outcome === 'VOIDED') {
      crashAt('sale.void.after-commit');
      parts.wakeRelay();
    }
    if (step.sale.status === 'VOIDED')
      return {
        __typename: 'SaleVoidSuccess',
        sale: await parts.driver.release(caller, step.sale),
      };
    if (step.sale.status === 'COMMITTED') return saleAlreadyCommitted(step.sale);
    const answer = await driven(parts, caller, step.sale);
    if (isRefusal(answer) && answer.__typename === 'SalePending') return answer;
    // Its checkout has ended now; the next turn says how, and stores the key if it ended void.
  }
}

function voidingOf(parts: Parts, use: KeyUse, input: SaleVoidInput): Voiding {
  return {
    from: 'OPEN',
    reason: input.reason,
    keyUse: use,
    settleSeconds: parts.settings.sweepAfterSeconds,
    traceparent: traceparentNow(),
  };
}
