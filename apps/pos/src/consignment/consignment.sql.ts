import { exactlyOne, sql, type Database, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';
import type { LineBelow } from './consignment.errors.ts';
import type { Agreement, Entry, Piece } from './consignment.ts';

// Order of locks: what a sale or a return locks, then pieces, then accounts (consignment_lock); a payment locks its account alone.

export type AgreementPage = Connection<Agreement>;
export type PiecePage = Connection<Piece>;
export type EntryPage = Connection<Entry>;
type Page = { after: string[] | undefined; limit: number };

const agreementColumns = `id, owner_id AS "ownerId", reference, currency_code AS "currencyCode",
  share_basis_points AS "shareBasisPoints", owed_minor AS "owedMinor", minimum_minor AS "minimumMinor",
  below_minimum AS "belowMinimum", discounts, valid_from AS "validFrom", valid_until AS "validUntil", note,
  opened_by AS "openedBy", opened_at AS "openedAt", ended_at AS "endedAt", opened_at::text AS position`;

const insertAgreementStatement = sql(
  'pos.consignment-agreement-insert',
  `INSERT INTO consignment_agreement (tenant_id, id, owner_id, reference, currency_code, share_basis_points, owed_minor,
                                      minimum_minor, below_minimum, discounts, valid_from, valid_until, note, opened_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
);

type NewAgreement = Omit<Agreement, 'openedAt' | 'endedAt' | 'position'>;

export async function insertAgreement(tx: Tx, of: NewAgreement): Promise<void> {
  await tx.query(insertAgreementStatement, [
    ...[tx.tenantId, of.id, of.ownerId, of.reference, of.currencyCode, of.shareBasisPoints],
    ...[of.owedMinor, of.minimumMinor, of.belowMinimum, of.discounts, of.validFrom, of.validUntil],
    ...[of.note, of.openedBy],
  ]);
}

const agreementsStatement = sql(
  'pos.consignment-agreements-by-ids',
  `SELECT ${agreementColumns} FROM consignment_agreement WHERE tenant_id = $1 AND id = ANY ($2)`,
);

export function agreementsByIds(tx: Tx, ids: readonly string[]): Promise<Agreement[]> {
  return tx.query<Agreement>(agreementsStatement, [tx.tenantId, ids]);
}

// FOR SHARE lets pieces come in side by side; whoever ends the agreement waits for them.
const lockAgreementStatements = {
  share: sql(
    'pos.consignment-agreement-share',
    `SELECT ${agreementColumns} FROM consignment_agreement WHERE tenant_id = $1 AND id = $2 FOR SHARE`,
  ),
  update: sql(
    'pos.consignment-agreement-lock',
    `SELECT ${agreementColumns} FROM consignment_agreement WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
  ),
};

export async function lockAgreement(
  tx: Tx,
  id: string,
  how: keyof typeof lockAgreementStatements,
): Promise<Agreement | undefined> {
  return (await tx.query<Agreement>(lockAgreementStatements[how], [tx.tenantId, id]))[0];
}

const endStatement = sql(
  'pos.consignment-agreement-end',
  `UPDATE consignment_agreement SET ended_at = clock_timestamp(), ended_by = $3
    WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL RETURNING id`,
);

export async function endAgreement(tx: Tx, id: string, endedBy: string): Promise<void> {
  exactlyOne(await tx.query(endStatement, [tx.tenantId, id, endedBy]));
}

const agreementPageStatement = sql(
  'pos.consignment-agreement-page',
  `SELECT ${agreementColumns} FROM consignment_agreement
    WHERE tenant_id = $1 AND ($3::uuid[] IS NULL OR owner_id = ANY ($3))
      AND ($4::boolean IS NULL OR (ended_at IS NULL) = $4)
      AND ($5::timestamptz IS NULL OR (opened_at, id) < ($5, $6::uuid))
    ORDER BY opened_at DESC, id DESC LIMIT $2`,
);

