import { exactlyOne, sql, type Tx } from '@onecount/db';
import { dueRowsOf } from '../due-work.ts';
import type { Connection } from '@onecount/graphql';
import type { DepositKind, Rental, RentalStatus, Settlement } from './rental.ts';

// Order of locks: the rental, then the shift of a till. The commit of a sale locks its own row before rentals.

export type RentalPage = Connection<Rental>;

const columns = `id, version, status, customer_id AS "customerId", stock_item_id AS "stockItemId", sku, title,
  serial_unit_id AS "serialUnitId", serial, lower(period) AS "from", upper(period) AS until, currency_code AS "currencyCode",
  price_minor AS "priceMinor", late_day_minor AS "lateDayMinor", note, booked_by AS "bookedBy", booked_at AS "bookedAt",
  sale_id AS "saleId", out_note AS "outNote", out_at AS "outAt", deposit_minor AS "depositMinor",
  deposit_kind AS "depositKind", back_note AS "backNote", back_at AS "backAt", late_minor AS "lateMinor",
  damage_minor AS "damageMinor", deposit_back_minor AS "depositBackMinor", conflict_sale_id AS "conflictSaleId", attempt,
  settle_after AS "settleAfter", lower(period)::text AS position`;

// Bookings of one unit come one after the other: inserts that wait for each other in the index of an exclusion constraint
// end in deadlocks as soon as there are three.
const queueStatement = sql(
  'pos.rental-queue',
  `SELECT pg_advisory_xact_lock(hashtextextended('rental/' || $1 || '/' || $2, 0))`,
);
const insertStatement = sql(
  'pos.rental-insert',
  `INSERT INTO rental (tenant_id, id, customer_id, stock_item_id, sku, title, serial_unit_id, serial, period, currency_code,
                       price_minor, late_day_minor, note, booked_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, tstzrange($9, $10), $11, $12, $13, $14, $15)`,
);

type NewRental = Pick<
  Rental,
  | 'id'
  | 'customerId'
  | 'stockItemId'
  | 'sku'
  | 'title'
  | 'serialUnitId'
  | 'serial'
  | 'from'
  | 'until'
  | 'currencyCode'
  | 'priceMinor'
  | 'lateDayMinor'
  | 'note'
  | 'bookedBy'
>;

export async function insertRental(tx: Tx, of: NewRental): Promise<void> {
  await tx.query(queueStatement, [tx.tenantId, of.serialUnitId]);
  await tx.query(insertStatement, [
    ...[tx.tenantId, of.id, of.customerId, of.stockItemId, of.sku, of.title, of.serialUnitId],
    ...[of.serial, of.from, of.until, of.currencyCode, of.priceMinor, of.lateDayMinor, of.note],
    of.bookedBy,
  ]);
}

const overlappingStatement = sql(
  'pos.rental-overlapping',
  `SELECT ${columns} FROM rental WHERE tenant_id = $1 AND serial_unit_id = $2 AND period && tstzrange($3, $4)
      AND status IN ('BOOKED', 'OUT') ORDER BY lower(period) LIMIT 1`,
);

/** The first that overlaps. */
export async function overlapping(
  tx: Tx,
  of: Pick<Rental, 'serialUnitId' | 'from' | 'until'>,
): Promise<Rental | undefined> {
  const values = [tx.tenantId, of.serialUnitId, of.from, of.until];
  return (await tx.query<Rental>(overlappingStatement, values))[0];
}

const byIdsStatement = sql(
  'pos.rentals-by-ids',
  `SELECT ${columns} FROM rental WHERE tenant_id = $1 AND id = ANY ($2)`,
);

export function rentalsByIds(tx: Tx, ids: readonly string[]): Promise<Rental[]> {
  return tx.query<Rental>(byIdsStatement, [tx.tenantId, ids]);
}

