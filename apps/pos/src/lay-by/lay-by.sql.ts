import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';
import type { LineBelow } from '../consignment/consignment.errors.ts';
import type { PromotionProblem } from '../discount/promotion.ts';
import type { Tender } from '../sale/sale.ts';
import type { Instalment, LayByExpiry, LayByOutcome, LayByTerms } from './lay-by.ts';

export type LayByPayment = {
  position: number;
  number: string;
  amountMinor: number;
  registerId: string | null;
  shiftId: string | null;
  paidBy: string;
  paidAt: string;
  tenders: Tender[];
};
export type LayByRefund = {
  kind: Tender['kind'];
  amountMinor: number;
  reference: string | null;
  registerId: string | null;
  refundedBy: string;
  refundedAt: string;
};
/** Amounts are minor units of its currency, instants inside lists ISO 8601. */
export type LayBy = {
  saleId: string;
  currencyCode: string;
  totalMinor: number;
  depositMinor: number;
  paidMinor: number;
  /** How many payments there were. */
  payments: number;
  /** What a cancellation costs by its terms, and what was kept for one. */
  feeMinor: number;
  keptFeeMinor: number;
  graceDays: number;
  expiry: LayByExpiry;
  nextDueAt: Date | null;
  isOverdue: boolean;
  openedBy: string;
  openedAt: Date;
  outcome: LayByOutcome | null;
  endedAt: Date | null;
  /** Of one that ended without a sale: what was paid less the fee. */
  owedMinor: number | null;
  instalments: { dueAt: string; amountMinor: number }[];
  ledger: LayByPayment[];
  refund: LayByRefund | null;
  /** With microseconds, for the cursors. */
  duePosition: string | null;
  endPosition: string | null;
};
/** Parts of a lay-by do not know their currency: it is the lay-by's. */
export type InstalmentOfLayBy = LayBy['instalments'][number] & {
  currencyCode: string;
  isPaid: boolean;
};
export type PaymentOfLayBy = LayByPayment & { currencyCode: string };
export type RefundOfLayBy = LayByRefund & { currencyCode: string };
export type LayByPage = Connection<LayBy>;

const columns = `b.sale_id AS "saleId", b.currency_code AS "currencyCode", b.total_minor AS "totalMinor",
  b.deposit_minor AS "depositMinor", b.paid_minor AS "paidMinor", coalesce(b.payments, 0) AS payments,
  b.fee_minor AS "feeMinor", b.kept_fee_minor AS "keptFeeMinor", b.grace_days AS "graceDays", b.expiry,
  b.next_due_at AS "nextDueAt", coalesce(b.next_due_at < now(), false) AS "isOverdue", b.opened_by AS "openedBy",
  b.opened_at AS "openedAt", b.outcome, b.ended_at AS "endedAt", b.owed_minor AS "owedMinor",
  b.next_due_at::text AS "duePosition", b.ended_at::text AS "endPosition",
  (SELECT jsonb_agg(jsonb_build_object('dueAt', i.due_at, 'amountMinor', i.amount_minor) ORDER BY i.position)
     FROM lay_by_instalment i WHERE i.tenant_id = b.tenant_id AND i.sale_id = b.sale_id) AS instalments,
  (SELECT jsonb_agg(jsonb_build_object('position', p.position, 'number', p.number, 'amountMinor', p.amount_minor,
            'registerId', p.register_id, 'shiftId', p.shift_id, 'paidBy', p.paid_by, 'paidAt', p.paid_at, 'tenders', (
              SELECT jsonb_agg(jsonb_build_object('kind', t.kind, 'amountMinor', t.amount_minor, 'reference', t.reference)
                               ORDER BY t.position)
                FROM sale_tender t WHERE t.tenant_id = p.tenant_id AND t.sale_id = p.sale_id AND t.payment = p.position))
          ORDER BY p.position)
     FROM lay_by_payment p WHERE p.tenant_id = b.tenant_id AND p.sale_id = b.sale_id) AS ledger,
  (SELECT jsonb_build_object('kind', r.kind, 'amountMinor', r.amount_minor, 'reference', r.reference,
            'registerId', r.register_id, 'refundedBy', r.refunded_by, 'refundedAt', r.refunded_at)
     FROM lay_by_refund r WHERE r.tenant_id = b.tenant_id AND r.sale_id = b.sale_id) AS refund`;

