import { asOwner, migration, refuseCollisions, uniqueKey } from '@onecount/db';

const table = 'serial_unit';

// Pieces that are in the books under serials that only look alike are so by somebody's decision: all but the first
// are marked as meant. Serials that are one but for what cannot be seen are not.
const serials = asOwner(
  table,
  `UPDATE serial_unit u SET is_look_alike = true WHERE EXISTS (
  SELECT FROM serial_unit o WHERE o.tenant_id = u.tenant_id AND o.stock_item_id = u.stock_item_id
    AND o.serial_look_alike = u.serial_look_alike AND o.id < u.id);`,
);

/** Names by the one rule of identifying texts (ADR 0160), each with a column that holds what it is compared by. */
export const OneNameOneThing1796100000000 = migration(
  'OneNameOneThing1796100000000',
  `
ALTER TABLE serial_unit
  ADD COLUMN stock_number_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(stock_number)) STORED,
  ADD COLUMN serial_look_alike text COLLATE "C" GENERATED ALWAYS AS (serial_look_alike(serial)) STORED,
  -- The serial looks like that of another unit of the item, and whoever gave it said that it is meant.
  ADD COLUMN is_look_alike boolean NOT NULL DEFAULT false;
-- One index in place of two: the key is unique, and in "C" its beginnings are a range.
ALTER TABLE serial_unit DROP CONSTRAINT serial_unit_stock_number_unique;
DROP INDEX serial_unit_stock_number;
${uniqueKey('serial_unit_stock_number_unique', { table, key: 'stock_number_key', shown: 'stock_number' })}
${refuseCollisions({ table, within: ['stock_item_id'], key: 'normalize(serial, NFC)', shown: 'serial' })}
${serials}
CREATE UNIQUE INDEX serial_unit_serial_look_alike ON serial_unit (tenant_id, stock_item_id, serial_look_alike)
  WHERE NOT is_look_alike;

-- SKUs. The plain constraint stays: lists are read in the order of what is shown.
DROP INDEX stock_item_sku_key;
ALTER TABLE stock_item ALTER COLUMN sku_key SET EXPRESSION AS (identifier_key(sku));
${uniqueKey('stock_item_sku_key', { table: 'stock_item', key: 'sku_key', shown: 'sku' })}

-- Codes: a GTIN is one in all its forms, and so is its history.
ALTER TABLE stock_code ADD COLUMN code_key text COLLATE "C" GENERATED ALWAYS AS (code_key(code)) STORED;
${uniqueKey('stock_code_key', { table: 'stock_code', key: 'code_key', shown: 'code' })}
ALTER TABLE stock_code_change ADD COLUMN code_key text COLLATE "C" GENERATED ALWAYS AS (code_key(code)) STORED;
CREATE INDEX stock_code_change_key ON stock_code_change (tenant_id, code_key, position);

-- Numbers of suppliers' documents. A cancelled one may be entered again.
ALTER TABLE stock_receipt
  ADD COLUMN document_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(document_number)) STORED;
DROP INDEX stock_receipt_document;
${uniqueKey('stock_receipt_document', {
  table: 'stock_receipt',
  within: ['lower(supplier)'],
  key: 'document_key',
  shown: 'document_number',
  where: "status <> 'CANCELLED'",
})}`,
);