/** Newest first. `ownerIds`: every id that means one owner. */
export function agreementPage(
  tx: Tx,
  filter: { ownerIds: readonly string[] | null; isOpen: boolean | null },
  { after, limit }: Page,
): Promise<Agreement[]> {
  const [position = null, id = null] = after ?? [];
  const values = [tx.tenantId, limit, filter.ownerIds, filter.isOpen, position, id];
  return tx.query<Agreement>(agreementPageStatement, values);
}

const hasBusinessStatement = sql(
  'pos.consignment-has-business',
  `SELECT EXISTS (
     SELECT FROM consignment_agreement a WHERE a.tenant_id = $1 AND a.owner_id = ANY ($2) AND (a.ended_at IS NULL
        OR EXISTS (SELECT FROM consignment_account c
                    WHERE c.tenant_id = $1 AND c.agreement_id = a.id AND c.balance_minor <> 0)
        OR EXISTS (SELECT FROM consignment_piece p
                    WHERE p.tenant_id = $1 AND p.agreement_id = a.id AND p.left_quantity + p.returning_quantity > 0))) AS has`,
);

/** Whether one of these ids has an open agreement, a piece here, or an account that is not even. */
export async function hasConsignments(tx: Tx, ownerIds: readonly string[]): Promise<boolean> {
  const rows = await tx.query<{ has: boolean }>(hasBusinessStatement, [tx.tenantId, ownerIds]);
  return exactlyOne(rows).has;
}

const pieceColumns = `p.id, p.agreement_id AS "agreementId", p.sku, p.title, p.serial_unit_id AS "serialUnitId", p.serial,
  p.quantity, p.sold_quantity AS "soldQuantity", p.returning_quantity AS "returningQuantity",
  p.returned_quantity AS "returnedQuantity", p.left_quantity AS "leftQuantity", p.owed_minor AS "owedMinor",
  p.minimum_minor AS "minimumMinor", a.currency_code AS "currencyCode", p.added_by AS "addedBy", p.added_at AS "addedAt",
  p.added_at::text AS position`;
const pieces = `consignment_piece p JOIN consignment_agreement a ON a.tenant_id = p.tenant_id AND a.id = p.agreement_id`;

