import { sql, type Tx } from '@onecount/db';
import type { EntryKind, EntryRow, UsageKind, UsageMeasure, ReadingRow } from './item-ledger.ts';

// The unit of a part of a sale is read from the movements, and a correction is of the unit of what it corrects.
const columns = `
  e.id, e.kind, e.stock_item_id AS "stockItemId",
  CASE WHEN e.serial_unit_id IS NOT NULL THEN e.serial_unit_id
       WHEN o.line_id IS NOT NULL THEN sale_part_unit(e.tenant_id, o.reference_id, o.line_id, o.part) END AS "serialUnitId",
  e.amount_minor AS "amountMinor", e.currency_code AS "currencyCode", e.category, e.quantity,
  e.usage_kind AS "usageKind", e.usage_measure AS "usageMeasure", trim_scale(e.reading)::text AS reading, e.is_correction AS "isCorrection",
  e.what, e.provider, e.next_due_at AS "nextDueAt", e.next_due_kind AS "nextDueKind",
  e.next_due_measure AS "nextDueMeasure", trim_scale(e.next_due_reading)::text AS "nextDueReading", e.note, e.reason,
  e.reference_kind AS "referenceKind", e.reference_id AS "referenceId", e.corrects_id AS "correctsId",
  c.id AS "correctedById", e.actor, e.occurred_at AS "occurredAt", e.recorded_at AS "recordedAt"`;

// OFFSET 0: one look into the index for each row, where a join could be planned over the whole ledger.
const joins = `
  LEFT JOIN LATERAL (
    SELECT x.reference_id, x.line_id, x.part FROM item_ledger_entry x
    WHERE x.tenant_id = e.tenant_id AND x.id = e.origin_id OFFSET 0) o ON true
  LEFT JOIN LATERAL (
    SELECT x.id FROM item_ledger_entry x
    WHERE x.tenant_id = e.tenant_id AND x.corrects_id = e.id OFFSET 0) c ON true`;

const byIdsStatement = sql(
  'inventory.item-ledger-by-ids',
  `SELECT ${columns} FROM item_ledger_entry e ${joins} WHERE e.tenant_id = $1 AND e.id = ANY ($2::uuid[])`,
);

export function selectEntries(tx: Tx, ids: readonly string[]): Promise<EntryRow[]> {
  return tx.query<EntryRow>(byIdsStatement, [tx.tenantId, ids]);
}

// Behind every entry: with it the first page is asked for as the others are.
const behindAll = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

const newest = (rows: string) => `(
  SELECT x.* FROM ${rows}
    AND ($3::text IS NULL OR x.kind = $3) AND (x.occurred_at, x.id) < ($4::timestamptz, $5::uuid)
  ORDER BY x.occurred_at DESC, x.id DESC LIMIT $6)`;
const pageOf = (rows: string) => `
  SELECT ${columns} FROM (SELECT * FROM (${rows}) r ORDER BY r.occurred_at DESC, r.id DESC LIMIT $6) e ${joins}
  ORDER BY e.occurred_at DESC, e.id DESC`;

const itemPageStatement = sql(
  'inventory.item-ledger-page',
  pageOf(newest(`item_ledger_entry x WHERE x.tenant_id = $1 AND x.stock_item_id = $2`)),
);
const unitPageStatement = sql(
  'inventory.item-ledger-unit-page',
  pageOf(`${newest(`item_ledger_entry x WHERE x.tenant_id = $1 AND x.serial_unit_id = $2`)} UNION ALL
    ${newest(`item_ledger_of_sale($1, $2) AS s (id) CROSS JOIN LATERAL (
      SELECT * FROM item_ledger_entry y WHERE y.tenant_id = $1 AND y.id = s.id OFFSET 0) x WHERE true`)}`),
);

export type EntryPage = {
  stockItemId: string;
  serialUnitId: string | null;
  kind: EntryKind | null;
  /** Instant and id of the entry before the page. */
  before: string[] | undefined;
  limit: number;
};