const bySalesStatement = sql(
  'pos.lay-by-by-sales',
  `SELECT ${columns} FROM lay_by b WHERE b.tenant_id = $1 AND b.sale_id = ANY ($2)`,
);

export function layBysBySales(tx: Tx, saleIds: readonly string[]): Promise<LayBy[]> {
  return tx.query<LayBy>(bySalesStatement, [tx.tenantId, saleIds]);
}

export async function layByOf(tx: Tx, saleId: string): Promise<LayBy> {
  return exactlyOne(await layBysBySales(tx, [saleId]));
}

const openPageStatement = sql(
  'pos.lay-by-open-page',
  `SELECT ${columns} FROM lay_by b
    WHERE b.tenant_id = $1 AND b.outcome IS NULL AND b.next_due_at IS NOT NULL AND (NOT $3 OR b.next_due_at < now())
      AND ($4::timestamptz IS NULL OR (b.next_due_at, b.sale_id) > ($4, $5::uuid))
    ORDER BY b.next_due_at, b.sale_id LIMIT $2`,
);
const owedPageStatement = sql(
  'pos.lay-by-owed-page',
  `SELECT ${columns} FROM lay_by b
    WHERE b.tenant_id = $1 AND b.owed_minor > 0 AND b.refunded_at IS NULL
      AND ($3::timestamptz IS NULL OR (b.ended_at, b.sale_id) > ($3, $4::uuid))
    ORDER BY b.ended_at, b.sale_id LIMIT $2`,
);

type Page = { after: string[] | undefined; limit: number };

/** By what is due first. */
export function openLayBys(
  tx: Tx,
  { isOverdue, after, limit }: Page & { isOverdue: boolean },
): Promise<LayBy[]> {
  const [dueAt = null, id = null] = after ?? [];
  return tx.query<LayBy>(openPageStatement, [tx.tenantId, limit, isOverdue, dueAt, id]);
}

/** Ended without a sale, and not given back yet: the longest first. */
export function owedLayBys(tx: Tx, { after, limit }: Page): Promise<LayBy[]> {
  const [endedAt = null, id = null] = after ?? [];
  return tx.query<LayBy>(owedPageStatement, [tx.tenantId, limit, endedAt, id]);
}

const nowStatement = sql('pos.lay-by-now', 'SELECT clock_timestamp() AS now');

/** Of the database, whose clock decides what is overdue. */
export async function databaseNow(tx: Tx): Promise<Date> {
  return exactlyOne(await tx.query<{ now: Date }>(nowStatement)).now;
}

const belowStatement = sql(
  'pos.lay-by-below-minimum',
  'SELECT consignment_below_minimum($1, $2) AS lines',
);
const reserveStatement = sql(
  'pos.lay-by-promotions-reserve',
  'SELECT promotions_reserve(s) AS "isReserved" FROM sale s WHERE s.tenant_id = $1 AND s.id = $2',
);
const problemStatement = sql(
  'pos.lay-by-promotion-problem',
  'SELECT promotion_problem(s) AS problem FROM sale s WHERE s.tenant_id = $1 AND s.id = $2',
);

/** Lines below what was agreed with the owner of their piece. */
export async function linesBelow(tx: Tx, saleId: string): Promise<LineBelow[]> {
  const rows = await tx.query<{ lines: LineBelow[] | null }>(belowStatement, [tx.tenantId, saleId]);
  return exactlyOne(rows).lines ?? [];
}

/** Takes a use of each promotion of the basket, or says which of them cannot be used and why. */
export async function reservePromotions(tx: Tx, saleId: string) {
  const values = [tx.tenantId, saleId];
  const reserved = await tx.query<{ isReserved: boolean }>(reserveStatement, values);
  if (exactlyOne(reserved).isReserved) return null;
  type Row = { problem: { code: string; reason: PromotionProblem } };
  return exactlyOne(await tx.query<Row>(problemStatement, values)).problem;
}