const insertPieceStatement = sql(
  'pos.consignment-piece-insert',
  `INSERT INTO consignment_piece (tenant_id, id, agreement_id, stock_item_id, sku, title, serial_unit_id, serial, quantity,
                                  owed_minor, minimum_minor, added_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
);

type NewPiece = Pick<
  Piece,
  | 'id'
  | 'agreementId'
  | 'sku'
  | 'title'
  | 'serialUnitId'
  | 'serial'
  | 'quantity'
  | 'owedMinor'
  | 'minimumMinor'
  | 'addedBy'
> & { stockItemId: string };

export async function insertPiece(tx: Tx, of: NewPiece): Promise<void> {
  await tx.query(insertPieceStatement, [
    ...[tx.tenantId, of.id, of.agreementId, of.stockItemId, of.sku, of.title, of.serialUnitId],
    ...[of.serial, of.quantity, of.owedMinor, of.minimumMinor, of.addedBy],
  ]);
}

const piecesStatement = sql(
  'pos.consignment-pieces-by-ids',
  `SELECT ${pieceColumns} FROM ${pieces} WHERE p.tenant_id = $1 AND p.id = ANY ($2)`,
);

export function piecesByIds(tx: Tx, ids: readonly string[]): Promise<Piece[]> {
  return tx.query<Piece>(piecesStatement, [tx.tenantId, ids]);
}

const lockPieceStatement = sql(
  'pos.consignment-piece-lock',
  `SELECT ${pieceColumns} FROM ${pieces} WHERE p.tenant_id = $1 AND p.id = $2 FOR UPDATE OF p`,
);

export async function lockPiece(tx: Tx, id: string): Promise<Piece | undefined> {
  return (await tx.query<Piece>(lockPieceStatement, [tx.tenantId, id]))[0];
}

const liveOfUnitStatement = sql(
  'pos.consignment-piece-of-unit',
  `SELECT agreement_id AS "agreementId" FROM consignment_piece
    WHERE tenant_id = $1 AND serial_unit_id = $2 AND sold_quantity = 0 AND returned_quantity = 0`,
);

/** The agreement that the unit is in now. */
export async function agreementOfUnit(tx: Tx, unitId: string): Promise<string | undefined> {
  const rows = await tx.query<{ agreementId: string }>(liveOfUnitStatement, [tx.tenantId, unitId]);
  return rows[0]?.agreementId;
}

const leftStatement = sql(
  'pos.consignment-pieces-left',
  `SELECT coalesce(sum(left_quantity + returning_quantity), 0)::integer AS n FROM consignment_piece
    WHERE tenant_id = $1 AND agreement_id = $2`,
);

/** How many are here, or on their way back. */
export async function piecesLeft(tx: Tx, agreementId: string): Promise<number> {
  return exactlyOne(await tx.query<{ n: number }>(leftStatement, [tx.tenantId, agreementId])).n;
}

const piecePageStatement = sql(
  'pos.consignment-piece-page',
  `SELECT ${pieceColumns} FROM ${pieces}
    WHERE p.tenant_id = $1 AND p.agreement_id = $3
      AND ($4::timestamptz IS NULL OR (p.added_at, p.id) > ($4, $5::uuid))
    ORDER BY p.added_at, p.id LIMIT $2`,
);

export function piecePage(tx: Tx, agreementId: string, { after, limit }: Page): Promise<Piece[]> {
  const [position = null, id = null] = after ?? [];
  return tx.query<Piece>(piecePageStatement, [tx.tenantId, limit, agreementId, position, id]);
}

export type Account = { agreementId: string; currencyCode: string; balanceMinor: number };

const accountsStatement = sql(
  'pos.consignment-accounts',
  `SELECT agreement_id AS "agreementId", currency_code AS "currencyCode", balance_minor AS "balanceMinor"
     FROM consignment_account WHERE tenant_id = $1 AND agreement_id = ANY ($2) ORDER BY currency_code`,
);

export function accountsOf(tx: Tx, agreementIds: readonly string[]): Promise<Account[]> {
  return tx.query<Account>(accountsStatement, [tx.tenantId, agreementIds]);
}

const lockAccountStatement = sql(
  'pos.consignment-account-lock',
  `SELECT balance_minor AS "balanceMinor" FROM consignment_account
    WHERE tenant_id = $1 AND agreement_id = $2 AND currency_code = $3 FOR UPDATE`,
);

/** What is owed, locked; 0 where nothing was ever sold in the currency. */
export async function lockOwed(
  tx: Tx,
  { agreementId, currencyCode }: Omit<Account, 'balanceMinor'>,
): Promise<number> {
  const values = [tx.tenantId, agreementId, currencyCode];
  const [account] = await tx.query<{ balanceMinor: number }>(lockAccountStatement, values);
  return account?.balanceMinor ?? 0;
}

const postStatement = sql('pos.consignment-post', 'SELECT consignment_post($1, $2, $3, $4) AS id');

/** Records a payment; answers the id of its entry. */
export async function postPayment(
  tx: Tx,
  of: { agreementId: string; currencyCode: string; amountMinor: number } & Record<
    'reference' | 'recordedBy',
    string
  >,
): Promise<string> {
  const { agreementId, currencyCode, amountMinor, reference, recordedBy } = of;
  const entry = { kind: 'PAID', amountMinor: -amountMinor, reference, recordedBy };
  const values = [tx.tenantId, agreementId, currencyCode, JSON.stringify(entry)];
  return exactlyOne(await tx.query<{ id: string }>(postStatement, values)).id;
}

const entryColumns = `id, number, agreement_id AS "agreementId", currency_code AS "currencyCode", kind,
  amount_minor AS "amountMinor", balance_minor AS "balanceMinor", piece_id AS "pieceId", sale_id AS "saleId", quantity,
  paid_minor AS "paidMinor", is_below_minimum AS "isBelowMinimum", reference, recorded_by AS "recordedBy",
  recorded_at AS "recordedAt", recorded_at::text AS position`;

const entryStatement = sql(
  'pos.consignment-entry-by-id',
  `SELECT ${entryColumns} FROM consignment_entry WHERE tenant_id = $1 AND id = $2`,
);

export async function entryById(tx: Tx, id: string): Promise<Entry> {
  return exactlyOne(await tx.query<Entry>(entryStatement, [tx.tenantId, id]));
}

/** What is owed to one owner, every id that means the owner, in one currency over a period. */
export type Period = { ownerIds: readonly string[]; currencyCode: string; from: Date; to: Date };
export type Sums = {
  openingMinor: number;
  soldMinor: number;
  takenBackMinor: number;
  paidMinor: number;
};

const ofOwner = `e.tenant_id = $1 AND e.currency_code = $3 AND e.agreement_id IN (
      SELECT a.id FROM consignment_agreement a WHERE a.tenant_id = $1 AND a.owner_id = ANY ($2))`;

const sumsStatement = sql(
  'pos.consignment-statement-sums',
  `SELECT coalesce(sum(amount_minor) FILTER (WHERE recorded_at < $4), 0)::bigint AS "openingMinor",
          coalesce(sum(amount_minor) FILTER (WHERE recorded_at >= $4 AND kind = 'SOLD'), 0)::bigint AS "soldMinor",
          coalesce(-sum(amount_minor) FILTER (WHERE recorded_at >= $4 AND kind = 'TAKEN_BACK'), 0)::bigint AS "takenBackMinor",
          coalesce(-sum(amount_minor) FILTER (WHERE recorded_at >= $4 AND kind = 'PAID'), 0)::bigint AS "paidMinor"
     FROM consignment_entry e WHERE ${ofOwner} AND e.recorded_at < $5`,
);

export async function statementSums(tx: Tx, of: Period): Promise<Sums> {
  const values = [tx.tenantId, of.ownerIds, of.currencyCode, of.from, of.to];
  return exactlyOne(await tx.query<Sums>(sumsStatement, values));
}

const entryPageStatement = sql(
  'pos.consignment-entry-page',
  `SELECT ${entryColumns} FROM consignment_entry e
    WHERE ${ofOwner} AND e.recorded_at >= $4 AND e.recorded_at < $5
      AND ($7::timestamptz IS NULL OR (e.recorded_at, e.id) > ($7, $8::uuid))
    ORDER BY e.recorded_at, e.id LIMIT $6`,
);

/** Oldest first. */
export function entryPage(tx: Tx, of: Period, { after, limit }: Page): Promise<Entry[]> {
  const [position = null, id = null] = after ?? [];
  const values = [tx.tenantId, of.ownerIds, of.currencyCode, of.from, of.to, limit, position, id];
  return tx.query<Entry>(entryPageStatement, values);
}

const belowStatement = sql(
  'pos.consignment-below-minimum',
  'SELECT consignment_below_minimum($1, $2) AS lines',
);

/** Lines below the minimum price of their pieces; none once the basket was changed. */
export async function linesBelowMinimum(
  db: Pick<Database, 'read'>,
  { tenantId, saleId }: { tenantId: string; saleId: string },
): Promise<LineBelow[]> {
  return db.read(tenantId, async (tx) => {
    const rows = await tx.query<{ lines: LineBelow[] | null }>(belowStatement, [tenantId, saleId]);
    return exactlyOne(rows).lines ?? [];
  });
}
