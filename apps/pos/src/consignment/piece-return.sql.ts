import { exactlyOne, sql, type Tx } from '@onecount/db';
import { dueRowsOf } from '../due-work.ts';
import type { PieceReturn } from './consignment.ts';

const columns = `r.id, r.piece_id AS "pieceId", r.quantity, r.location_id AS "locationId", r.note, r.status, r.refusal,
  r.returned_by AS "returnedBy", r.returned_at AS "returnedAt"`;

const insertStatement = sql(
  'pos.consignment-return-insert',
  `INSERT INTO consignment_return (tenant_id, id, piece_id, quantity, location_id, note, returned_by, settle_after)
   VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + make_interval(secs => $8))`,
);
const reserveStatement = sql(
  'pos.consignment-return-reserve',
  `UPDATE consignment_piece SET returning_quantity = returning_quantity + $3
    WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

type NewReturn = Pick<PieceReturn, 'id' | 'pieceId' | 'quantity' | 'note' | 'returnedBy'> & {
  /** Null until inventory says where the unit is. */
  locationId: string | null;
  settleSeconds: number;
};

/** The pieces are nobody's to sell from here: no sale of them owes anything, and no other return takes them. */
export async function insertReturn(tx: Tx, of: NewReturn): Promise<void> {
  exactlyOne(await tx.query(reserveStatement, [tx.tenantId, of.pieceId, of.quantity]));
  await tx.query(insertStatement, [
    ...[tx.tenantId, of.id, of.pieceId, of.quantity, of.locationId, of.note, of.returnedBy],
    of.settleSeconds,
  ]);
}

const byIdStatement = sql(
  'pos.consignment-return-by-id',
  `SELECT ${columns} FROM consignment_return r WHERE r.tenant_id = $1 AND r.id = $2`,
);

export async function returnById(tx: Tx, id: string): Promise<PieceReturn> {
  return exactlyOne(await tx.query<PieceReturn>(byIdStatement, [tx.tenantId, id]));
}

export type ReturnToDrive = PieceReturn & {
  sku: string;
  serial: string | null;
  serialUnitId: string | null;
};

const driveStatement = sql(
  'pos.consignment-return-to-drive',
  `SELECT ${columns}, p.sku, p.serial, p.serial_unit_id AS "serialUnitId" FROM consignment_return r
     JOIN consignment_piece p ON p.tenant_id = r.tenant_id AND p.id = r.piece_id
    WHERE r.tenant_id = $1 AND r.id = $2`,
);

export async function returnToDrive(tx: Tx, id: string): Promise<ReturnToDrive> {
  return exactlyOne(await tx.query<ReturnToDrive>(driveStatement, [tx.tenantId, id]));
}

const placeStatement = sql(
  'pos.consignment-return-place',
  `UPDATE consignment_return SET location_id = coalesce(location_id, $3)
    WHERE tenant_id = $1 AND id = $2 RETURNING location_id AS "locationId"`,
);

/** Where the unit is, as it was said first: whoever asks inventory again asks the same. */
export async function storePlace(tx: Tx, id: string, locationId: string): Promise<string> {
  type Row = { locationId: string };
  return exactlyOne(await tx.query<Row>(placeStatement, [tx.tenantId, id, locationId])).locationId;
}

const settleStatement = sql(
  'pos.consignment-return-settle',
  `UPDATE consignment_return SET status = $3, refusal = $4, settle_after = NULL
    WHERE tenant_id = $1 AND id = $2 AND status = 'PENDING' RETURNING quantity, piece_id AS "pieceId"`,
);
const countStatement = sql(
  'pos.consignment-return-count',
  `UPDATE consignment_piece SET returning_quantity = returning_quantity - $3, returned_quantity = returned_quantity + $4
    WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

/** Whoever is first ends it; the answer of inventory is the same for all. */
export async function settleReturn(
  tx: Tx,
  id: string,
  { status, refusal }: { status: 'RETURNED' | 'REFUSED'; refusal: string | null },
): Promise<void> {
  type Row = { quantity: number; pieceId: string };
  const [ended] = await tx.query<Row>(settleStatement, [tx.tenantId, id, status, refusal]);
  if (!ended) return;
  const gone = status === 'RETURNED' ? ended.quantity : 0;
  exactlyOne(await tx.query(countStatement, [tx.tenantId, ended.pieceId, ended.quantity, gone]));
}

export const takeDueReturns = dueRowsOf('pos.consignment-return-take', {
  table: 'consignment_return',
  attempts: 'attempts',
});