const openStatement = sql(
  'pos.lay-by-open-sale',
  `UPDATE sale SET status = 'PENDING', lay_by = true, version = version + 1, pending_at = clock_timestamp(),
          payment_due_at = coalesce($3::timestamptz, 'infinity'),
          settle_after = clock_timestamp() + make_interval(secs => $4)
    WHERE tenant_id = $1 AND id = $2 AND status = 'OPEN' RETURNING id`,
);
const insertStatement = sql(
  'pos.lay-by-insert',
  `INSERT INTO lay_by (tenant_id, sale_id, currency_code, total_minor, deposit_minor, fee_minor, grace_days, expiry,
                       reminder_days, next_due_at, opened_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);
const instalmentsStatement = sql(
  'pos.lay-by-insert-instalments',
  `INSERT INTO lay_by_instalment (tenant_id, sale_id, position, due_at, amount_minor, through_minor, total_minor)
   SELECT $1, $2, x.ord - 1, x.due, x.amount, ($4 + sum(x.amount) OVER (ORDER BY x.ord))::bigint, $5
     FROM ROWS FROM (jsonb_to_recordset($3) AS ("dueAt" timestamptz, "amountMinor" bigint))
          WITH ORDINALITY AS x(due, amount, ord)`,
);

export type NewLayBy = {
  saleId: string;
  currencyCode: string;
  totalMinor: number;
  depositMinor: number;
  feeMinor: number;
  terms: LayByTerms;
  instalments: Instalment[];
  expiresAt: Date | null;
  openedBy: string;
  settleSeconds: number;
};

/** The basket becomes a lay-by: PENDING until it is paid, in sight of the sweeper. Behind the lock of the sale. */
export async function insertLayBy(tx: Tx, of: NewLayBy): Promise<void> {
  const { saleId, currencyCode, totalMinor, depositMinor, feeMinor, terms, instalments } = of;
  const { graceDays, expiry, reminderDays } = terms;
  const opened = [tx.tenantId, saleId, of.expiresAt, of.settleSeconds];
  exactlyOne(await tx.query(openStatement, opened));
  await tx.query(insertStatement, [
    ...[tx.tenantId, saleId, currencyCode, totalMinor, depositMinor, feeMinor],
    ...[graceDays, expiry, reminderDays, instalments[0]!.dueAt, of.openedBy],
  ]);
  await tx.query(instalmentsStatement, [
    ...[tx.tenantId, saleId, JSON.stringify(instalments), depositMinor, totalMinor],
  ]);
}

// A location's code has no slash: no other series is counted here. The last lock of all, as in a sale.
const numberStatement = sql(
  'pos.lay-by-payment-number',
  `INSERT INTO receipt_series AS series (tenant_id, prefix, last_number) VALUES ($1, $2 || '/L', 1)
   ON CONFLICT ON CONSTRAINT receipt_series_pkey DO UPDATE SET last_number = series.last_number + 1
   RETURNING prefix || '-' || lpad(last_number::text, greatest(6, length(last_number::text)), '0') AS number`,
);
const paymentStatement = sql(
  'pos.lay-by-payment-insert',
  `INSERT INTO lay_by_payment (tenant_id, sale_id, position, number, amount_minor, before_minor, after_minor, total_minor,
                               register_id, shift_id, paid_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);
const tendersStatement = sql(
  'pos.lay-by-tenders-insert',
  `INSERT INTO sale_tender (tenant_id, sale_id, position, kind, amount_minor, reference, payment)
   SELECT $1, $2, x.ord - 1 + (SELECT count(*) FROM sale_tender t WHERE t.tenant_id = $1 AND t.sale_id = $2),
          x.kind, x.amount, x.reference, $3
     FROM ROWS FROM (jsonb_to_recordset($4) AS (kind text, "amountMinor" bigint, reference text))
          WITH ORDINALITY AS x(kind, amount, reference, ord)`,
);
const paidStatement = sql(
  'pos.lay-by-paid',
  `UPDATE lay_by SET payments = $3, paid_minor = $4, next_due_at = $5
    WHERE tenant_id = $1 AND sale_id = $2 RETURNING sale_id`,
);

export type NewPayment = {
  saleId: string;
  position: number;
  /** Of the series: the location's code, or the channel of a sale without a location. */
  prefix: string;
  amountMinor: number;
  beforeMinor: number;
  totalMinor: number;
  till: { registerId: string; shiftId: string } | null;
  paidBy: string;
  tenders: Tender[];
  nextDueAt: Date | null;
};

/** A payment with its number; taken back with the transaction, so that there is no gap. */
export async function insertPayment(tx: Tx, of: NewPayment): Promise<void> {
  const { saleId, position, amountMinor, beforeMinor, totalMinor, till } = of;
  const numbers = await tx.query<{ number: string }>(numberStatement, [tx.tenantId, of.prefix]);
  const afterMinor = beforeMinor + amountMinor;
  await tx.query(paymentStatement, [
    ...[tx.tenantId, saleId, position, exactlyOne(numbers).number],
    ...[amountMinor, beforeMinor, afterMinor, totalMinor],
    ...[till?.registerId ?? null, till?.shiftId ?? null, of.paidBy],
  ]);
  await tx.query(tendersStatement, [tx.tenantId, saleId, position, JSON.stringify(of.tenders)]);
  const paid = [tx.tenantId, saleId, position, afterMinor, of.nextDueAt];
  exactlyOne(await tx.query(paidStatement, paid));
}

// What is not claimed yet stays in sight of the sweeper for that.
const waitsStatement = sql(
  'pos.lay-by-waits',
  `UPDATE sale SET version = version + 1, payment_due_at = coalesce($3::timestamptz, 'infinity'),
          settle_after = CASE WHEN claimed_at IS NULL THEN settle_after ELSE coalesce($3, 'infinity') END
    WHERE tenant_id = $1 AND id = $2 AND status = 'PENDING' RETURNING id`,
);

/** The sale waits for the next instalment. */
export async function waitOn(tx: Tx, saleId: string, until: Date | null): Promise<void> {
  exactlyOne(await tx.query(waitsStatement, [tx.tenantId, saleId, until]));
}

const completeStatement = sql(
  'pos.lay-by-complete',
  `UPDATE sale SET version = version + 1, commit_key = $3, shift_id = $4, settle_attempts = 0,
          settle_after = clock_timestamp() + make_interval(secs => $5)
    WHERE tenant_id = $1 AND id = $2 AND status = 'PENDING' AND commit_key IS NULL RETURNING id`,
);

/** All is paid: from here on it is a checkout like any other, with the same driver and the same sweeper. */
export async function completePayment(
  tx: Tx,
  of: { saleId: string; key: string; shiftId: string | null; settleSeconds: number },
): Promise<void> {
  const values = [tx.tenantId, of.saleId, of.key, of.shiftId, of.settleSeconds];
  exactlyOne(await tx.query(completeStatement, values));
}

const voidStatement = sql(
  'pos.lay-by-void',
  `SELECT sale_void($1, $2, 'PENDING', $3, NULL, NULL, NULL, $4, $5) ->> 'outcome' AS outcome`,
);

export async function voidLayBy(
  tx: Tx,
  of: { saleId: string; reason: string; settleSeconds: number; traceparent: string | null },
): Promise<void> {
  const values = [tx.tenantId, of.saleId, of.reason, of.settleSeconds, of.traceparent];
  const { outcome } = exactlyOne(await tx.query<{ outcome: string }>(voidStatement, values));
  if (outcome !== 'VOIDED') throw new Error(`lay-by ${of.saleId} was not voided: ${outcome}`);
}

const refundStatement = sql(
  'pos.lay-by-refund-insert',
  `INSERT INTO lay_by_refund (tenant_id, sale_id, kind, amount_minor, reference, register_id, shift_id, refunded_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const refundedStatement = sql(
  'pos.lay-by-refunded',
  `UPDATE lay_by SET refunded_at = clock_timestamp()
    WHERE tenant_id = $1 AND sale_id = $2 AND refunded_at IS NULL RETURNING sale_id`,
);

export async function insertRefund(
  tx: Tx,
  of: {
    saleId: string;
    kind: Tender['kind'];
    amountMinor: number;
    reference: string | null;
    till: { registerId: string; shiftId: string } | null;
    refundedBy: string;
  },
): Promise<void> {
  const { saleId, kind, amountMinor, reference, till, refundedBy } = of;
  await tx.query(refundStatement, [
    ...[tx.tenantId, saleId, kind, amountMinor, reference],
    ...[till?.registerId ?? null, till?.shiftId ?? null, refundedBy],
  ]);
  exactlyOne(await tx.query(refundedStatement, [tx.tenantId, saleId]));
}
