import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Sale } from '../sale/sale.ts';
import type { ReceiptShop } from './receipt.ts';

export type ReceiptSettings = ReceiptShop & {
  locationId: string | null;
  setBy: string;
  setAt: Date;
};

const shopColumns = `shop_name AS "shopName", address_lines AS "addressLines", tax_number AS "taxNumber", header, footer, locale,
  time_zone AS "timeZone"`;
const columns = `location_id AS "locationId", ${shopColumns}, set_by AS "setBy", set_at AS "setAt"`;

const insertStatement = sql(
  'pos.receipt-settings-insert',
  `INSERT INTO receipt_setting (tenant_id, id, location_id, shop_name, address_lines, tax_number, header, footer, locale,
     time_zone, set_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);

export async function insertSettings(
  tx: Tx,
  id: string,
  settings: Omit<ReceiptSettings, 'setAt'>,
): Promise<void> {
  const { locationId, shopName, addressLines, taxNumber, header, footer, locale, timeZone, setBy } =
    settings;
  await tx.query(insertStatement, [
    ...[tx.tenantId, id, locationId, shopName, addressLines, taxNumber],
    ...[header, footer, locale, timeZone, setBy],
  ]);
}

const byIdStatement = sql(
  'pos.receipt-settings-by-id',
  `SELECT ${columns} FROM receipt_setting WHERE tenant_id = $1 AND id = $2`,
);

export async function settingsById(tx: Tx, id: string): Promise<ReceiptSettings> {
  return exactlyOne(await tx.query<ReceiptSettings>(byIdStatement, [tx.tenantId, id]));
}

// Those that held then, the location's own before those of all. Of a sale from before anybody had set any: the first
// that its location, or else all of them, were given.
const atStatement = sql(
  'pos.receipt-settings-at',
  `SELECT ${columns} FROM receipt_setting
    WHERE tenant_id = $1 AND (location_id = $2 OR location_id IS NULL)
    ORDER BY set_at <= $3 DESC, location_id IS NULL, CASE WHEN set_at <= $3 THEN set_at END DESC, set_at
    LIMIT 1`,
);

export async function settingsAt(
  tx: Tx,
  { locationId, at }: { locationId: string | null; at: Date },
): Promise<ReceiptSettings | null> {
  const rows = await tx.query<ReceiptSettings>(atStatement, [tx.tenantId, locationId, at]);
  return rows[0] ?? null;
}

/** Those that its receipt has: what held when it was sold. */
export function settingsOf(tx: Tx, { locationId, committedAt }: Sale) {
  return settingsAt(tx, { locationId, at: new Date(committedAt ?? 0) });
}
