import { uuidv7, type Database } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { invalidInput, isRefusal } from '@onecount/refusal';
import type { CheckoutDeps } from '../sale/checkout.driver.ts';
import {
  refundDue,
  saleNotOpen,
  type SaleCommitRefusal,
  type UnsoldRefusal,
} from '../sale/sale.errors.ts';
import type { SaleCommitInput } from '../sale/sale.input.ts';
import { readSale, type KeyRecord, type KeyUse } from '../sale/sale.sql.ts';
import { isOwedBack, type Sale } from '../sale/sale.ts';
import { paymentOf } from '../sale/tender.ts';
import { withStoredValues } from '../stored-value/tender-value.ts';
import { storePayment } from './web-checkout.sql.ts';

type Sold = { __typename: 'SaleCommitSuccess'; sale: Sale };
type Paying = {
  drive(paid: Sale): Promise<Sold | UnsoldRefusal>;
  use: KeyUse;
  input: SaleCommitInput;
  sale: Sale;
  record: KeyRecord | null;
};

/**
 * The payment of a checkout that awaits it, or awaited it. It is stored first, whatever became of the checkout: from then on
 * it is paid for a sale, or owed back, and both are rows that somebody looks after (ADR 0345). Undefined: a twin with the
 * same key was first, or something was spent from a card meanwhile; reading again shows it.
 */
export async function payAwaited(
  deps: Pick<CheckoutDeps, 'db' | 'settings'>,
  { drive, use, input, sale, record }: Paying,
): Promise<Sold | SaleCommitRefusal | undefined> {
  if (record) return answered(await paidSale(deps.db, use, record, sale), drive);
  if (input.customerId)
    return invalidInput('customerId', 'Name the customer before the checkout, by saleCustomerSet.');
  const payment = paymentOf(sale, await withStoredValues(deps.db, use, input.tenders));
  if (isRefusal(payment)) return payment;
  crashAt('sale.pay.before-commit');
  const step = await storePayment(deps.db, use, {
    ...{ saleId: sale.id, lateId: uuidv7(), ...payment },
    settleSeconds: deps.settings.sweepAfterSeconds,
  });
  switch (step.outcome) {
    case 'PAID':
    case 'LATE':
    case 'OWED':
      crashAt('sale.pay.after-commit');
      return answered(step.sale!, drive);
    case 'ENDED':
      return saleNotOpen(step.sale!);
    case 'KEY_USED':
    case 'CHANGED':
      return undefined;
  }
}

/** The late payment of an expired checkout is of the sale that took its place. */
async function paidSale(db: Database, { tenantId }: KeyUse, record: KeyRecord, sale: Sale) {
  const saleId = record.response.saleId!;
  return saleId === sale.id ? sale : (await readSale(db, { tenantId, saleId }))!;
}

async function answered(sale: Sale, drive: Paying['drive']) {
  const answer = await drive(sale);
  return answer.__typename === 'SaleClaimLost' && isOwedBack(answer.sale)
    ? refundDue(answer.sale)
    : answer;
}