/** Newest first. */
export function selectEntryPage(tx: Tx, page: EntryPage): Promise<EntryRow[]> {
  const { stockItemId, serialUnitId, kind, before, limit } = page;
  const statement = serialUnitId ? unitPageStatement : itemPageStatement;
  const [at, id] = before ?? behindAll;
  return tx.query<EntryRow>(statement, [
    tx.tenantId,
    serialUnitId ?? stockItemId,
    kind,
    at,
    id,
    limit,
  ]);
}

export type NewEntry = {
  stockItemId: string;
  serialUnitId: string | null;
  kind: EntryKind;
  amountMinor?: number | null;
  currencyCode?: string | null;
  quantity?: number | null;
  category?: string | null;
  usageKind?: UsageKind | null;
  usageMeasure?: UsageMeasure | null;
  reading?: string | null;
  isCorrection?: boolean;
  what?: string | null;
  provider?: string | null;
  nextDueAt?: string | null;
  nextDueKind?: UsageKind | null;
  nextDueMeasure?: UsageMeasure | null;
  nextDueReading?: string | null;
  note?: string | null;
  reason?: string | null;
  referenceKind?: string | null;
  referenceId?: string | null;
  /** Only of a sale's line. */
  lineId?: string | null;
  part?: number | null;
  actor: string;
  /** The database's now when not given. */
  occurredAt?: string | null;
};

// What a sale has posted is not posted again; nothing else can meet that index.
const insertStatement = sql(
  'inventory.item-ledger-insert',
  `INSERT INTO item_ledger_entry (tenant_id, stock_item_id, serial_unit_id, kind, amount_minor, currency_code, quantity,
     category, usage_kind, usage_measure, reading, is_correction, what, provider, next_due_at, next_due_kind,
     next_due_measure, next_due_reading, note, reason, reference_kind, reference_id, line_id, part, actor, occurred_at)
   SELECT $1, x."stockItemId", x."serialUnitId", x.kind, x."amountMinor", x."currencyCode", x.quantity,
     x.category, x."usageKind", x."usageMeasure", x.reading, coalesce(x."isCorrection", false), x.what, x.provider,
     x."nextDueAt", x."nextDueKind", x."nextDueMeasure", x."nextDueReading", x.note, x.reason, x."referenceKind",
     x."referenceId", x."lineId", x.part, x.actor, coalesce(x."occurredAt", clock_timestamp())
   FROM jsonb_to_recordset($2) AS x ("stockItemId" uuid, "serialUnitId" uuid, kind text, "amountMinor" bigint,
     "currencyCode" text, quantity integer, category text, "usageKind" text, "usageMeasure" text, reading numeric,
     "isCorrection" boolean, what text, provider text, "nextDueAt" timestamptz, "nextDueKind" text,
     "nextDueMeasure" text, "nextDueReading" numeric, note text, reason text, "referenceKind" text,
     "referenceId" text, "lineId" text, part integer, actor text, "occurredAt" timestamptz)
   ON CONFLICT (tenant_id, reference_kind, reference_id, line_id, kind, part) WHERE line_id IS NOT NULL DO NOTHING
   RETURNING id`,
);

/** Ids of the rows that were written; those that a sale had posted before are left out. */
export async function insertEntries(tx: Tx, entries: readonly NewEntry[]): Promise<string[]> {
  const values = [tx.tenantId, JSON.stringify(entries)];
  const rows = await tx.query<{ id: string }>(insertStatement, values);
  return rows.map(({ id }) => id);
}

// line_id and part are not repeated: they would say that the sale posted this row.
const correctStatement = sql(
  'inventory.item-ledger-correct',
  `INSERT INTO item_ledger_entry (tenant_id, stock_item_id, serial_unit_id, kind, amount_minor, currency_code, quantity,
     category, usage_kind, usage_measure, reading, is_correction, what, provider, next_due_at, next_due_kind,
     next_due_measure, next_due_reading, note, reason, reference_kind, reference_id, corrects_id, actor)
   SELECT e.tenant_id, e.stock_item_id, e.serial_unit_id, e.kind, -e.amount_minor, e.currency_code, e.quantity,
     e.category, e.usage_kind, e.usage_measure, e.reading, e.is_correction, e.what, e.provider, e.next_due_at, e.next_due_kind,
     e.next_due_measure, e.next_due_reading, $4, $3, e.reference_kind, e.reference_id, e.id, $5
   FROM item_ledger_entry e WHERE e.tenant_id = $1 AND e.id = $2
   RETURNING id`,
);

