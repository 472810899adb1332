import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';
import type { DenominationCount, TenderCount } from '../shift/count.ts';
import type { Figures } from './figures.ts';

export type ZReport = {
  id: string;
  number: number;
  registerId: string;
  registerName: string;
  locationId: string;
  locationCode: string;
  shiftId: string;
  openedAt: Date;
  openedBy: string;
  closedAt: Date;
  closedBy: string;
  closeReason: string | null;
  figures: Figures;
  tenders: TenderCount[];
  denominations: DenominationCount[];
  /** Of the close, with microseconds, for the cursor. */
  position: string;
};
export type ZReportPage = Connection<ZReport>;

const columns = `id, number, register_id AS "registerId", register_name AS "registerName",
  location_id AS "locationId", location_code AS "locationCode", shift_id AS "shiftId", opened_at AS "openedAt",
  opened_by AS "openedBy", closed_at AS "closedAt", closed_by AS "closedBy", close_reason AS "closeReason", figures,
  tenders, denominations, closed_at::text AS position`;

// The next number of the register. Its one open shift was locked by whoever closes it, so that no other close is here;
// z_report_number_key and z_report_gapless hold it whatever happens.
const insertStatement = sql(
  'pos.z-report-insert',
  `INSERT INTO z_report (tenant_id, id, register_id, number, shift_id, register_name, location_id, location_code,
                         opened_at, opened_by, closed_at, closed_by, close_reason, figures, tenders, denominations)
   SELECT h.tenant_id, $3, r.id, 1 + coalesce((SELECT max(z.number) FROM z_report z
            WHERE z.tenant_id = h.tenant_id AND z.register_id = r.id), 0),
          h.id, r.name, r.location_id, r.location_code, h.opened_at, h.opened_by, h.closed_at, h.closed_by,
          h.close_reason, $4, $5, $6
     FROM shift h JOIN register r ON r.tenant_id = h.tenant_id AND r.id = h.register_id
    WHERE h.tenant_id = $1 AND h.id = $2
   RETURNING ${columns}`,
);

/** Of a shift that was closed in this transaction. */
export async function insertZReport(
  tx: Tx,
  report: Pick<ZReport, 'id' | 'shiftId' | 'figures' | 'tenders' | 'denominations'>,
): Promise<ZReport> {
  const { id, shiftId, figures, tenders, denominations } = report;
  const documents = [figures, tenders, denominations].map((each) => JSON.stringify(each));
  const values = [tx.tenantId, shiftId, id, ...documents];
  return exactlyOne(await tx.query<ZReport>(insertStatement, values));
}

const byIdsStatement = sql(
  'pos.z-report-by-ids',
  `SELECT ${columns} FROM z_report WHERE tenant_id = $1 AND id = ANY ($2)`,
);

export function zReportsByIds(tx: Tx, ids: readonly string[]): Promise<ZReport[]> {
  return tx.query<ZReport>(byIdsStatement, [tx.tenantId, ids]);
}

const byShiftsStatement = sql(
  'pos.z-report-by-shifts',
  `SELECT ${columns} FROM z_report WHERE tenant_id = $1 AND shift_id = ANY ($2)`,
);

export function zReportsByShifts(tx: Tx, shiftIds: readonly string[]): Promise<ZReport[]> {
  return tx.query<ZReport>(byShiftsStatement, [tx.tenantId, shiftIds]);
}

export type ZReportFilter = {
  registerId?: string | null;
  locationId?: string | null;
  locationCode?: string | null;
  closedFrom?: string | null;
  closedTo?: string | null;
};

const pageStatement = sql(
  'pos.z-report-page',
  `SELECT ${columns} FROM z_report z
    WHERE z.tenant_id = $1
      AND ($3::uuid IS NULL OR z.register_id = $3)
      AND ($4::uuid IS NULL OR z.location_id = $4)
      AND ($5::text IS NULL OR lower(z.location_code) = lower($5))
      AND ($6::timestamptz IS NULL OR z.closed_at >= $6)
      AND ($7::timestamptz IS NULL OR z.closed_at < $7)
      AND ($8::timestamptz IS NULL OR (z.closed_at, z.id) < ($8, $9::uuid))
    ORDER BY z.closed_at DESC, z.id DESC LIMIT $2`,
);

/** Newest first. */
export function zReportPage(
  tx: Tx,
  filter: ZReportFilter,
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<ZReport[]> {
  const { registerId, locationId, locationCode, closedFrom, closedTo } = filter;
  const [position = null, id = null] = after ?? [];
  return tx.query<ZReport>(pageStatement, [
    ...[tx.tenantId, limit, registerId, locationId, locationCode],
    ...[closedFrom, closedTo, position, id],
  ]);
}
