import { crashAt } from '@onecount/failpoint';
import { isRefusal, isUuid, notFound } from '@onecount/refusal';
import { currentTraceparent } from '@onecount/telemetry';
import { belowMinimumPrice } from '../consignment/consignment.errors.ts';
import { linesBelowMinimum } from '../consignment/consignment.sql.ts';
import { customerErased } from '../customer/customer.errors.ts';
import { promotionRefusal } from '../discount/promotion.sql.ts';
import { withStoredValues, type FoundTender } from '../stored-value/tender-value.ts';
import { payAwaited } from '../web-checkout/awaited-payment.service.ts';
import { voidUnpaid } from '../web-checkout/web-checkout.sql.ts';
import { createDriver, type CheckoutDeps, type CheckoutDriver } from './checkout.driver.ts';
import { keepingRefusal, keyUseOf, refusedBefore, type Caller } from './idempotency.ts';
import {
  registerClosed,
  saleAlreadyCommitted,
  saleClaimLost,
  saleNotOpen,
  salePending,
  type PaymentRefusal,
  type SaleCommitRefusal,
  type SaleVoidRefusal,
  type UnsoldRefusal,
} from './sale.errors.ts';
import { checkCommit, checkVoid, type SaleCommitInput, type SaleVoidInput } from './sale.input.ts';
import {
  moveToPending,
  moveToVoided,
  readForCheckout,
  type KeyUse,
  type Voiding,
} from './sale.sql.ts';
import { isUnpaid, takesLines, type Sale, type Tender } from './sale.ts';
import { paymentOf } from './tender.ts';
import type { FixedTax } from '../tax/sale-tax.ts';

export type CheckoutService = ReturnType<typeof createCheckoutService>;

// A basket that changes between reading and paying is read again; more often than this is no cashier.
const readsMax = 10;

/** The protocol of docs/sale.md: intent here, claim and commit in the driver. */
export function createCheckoutService(deps: CheckoutDeps) {
  const driver = createDriver(deps);
  const parts = { ...deps, driver };
  return {
    driver,
    /** For another way into the same checkout. */
    parts,
    commit: (caller: Caller, input: SaleCommitInput) =>
      keepingRefusal(deps.db, caller, { operation: 'saleCommit', input }, () =>
        commit(parts, caller, input),
      ),
    voidSale: (caller: Caller, input: SaleVoidInput) =>
      keepingRefusal(deps.db, caller, { operation: 'saleVoid', input }, () =>
        voidSale(parts, caller, input),
      ),
  };
}

export type CheckoutParts = CheckoutDeps & { driver: CheckoutDriver };
type Sold<Name extends string = 'SaleCommitSuccess'> = { __typename: Name; sale: Sale };
type Voided = { __typename: 'SaleVoidSuccess'; sale: Sale };

async function commit(
  parts: CheckoutParts,
  caller: Caller,
  input: SaleCommitInput,
): Promise<Sold | SaleCommitRefusal> {
  const invalid = checkCommit(input);
  if (invalid) return invalid;
  const { saleId, customerId = null } = input;
  if (!isUuid(saleId)) return notFound('Sale', saleId);
  if (customerId && !isUuid(customerId)) return notFound('Customer', customerId);
  const use = keyUseOf(caller, input);
  for (let read = 1; read <= readsMax; read += 1) {
    const { record, sale } = await readForCheckout(parts.db, { ...use, saleId });
    const before = record && refusedBefore<SaleCommitRefusal>(record, use, 'saleCommit');
    if (before) return before;
    if (!sale) return notFound('Sale', saleId);
    if (sale.isLayBy) return saleNotOpen(sale);
    if (sale.paymentDueAt !== null) {
      const drive = (paid: Sale) => driven(parts, caller, paid, 'SaleCommitSuccess');
      const answer = await payAwaited(parts, { drive, use, input, sale, record });
      if (answer) return answer;
      continue;
    }
    if (record) return driven(parts, caller, sale, 'SaleCommitSuccess');
    const tenders = await withStoredValues(parts.db, caller, input.tenders);
    const payment = decidePayment(sale, tenders);
    if (isRefusal(payment)) return payment;
    const outcome = await storeIntent(parts, use, { sale, payment, customerId });
    switch (outcome) {
      case 'PENDING': {
        const named = { ...sale, customerId: customerId ?? sale.customerId };
        return driven(parts, caller, pendingOf(named, use, payment), 'SaleCommitSuccess');
      }
      case 'REGISTER_CLOSED':
        return registerClosed(sale.registerId!);
      case 'CUSTOMER_UNKNOWN':
        return notFound('Customer', customerId!);
      case 'CUSTOMER_ERASED':
        return customerErased(customerId!);
      case 'BELOW_MINIMUM': {
        const lines = await linesBelowMinimum(parts.db, { ...use, saleId });
        if (lines.length > 0) return belowMinimumPrice(lines, sale.currencyCode);
        break;
      }
      case 'PROMOTION_REFUSED': {
        const refusal = await promotionRefusal(parts.db, caller, { saleId, customerId });
        if (refusal) return refusal;
        break;
      }
      case 'CHANGED': // The basket, or what is on a card, moved on.
      case 'KEY_USED': // A twin was first. Reading again shows which.
    }
  }
  throw new Error(`sale ${saleId} changed ${readsMax} times while it was being paid`);
}