export async function insertCorrection(
  tx: Tx,
  of: { entryId: string; reason: string; note: string | null; actor: string },
): Promise<string> {
  const values = [tx.tenantId, of.entryId, of.reason, of.note, of.actor];
  const [row] = await tx.query<{ id: string }>(correctStatement, values);
  return row!.id;
}

const lockStatement = sql('inventory.item-ledger-usage-lock', 'SELECT usage_lock($1, $2)');

/** Until the transaction ends nobody else writes a reading of this unit, or of this item's aggregate. */
export async function lockUsage(
  tx: Tx,
  of: { stockItemId: string; serialUnitId: string | null },
): Promise<void> {
  await tx.query(lockStatement, [tx.tenantId, of.serialUnitId ?? of.stockItemId]);
}

const reading = `
  r.usage_kind AS kind, trim_scale(r.reading)::text AS reading, r.usage_measure AS measure, r.is_correction AS "isCorrection",
  r.occurred_at AS "occurredAt"`;
const readingsOf = `item_ledger_entry r WHERE r.tenant_id = $1 AND r.kind = 'USAGE' AND r.corrects_id IS NULL
  AND NOT EXISTS (SELECT FROM item_ledger_entry c WHERE c.tenant_id = r.tenant_id AND c.corrects_id = r.id OFFSET 0)`;

// The neighbours that are in the way, if any. What is read after a reading that set the counter right is
// measured by that one; so such a reading is bound by none before it, and binds none before it.
const inTheWayStatement = sql(
  'inventory.item-ledger-in-the-way',
  `WITH new AS (
     SELECT $4::numeric * CASE $5 WHEN 'MILES' THEN 1.609344 ELSE 1 END AS base, $6::boolean AS is_correction,
       coalesce($7::timestamptz, clock_timestamp())::timestamptz(3) AS at)
   SELECT p.*, n.* FROM new
   LEFT JOIN LATERAL (
     SELECT to_jsonb(s) AS previous FROM (
       SELECT ${reading}, r.reading_base FROM ${readingsOf}
         AND r.subject_id = $2 AND r.usage_kind = $3 AND r.occurred_at <= new.at
       ORDER BY r.occurred_at DESC, r.id DESC LIMIT 1) s
     WHERE s.reading_base > new.base AND NOT new.is_correction) p ON true
   LEFT JOIN LATERAL (
     SELECT to_jsonb(s) AS next FROM (
       SELECT ${reading}, r.reading_base FROM ${readingsOf}
         AND r.subject_id = $2 AND r.usage_kind = $3 AND r.occurred_at > new.at
       ORDER BY r.occurred_at, r.id LIMIT 1) s
     WHERE s.reading_base < new.base AND NOT s."isCorrection") n ON true`,
);

type Neighbour = Omit<ReadingRow, 'occurredAt'> & { occurredAt: string };
export type InTheWay = { previous: ReadingRow | null; next: ReadingRow | null };

/** The readings next to a new one that it contradicts. The caller holds `lockUsage`. */
export async function selectInTheWay(tx: Tx, entry: NewEntry): Promise<InTheWay> {
  const [row] = await tx.query<{ previous: Neighbour | null; next: Neighbour | null }>(
    inTheWayStatement,
    [
      tx.tenantId,
      entry.serialUnitId ?? entry.stockItemId,
      entry.usageKind,
      entry.reading,
      entry.usageMeasure,
      entry.isCorrection ?? false,
      entry.occurredAt ?? null,
    ],
  );
  return { previous: readingOf(row!.previous), next: readingOf(row!.next) };
}

function readingOf(neighbour: Neighbour | null): ReadingRow | null {
  if (!neighbour) return null;
  const { kind, reading: read, measure, isCorrection, occurredAt } = neighbour;
  return { kind, reading: read, measure, isCorrection, occurredAt: new Date(occurredAt) };
}
