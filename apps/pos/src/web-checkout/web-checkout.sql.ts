import { sql, type Database } from '@onecount/db';
import { resultOf, type KeyUse, type SaleRef, type Step, type Voiding } from '../sale/sale.sql.ts';
import type { Sale, Tender } from '../sale/sale.ts';
import type { FixedTax } from '../tax/sale-tax.ts';

// One round trip each, of a function that stands beside this file under its name, as in sale/sale.sql.ts.

const checkoutStatement = sql(
  'pos.sale-checkout',
  'SELECT sale_checkout($1, $2, $3, $4, $5, $6, $7) AS result',
);

const taxedCheckoutStatement = sql(
  'pos.sale-checkout-taxed',
  'SELECT sale_checkout_taxed($1, $2, $3, $4, $5, $6, $7, $8) AS result',
);

export type Checkout = {
  saleId: string;
  version: number;
  paymentSeconds: number;
  settleSeconds: number;
  /** Null: nothing is taxed. */
  tax: FixedTax | null;
};

export function storeCheckout(db: Database, use: KeyUse, checkout: Checkout) {
  const { saleId, version, paymentSeconds, settleSeconds, tax } = checkout;
  const values = [use.tenantId, use.key, use.hash, saleId, version, paymentSeconds, settleSeconds];
  type Result = Step<'PENDING' | 'KEY_USED' | 'BELOW_MINIMUM' | 'PROMOTION_REFUSED' | 'CHANGED'>;
  return tax
    ? resultOf<Result>(db, taxedCheckoutStatement, [...values, JSON.stringify(tax)])
    : resultOf<Result>(db, checkoutStatement, values);
}

const awaitStatement = sql('pos.sale-await', 'SELECT sale_await($1, $2) AS result');

export function storeAwaited(db: Database, { tenantId, saleId }: SaleRef) {
  return resultOf<Sale>(db, awaitStatement, [tenantId, saleId]);
}

const payStatement = sql(
  'pos.sale-pay',
  'SELECT sale_pay($1, $2, $3, $4, $5, $6, $7, $8) AS result',
);

export type AwaitedPayment = {
  saleId: string;
  /** Of the sale that takes its place if it has expired. */
  lateId: string;
  tenders: Tender[];
  changeMinor: number;
  settleSeconds: number;
};

export function storePayment(db: Database, use: KeyUse, payment: AwaitedPayment) {
  const { saleId, lateId, changeMinor, settleSeconds } = payment;
  const tenders = payment.tenders.map((tender, position) => ({ position, ...tender }));
  type Outcome = 'PAID' | 'LATE' | 'OWED' | 'ENDED' | 'KEY_USED' | 'CHANGED';
  return resultOf<Step<Outcome>>(db, payStatement, [
    ...[use.tenantId, use.key, use.hash, saleId, lateId],
    ...[JSON.stringify(tenders), changeMinor, settleSeconds],
  ]);
}

const voidStatement = sql(
  'pos.sale-void-unpaid',
  'SELECT sale_void_unpaid($1, $2, $3, $4, $5, $6, $7) AS result',
);

type Outcome = 'VOIDED' | 'ALREADY_VOIDED' | 'KEY_USED' | 'OTHER_STATE';
type Expiry = Pick<Voiding, 'reason' | 'settleSeconds' | 'traceparent'>;

/** With a key somebody gives it up; without one only what is overdue. */
export function voidUnpaid(db: Database, ref: SaleRef, voiding: Expiry & { keyUse?: KeyUse }) {
  const { reason, keyUse, settleSeconds, traceparent } = voiding;
  return resultOf<Step<Outcome>>(db, voidStatement, [
    ...[ref.tenantId, ref.saleId, reason, keyUse?.key ?? null, keyUse?.hash ?? null],
    ...[settleSeconds, traceparent],
  ]);
}
