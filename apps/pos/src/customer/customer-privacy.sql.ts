import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { MinorMoney } from '@onecount/money';

const eraseStatement = sql(
  'pos.customer-erase',
  `UPDATE customer SET erased_at = now(), version = version + 1, updated_at = now()
    WHERE tenant_id = $1 AND id = ANY ($2)
   RETURNING to_char(erased_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "erasedAt"`,
);

/** ISO 8601, as an answer keeps it. */
export async function markErased(tx: Tx, ids: readonly string[]): Promise<string> {
  const rows = await tx.query<{ erasedAt: string }>(eraseStatement, [tx.tenantId, ids]);
  return rows[0]!.erasedAt;
}

export type CustomerDocument = {
  kind: 'SALE';
  id: string;
  status: string;
  channel: string;
  receiptNumber: string | null;
  externalId: string | null;
  locationCode: string | null;
  openedAt: Date;
  committedAt: Date | null;
  totalMinor: number;
  currencyCode: string;
};

/** An export is one answer: of a pseudo-customer of a whole shop the rest is in `Customer.sales`. */
export const documentsMax = 10_000;

const documentsStatement = sql(
  'pos.customer-documents',
  `SELECT 'SALE' AS kind, id, status, channel, receipt_number AS "receiptNumber", external_id AS "externalId",
          location_code AS "locationCode", opened_at AS "openedAt", committed_at AS "committedAt",
          total_minor AS "totalMinor", currency_code AS "currencyCode"
     FROM sale WHERE tenant_id = $1 AND customer_id = ANY ($2) ORDER BY opened_at DESC, id DESC LIMIT $3`,
);
const totalStatement = sql(
  'pos.customer-documents-total',
  'SELECT count(*)::int AS total FROM sale WHERE tenant_id = $1 AND customer_id = ANY ($2)',
);

/** What names the customer, newest first. */
export async function documentsOf(tx: Tx, ids: readonly string[]) {
  const values = [tx.tenantId, ids];
  const documents = await tx.query<CustomerDocument>(documentsStatement, [...values, documentsMax]);
  const { total } = exactlyOne(await tx.query<{ total: number }>(totalStatement, values));
  return { documents, total };
}

const creditsStatement = sql(
  'pos.customer-credits',
  `SELECT number, currency_code AS "currencyCode", balance_minor AS "amountMinor", expires_at AS "expiresAt"
     FROM stored_value WHERE tenant_id = $1 AND customer_id = ANY ($2) ORDER BY issued_at, id`,
);

/** What the shop owes the person as store credit. */
export function creditsFor(tx: Tx, ids: readonly string[]) {
  return tx.query<MinorMoney & { number: string; expiresAt: Date | null }>(creditsStatement, [
    tx.tenantId,
    ids,
  ]);
}
