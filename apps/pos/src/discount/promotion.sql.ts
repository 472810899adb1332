import { exactlyOne, sql, type Database, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';
import type { Caller } from '../sale/idempotency.ts';
import { promotionRefused } from './promotion.errors.ts';
import type { Promotion, PromotionProblem } from './promotion.ts';

export type PromotionPage = Connection<Promotion>;

const columns = `p.id, p.code, p.basis_points AS "basisPoints", p.amount_minor AS "amountMinor", p.minimum_minor AS "minimumMinor",
  p.currency_code AS "currencyCode", p.valid_from AS "validFrom", p.valid_until AS "validUntil", p.channels,
  p.location_ids AS "locationIds", p.uses_max AS "usesMax", p.customer_uses_max AS "customerUsesMax",
  p.uses_taken AS "usesTaken", p.added_by AS "addedBy", p.added_at AS "addedAt", p.ended_at AS "endedAt",
  (SELECT count(*)::int FROM promotion_use u
    WHERE u.tenant_id = p.tenant_id AND u.promotion_id = p.id AND u.state = 'RESERVED') AS "usesReserved"`;

export type NewPromotion = Omit<Promotion, 'usesTaken' | 'usesReserved' | 'addedAt' | 'endedAt'>;

const insertStatement = sql(
  'pos.promotion-insert',
  `INSERT INTO promotion (tenant_id, id, code, basis_points, amount_minor, minimum_minor, currency_code, valid_from, valid_until,
                          channels, location_ids, uses_max, customer_uses_max, added_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
);

export async function insertPromotion(tx: Tx, promotion: NewPromotion): Promise<void> {
  const { id, code, basisPoints, amountMinor, minimumMinor, currencyCode } = promotion;
  const { validFrom, validUntil, channels, locationIds, usesMax, customerUsesMax } = promotion;
  await tx.query(insertStatement, [
    ...[tx.tenantId, id, code, basisPoints, amountMinor, minimumMinor, currencyCode, validFrom],
    ...[validUntil, channels, locationIds, usesMax, customerUsesMax, promotion.addedBy],
  ]);
}

const byIdStatement = sql(
  'pos.promotion-by-id',
  `SELECT ${columns} FROM promotion p WHERE p.tenant_id = $1 AND p.id = $2`,
);

export async function promotionById(tx: Tx, id: string): Promise<Promotion | undefined> {
  return (await tx.query<Promotion>(byIdStatement, [tx.tenantId, id]))[0];
}

// Of several with this code the one that has not ended, else the newest.
const byCodeStatement = sql(
  'pos.promotion-by-code',
  `SELECT ${columns} FROM promotion p WHERE p.tenant_id = $1 AND p.code_key = lower($2)
    ORDER BY p.ended_at IS NOT NULL, p.id DESC LIMIT 1`,
);

export async function promotionByCode(tx: Tx, code: string): Promise<Promotion | undefined> {
  return (await tx.query<Promotion>(byCodeStatement, [tx.tenantId, code]))[0];
}

const endStatement = sql(
  'pos.promotion-end',
  `UPDATE promotion SET ended_at = coalesce(ended_at, clock_timestamp()) WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

/** Once and for all; a checkout under way keeps its use. */
export async function endPromotion(tx: Tx, id: string): Promise<void> {
  exactlyOne(await tx.query(endStatement, [tx.tenantId, id]));
}

const pageStatement = sql(
  'pos.promotion-page',
  `SELECT ${columns} FROM promotion p
    WHERE p.tenant_id = $1 AND ($2::uuid IS NULL OR p.id < $2) ORDER BY p.id DESC LIMIT $3`,
);

/** Newest first. */
export function promotionPage(
  tx: Tx,
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<Promotion[]> {
  return tx.query<Promotion>(pageStatement, [tx.tenantId, after?.[0] ?? null, limit]);
}

// The customer as the checkout would name it.
const problemStatement = sql(
  'pos.promotion-problem',
  `SELECT promotion_problem(jsonb_populate_record(s, jsonb_build_object('customer_id', coalesce($3::uuid, s.customer_id)))) AS problem
     FROM sale s WHERE s.tenant_id = $1 AND s.id = $2`,
);

/** Why a checkout could not begin with the promotions of its basket; undefined when it could by now. */
export async function promotionRefusal(
  db: Pick<Database, 'read'>,
  { tenantId }: Caller,
  { saleId, customerId }: { saleId: string; customerId: string | null },
) {
  type Row = { problem: { code: string; reason: PromotionProblem } | null };
  const values = [tenantId, saleId, customerId];
  const [row] = await db.read(tenantId, (tx) => tx.query<Row>(problemStatement, values));
  return row?.problem ? promotionRefused(row.problem.code, row.problem.reason) : undefined;
}
