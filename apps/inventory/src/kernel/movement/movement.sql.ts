import { sql, type Tx } from '@onecount/db';
import { lockCosts } from '../cost/cost.sql.ts';

export const movementReasons = [
  'OPENING',
  'RECEIPT',
  'SALE',
  'SALE_CORRECTION',
  'COUNT_CORRECTION',
  'DAMAGE',
  'LOSS',
  'RETURN',
  'FOUND',
  'REPAIR_CONSUMPTION',
  'TRANSFER',
  'OTHER',
] as const;
export type MovementReason = (typeof movementReasons)[number];

export type MovementRow = {
  id: string;
  position: number;
  stockItemId: string;
  locationId: string;
  serialUnitId: string | null;
  quantity: number;
  reason: MovementReason;
  referenceKind: string | null;
  referenceId: string | null;
  note: string | null;
  actor: string;
  unitCostMinor: number | null;
  unitCostCurrency: string | null;
  costMinor: number | null;
  costCurrency: string | null;
  costQuantity: number | null;
  resultingOnHand: number;
  occurredAt: Date;
};

const columns = `
  m.id, m.position, m.stock_item_id AS "stockItemId", m.location_id AS "locationId", m.serial_unit_id AS "serialUnitId",
  m.quantity, m.reason, m.reference_kind AS "referenceKind", m.reference_id AS "referenceId", m.note, m.actor,
  m.unit_cost_minor AS "unitCostMinor", m.unit_cost_currency AS "unitCostCurrency",
  m.cost_minor AS "costMinor", m.cost_currency AS "costCurrency", m.cost_quantity AS "costQuantity",
  m.resulting_on_hand AS "resultingOnHand", m.occurred_at AS "occurredAt"`;

const byIdsStatement = sql(
  'inventory.movement-by-ids',
  `SELECT ${columns} FROM movement m WHERE m.tenant_id = $1 AND m.id = ANY ($2::uuid[])`,
);

export function selectMovements(tx: Tx, ids: readonly string[]): Promise<MovementRow[]> {
  return tx.query<MovementRow>(byIdsStatement, [tx.tenantId, ids]);
}

const pageStatement = sql(
  'inventory.movement-page',
  `SELECT ${columns} FROM movement m
   WHERE m.tenant_id = $1 AND m.stock_item_id = $2 AND ($3::bigint IS NULL OR m.position < $3)
   ORDER BY m.position DESC LIMIT $4`,
);

/** Newest first. */
export function selectMovementPage(
  tx: Tx,
  page: { stockItemId: string; before: string | undefined; limit: number },
): Promise<MovementRow[]> {
  const values = [tx.tenantId, page.stockItemId, page.before ?? null, page.limit];
  return tx.query<MovementRow>(pageStatement, values);
}

export type NewMovement = {
  stockItemId: string;
  locationId: string;
  serialUnitId: string | null;
  quantity: number;
  unitCostMinor: number | null;
  unitCostCurrency: string | null;
};

export type MovementDocument = {
  reason: MovementReason;
  referenceKind: string | null;
  referenceId: string | null;
  note: string | null;
  actor: string;
  /** The document's line, where one stands for all movements. */
  lineId?: string | null;
};

const insertStatement = sql(
  'inventory.movement-insert',
  `INSERT INTO movement (tenant_id, stock_item_id, location_id, serial_unit_id, quantity, unit_cost_minor, unit_cost_currency,
     reason, reference_kind, reference_id, note, actor, line_id, resulting_on_hand, level_version)
   SELECT $1, x.item, x.place, x.unit, x.quantity, x.cost, x.currency, $3, $4, $5, $6, $7, $8,
     l.on_hand + sum(x.quantity) OVER (PARTITION BY x.item, x.place ORDER BY x.ord), l.version + 1
   FROM ROWS FROM (jsonb_to_recordset($2) AS ("stockItemId" uuid, "locationId" uuid, "serialUnitId" uuid, quantity integer,
     "unitCostMinor" bigint, "unitCostCurrency" text)) WITH ORDINALITY AS x (item, place, unit, quantity, cost, currency, ord)
   JOIN level l ON l.tenant_id = $1 AND l.stock_item_id = x.item AND l.location_id = x.place
   ORDER BY x.ord
   RETURNING id`,
);
// All movements of one call share the version that their level then has; position orders them.
const changeStatement = sql(
  'inventory.level-change',
  `SELECT (level_change($1, s.item, s.place, s.quantity, 0, clock_timestamp())).version
   FROM (SELECT x."stockItemId" AS item, x."locationId" AS place, sum(x.quantity)::integer AS quantity
         FROM jsonb_to_recordset($2) AS x ("stockItemId" uuid, "locationId" uuid, quantity integer) GROUP BY 1, 2) s`,
);
const publishStatement = sql('inventory.movement-publish', 'SELECT movement_publish($1, $2, $3)');

/**
 * Writes ledger rows, changes their levels and queues their events. The caller has locked the levels.
 * Throws a violation of level_available_floor or level_on_hand_floor for a result below zero.
 */
export async function recordMovements(
  tx: Tx,
  movements: readonly NewMovement[],
  document: MovementDocument & { traceparent: string | null },
): Promise<string[]> {
  const { reason, referenceKind, referenceId, note, actor, lineId = null, traceparent } = document;
  const rows = JSON.stringify(movements);
  await lockCosts(
    tx,
    movements.map(({ stockItemId }) => stockItemId),
  );
  const inserted = await tx.query<{ id: string }>(insertStatement, [
    tx.tenantId,
    rows,
    reason,
    referenceKind,
    referenceId,
    note,
    actor,
    lineId,
  ]);
  const ids = inserted.map(({ id }) => id);
  await tx.query(changeStatement, [tx.tenantId, rows]);
  await tx.query(publishStatement, [tx.tenantId, ids, traceparent]);
  return ids;
}
