import { exactlyOne, sql, type Tx } from '@onecount/db';
import { ticketNumberOf, type RepairDraft, type RepairRow, type RepairStage } from './repair.ts';

// The sale is joined and not copied: a ticket shows it whichever of the two came first.
const select = `
  SELECT r.tenant_id AS "tenantId", r.id, r.version, r.ticket_number AS "ticketNumber", r.kind,
         r.serial_unit_id AS "serialUnitId", r.piece_description AS "pieceDescription",
         r.work_requested AS "workRequested", r.customer_name AS "customerName",
         r.customer_phone AS "customerPhone", r.stage, r.opened_at AS "openedAt",
         r.stage_changed_at AS "stageChangedAt", s.sold_at AS "unitSoldAt", s.sale_id AS "unitSaleId"
  FROM repair r
  LEFT JOIN unit_sale s ON s.tenant_id = r.tenant_id AND s.serial_unit_id = r.serial_unit_id`;

const nextTicket = sql(
  'ticket-counter.next',
  `INSERT INTO ticket_counter AS c (tenant_id, last_number) VALUES ($1, 1)
   ON CONFLICT ON CONSTRAINT ticket_counter_pkey DO UPDATE SET last_number = c.last_number + 1
   RETURNING last_number AS "lastNumber"`,
);
const insertStatement = sql(
  'repair.insert',
  `INSERT INTO repair (tenant_id, ticket_number, kind, serial_unit_id, piece_description,
     work_requested, customer_name, customer_phone, stage, opened_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'INTAKE', $9)
   RETURNING id`,
);

/** Takes the tenant's next ticket number; the counter's row stays locked until the end. */
export async function insertRepair(tx: Tx, draft: RepairDraft): Promise<RepairRow> {
  const counter = exactlyOne(await tx.query<{ lastNumber: number }>(nextTicket, [tx.tenantId]));
  const { serialUnitId, pieceDescription, workRequested, customerName, customerPhone } = draft;
  const { id } = exactlyOne(
    await tx.query<{ id: string }>(insertStatement, [
      ...[tx.tenantId, ticketNumberOf(counter.lastNumber)],
      ...[serialUnitId ? 'KNOWN_UNIT' : 'CUSTOMER_PIECE', serialUnitId, pieceDescription],
      ...[workRequested, customerName, customerPhone, draft.openedBy],
    ]),
  );
  return exactlyOne(await repairsByIds(tx, [id]));
}

const byIds = sql('repair.by-ids', `${select} WHERE r.tenant_id = $1 AND r.id = ANY($2::uuid[])`);
export const repairsByIds = (tx: Tx, ids: readonly string[]) =>
  tx.query<RepairRow>(byIds, [tx.tenantId, ids]);

const byTicket = sql(
  'repair.by-ticket',
  `${select} WHERE r.tenant_id = $1 AND r.ticket_number = $2`,
);
export async function repairByTicket(tx: Tx, ticketNumber: string): Promise<RepairRow | undefined> {
  return (await tx.query<RepairRow>(byTicket, [tx.tenantId, ticketNumber]))[0];
}

const lockStatement = sql(
  'repair.lock',
  `${select} WHERE r.tenant_id = $1 AND r.id = $2 FOR UPDATE OF r`,
);
export async function lockRepair(tx: Tx, id: string): Promise<RepairRow | undefined> {
  return (await tx.query<RepairRow>(lockStatement, [tx.tenantId, id]))[0];
}

const setStageStatement = sql(
  'repair.set-stage',
  `UPDATE repair SET stage = $3, version = version + 1, stage_changed_at = clock_timestamp()
   WHERE tenant_id = $1 AND id = $2 AND stage = $4 RETURNING id`,
);

export async function setStage(
  tx: Tx,
  change: { id: string; from: RepairStage; to: RepairStage },
): Promise<RepairRow> {
  exactlyOne(await tx.query(setStageStatement, [tx.tenantId, change.id, change.to, change.from]));
  return exactlyOne(await repairsByIds(tx, [change.id]));
}

const touchStatement = sql(
  'repair.touch-by-units',
  `WITH locked AS (
     SELECT id FROM repair WHERE tenant_id = $1 AND serial_unit_id = ANY($2::uuid[]) ORDER BY id FOR UPDATE
   )
   UPDATE repair SET version = version + 1 FROM locked
   WHERE repair.tenant_id = $1 AND repair.id = locked.id RETURNING repair.id`,
);

/** A new version of every ticket on the units, because their sale became known. */
export async function touchRepairsOfUnits(
  tx: Tx,
  unitIds: readonly string[],
): Promise<RepairRow[]> {
  const touched = await tx.query<{ id: string }>(touchStatement, [tx.tenantId, unitIds]);
  return repairsByIds(
    tx,
    touched.map((row) => row.id),
  );
}

const pageStatement = sql(
  'repair.page',
  `${select}
   WHERE r.tenant_id = $1 AND ($2::uuid IS NULL OR r.id < $2) AND r.stage = ANY($3::text[])
   ORDER BY r.id DESC LIMIT $4`,
);

/** Newest first: ids are UUIDv7. */
export function repairsPage(
  tx: Tx,
  page: { after: string | undefined; stages: readonly RepairStage[]; limit: number },
): Promise<RepairRow[]> {
  const values = [tx.tenantId, page.after ?? null, page.stages, page.limit];
  return tx.query<RepairRow>(pageStatement, values);
}

const pagesOfUnits = sql(
  'repair.pages-of-units',
  `SELECT page.* FROM unnest($2::uuid[]) AS unit(id)
   CROSS JOIN LATERAL (
     ${select}
     WHERE r.tenant_id = $1 AND r.serial_unit_id = unit.id AND ($3::uuid IS NULL OR r.id < $3)
     ORDER BY r.id DESC LIMIT $4
   ) AS page`,
);

/** One page per unit, newest first, all in one statement. */
export function repairPagesOfUnits(
  tx: Tx,
  page: { serialUnitIds: readonly string[]; after: string | undefined; limit: number },
): Promise<RepairRow[]> {
  const values = [tx.tenantId, page.serialUnitIds, page.after ?? null, page.limit];
  return tx.query<RepairRow>(pagesOfUnits, values);
}