const lockStatement = sql(
  'pos.rental-lock',
  `SELECT ${columns} FROM rental WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
);

export async function lockRental(tx: Tx, id: string): Promise<Rental | undefined> {
  return (await tx.query<Rental>(lockStatement, [tx.tenantId, id]))[0];
}

const attemptStatement = sql(
  'pos.rental-attempt',
  `UPDATE rental SET attempt = attempt + 1, is_attempt_over = false, settle_attempts = 0,
          settle_after = clock_timestamp() + make_interval(secs => $3)
    WHERE tenant_id = $1 AND id = $2 AND status = 'BOOKED' AND settle_after IS NULL RETURNING ${columns}`,
);

/** The next attempt to go out, if it is booked and no other is under way: from here somebody looks after its hold. */
export async function beginAttempt(
  tx: Tx,
  id: string,
  settleSeconds: number,
): Promise<Rental | undefined> {
  return (await tx.query<Rental>(attemptStatement, [tx.tenantId, id, settleSeconds]))[0];
}

const outStatement = sql(
  'pos.rental-out',
  `UPDATE rental SET status = 'OUT', version = version + 1, sale_id = $3, out_note = $4, out_by = $5,
          out_at = clock_timestamp(), deposit_minor = $6, deposit_kind = $7, deposit_reference = $8, settle_after = NULL
    WHERE tenant_id = $1 AND id = $2 AND status = 'BOOKED' AND attempt = $9 AND NOT is_attempt_over RETURNING id`,
);

export type Deposit = { kind: DepositKind | null; minor: number; reference: string | null };

type Going = {
  saleId: string | null;
  note: string | null;
  by: string;
  deposit: Deposit;
  attempt: number;
};

/** False when the attempt was over meanwhile: then inventory keeps nothing for it. */
export async function markOut(tx: Tx, id: string, of: Going): Promise<boolean> {
  const { saleId, note, by, deposit, attempt } = of;
  const values = [saleId, note, by, deposit.minor, deposit.kind, deposit.reference, attempt];
  return (await tx.query(outStatement, [tx.tenantId, id, ...values])).length === 1;
}

const overStatement = sql(
  'pos.rental-attempt-over',
  `UPDATE rental SET is_attempt_over = true
    WHERE tenant_id = $1 AND id = $2 AND attempt = $3 AND status <> 'OUT' AND settle_after IS NOT NULL RETURNING id`,
);

/** From here this attempt cannot end with the unit out: its hold may be let go. False when it is out. */
export async function endAttempt(tx: Tx, id: string, attempt: number): Promise<boolean> {
  return (await tx.query(overStatement, [tx.tenantId, id, attempt])).length === 1;
}

const backStatement = sql(
  'pos.rental-back',
  `UPDATE rental SET status = 'BACK', version = version + 1, back_note = $3, back_by = $4, back_at = $5, late_minor = $6,
          damage_minor = $7, deposit_back_minor = $8, settle_attempts = 0,
          settle_after = clock_timestamp() + make_interval(secs => $9)
    WHERE tenant_id = $1 AND id = $2 AND status = 'OUT' RETURNING ${columns}`,
);

export async function markBack(
  tx: Tx,
  id: string,
  of: Settlement & { note: string | null; by: string; backAt: Date; settleSeconds: number },
): Promise<Rental> {
  const { lateMinor, damageMinor, depositBackMinor, note, by, backAt, settleSeconds } = of;
  const money = [lateMinor, damageMinor, depositBackMinor];
  const values = [tx.tenantId, id, note, by, backAt, ...money, settleSeconds];
  return exactlyOne(await tx.query<Rental>(backStatement, values));
}

const cancelStatement = sql(
  'pos.rental-cancel',
  `UPDATE rental SET status = 'CANCELLED', version = version + 1, ended_by = $3, ended_at = clock_timestamp()
    WHERE tenant_id = $1 AND id = $2 AND status IN ('BOOKED', 'CONFLICT') RETURNING id`,
);

export async function markCancelled(tx: Tx, id: string, by: string): Promise<void> {
  exactlyOne(await tx.query(cancelStatement, [tx.tenantId, id, by]));
}

const releasedStatement = sql(
  'pos.rental-released',
  `UPDATE rental SET settle_after = NULL
    WHERE tenant_id = $1 AND id = $2 AND attempt = $3 AND status <> 'OUT'`,
);

/** Inventory keeps nothing of this attempt any more, and never will. */
export async function confirmReleased(tx: Tx, id: string, attempt: number): Promise<void> {
  await tx.query(releasedStatement, [tx.tenantId, id, attempt]);
}

export const takeDueRentals = dueRowsOf('pos.rental-take', {
  table: 'rental',
  attempts: 'settle_attempts',
});

const pageStatement = sql(
  'pos.rental-page',
  `SELECT ${columns} FROM rental
    WHERE tenant_id = $1 AND ($3::text IS NULL OR status = $3) AND ($4::uuid IS NULL OR serial_unit_id = $4)
      AND ($5::timestamptz IS NULL OR (lower(period), id) < ($5, $6::uuid))
    ORDER BY lower(period) DESC, id DESC LIMIT $2`,
);

/** The one that begins last first. */
export function rentalPage(
  tx: Tx,
  filter: { status: RentalStatus | null; serialUnitId: string | null },
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<Rental[]> {
  const [position = null, id = null] = after ?? [];
  const values = [tx.tenantId, limit, filter.status, filter.serialUnitId, position, id];
  return tx.query<Rental>(pageStatement, values);
}
