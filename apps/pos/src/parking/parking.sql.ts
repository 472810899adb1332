import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Register } from '../register/register.sql.ts';
import type { Sale } from '../sale/sale.ts';

// Each behind the lock of the sale. The version rises where a payment or a line that was decided on the basket before must
// be decided again.

const renameStatement = sql(
  'pos.sale-rename',
  'UPDATE sale SET name = $3, active_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2 RETURNING id',
);

export async function storeName(tx: Tx, saleId: string, name: string | null): Promise<void> {
  exactlyOne(await tx.query(renameStatement, [tx.tenantId, saleId, name]));
}

const parkStatement = sql(
  'pos.sale-park',
  `UPDATE sale SET parked_at = clock_timestamp(), parked_by = $3, name = coalesce($4, name), version = version + 1,
          active_at = clock_timestamp()
    WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

export async function storeParking(
  tx: Tx,
  saleId: string,
  { by, name }: { by: string; name: string | null },
): Promise<void> {
  exactlyOne(await tx.query(parkStatement, [tx.tenantId, saleId, by, name]));
}

const resumeStatement = sql(
  'pos.sale-resume',
  `UPDATE sale SET parked_at = NULL, parked_by = NULL, version = version + 1, active_at = clock_timestamp()
    WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

export async function endParking(tx: Tx, saleId: string): Promise<void> {
  exactlyOne(await tx.query(resumeStatement, [tx.tenantId, saleId]));
}

// The stock that a line holds stays where it is: what was "at the sale's location" is from now on "at that location".
const keepPlacesStatement = sql(
  'pos.sale-lines-keep-places',
  `UPDATE sale_line SET fulfil_from = 'LINE_LOCATION'
    WHERE tenant_id = $1 AND sale_id = $2 AND fulfil_from = 'SALE_LOCATION' AND location_id IS NOT NULL`,
);
const moveStatement = sql(
  'pos.sale-move',
  `UPDATE sale SET register_id = $3, location_id = $4, location_code = $5, version = version + 1,
          active_at = clock_timestamp()
    WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

export async function moveTo(
  tx: Tx,
  { id: saleId, locationId }: Pick<Sale, 'id' | 'locationId'>,
  register: Register,
): Promise<void> {
  if (register.locationId !== locationId)
    await tx.query(keepPlacesStatement, [tx.tenantId, saleId]);
  const { id, locationId: to, locationCode } = register;
  exactlyOne(await tx.query(moveStatement, [tx.tenantId, saleId, id, to, locationCode]));
}

export type ParkedRow = { sale: Sale; parkedAt: string };
export type ParkedFilter = { locationId?: string | null; locationCode?: string | null };

const pageStatement = sql(
  'pos.sales-parked',
  `SELECT sale_view(s) AS sale, s.parked_at::text AS "parkedAt" FROM sale s
    WHERE s.tenant_id = $1 AND s.parked_at IS NOT NULL AND s.status = 'OPEN'
      AND ($3::uuid IS NULL OR s.location_id = $3) AND ($4::text IS NULL OR lower(s.location_code) = lower($4))
      AND ($5::timestamptz IS NULL OR (s.parked_at, s.id) > ($5::timestamptz, $6::uuid))
    ORDER BY s.parked_at, s.id LIMIT $2`,
);

/** The one that waits longest first; `parkedAt` with microseconds, for the cursor. */
export function parkedPage(
  tx: Tx,
  { locationId = null, locationCode = null }: ParkedFilter,
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<ParkedRow[]> {
  const [parkedAt = null, id = null] = after ?? [];
  const values = [tx.tenantId, limit, locationId, locationCode, parkedAt, id];
  return tx.query<ParkedRow>(pageStatement, values);
}