type Payment = { tenders: Tender[]; changeMinor: number; tax: FixedTax | null };

/** Everything that can be refused before anything is written, in the order of sale.errors.ts. */
const decidePayment = (sale: Sale, tenders: readonly FoundTender[]): Payment | PaymentRefusal =>
  takesLines(sale) ? paymentOf(sale, tenders) : saleNotOpen(sale);

async function storeIntent(
  { db, settings }: CheckoutParts,
  use: KeyUse,
  { sale, payment, customerId }: { sale: Sale; payment: Payment; customerId: string | null },
) {
  crashAt('sale.intent.before-commit');
  const outcome = await moveToPending(db, use, {
    saleId: sale.id,
    version: sale.version,
    customerId,
    settleSeconds: settings.sweepAfterSeconds,
    ...payment,
  });
  if (outcome === 'PENDING') crashAt('sale.intent.after-commit');
  return outcome;
}

// What the intent has written is known here: no need to read it back.
function pendingOf(sale: Sale, use: KeyUse, { tenders, changeMinor, tax }: Payment): Sale {
  const paid = { tenders, changeMinor, ...tax, taxTerms: null };
  const version = sale.version + 1;
  return { ...sale, ...paid, version, status: 'PENDING', commitKey: use.key };
}

/** The caller's answer follows from the sale alone, so it is the same however often and late it is asked. */
export async function driven<Name extends string>(
  parts: CheckoutParts,
  caller: Caller,
  sale: Sale,
  success: Name,
): Promise<Sold<Name> | UnsoldRefusal> {
  const { claimPatienceMs } = parts.settings;
  const end = await parts.driver.driveCheckout(caller, sale, { patienceMs: claimPatienceMs });
  switch (end.status) {
    case 'COMMITTED':
      return { __typename: success, sale: end };
    case 'VOIDED':
      return saleClaimLost(end, end.refusalReasons ?? []);
    case 'PENDING':
      return salePending(end.id);
    case 'OPEN':
      throw new Error(`sale ${end.id} is OPEN behind an intent`);
  }
}

async function voidSale(
  parts: CheckoutParts,
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
    const voiding = voidingOf(parts, use, input);
    const first = await moveToVoided(parts.db, ref, voiding);
    const isAwaited = first.outcome === 'OTHER_STATE' && first.sale && isUnpaid(first.sale);
    const step = isAwaited ? await voidUnpaid(parts.db, ref, { ...voiding, keyUse: use }) : first;
    const before =
      step.outcome === 'KEY_USED' && refusedBefore<SaleVoidRefusal>(step.record!, use, 'saleVoid');
    if (before) return before;
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
    const answer = await driven(parts, caller, step.sale, 'SaleCommitSuccess');
    if (isRefusal(answer) && answer.__typename === 'SalePending') return answer;
    // Its checkout has ended now; the next turn says how, and stores the key if it ended void.
  }
}

function voidingOf(parts: CheckoutParts, use: KeyUse, input: SaleVoidInput): Voiding {
  return {
    from: 'OPEN',
    reason: input.reason,
    keyUse: use,
    settleSeconds: parts.settings.sweepAfterSeconds,
    traceparent: currentTraceparent(),
  };
}
