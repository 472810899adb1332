import { acrossTenants, migration, tenantTable } from '@onecount/db';

/**
 * What became of a code. `stock_code` holds the live ones, so that its primary key says that a code names
 * one thing; a retired code is a row here alone and may be assigned again. Triggers write the history:
 * receipts, the catalog's event and conversions assign codes too, and none of them can forget it.
 */
export const AddCodeHistory1795200000015 = migration(
  'AddCodeHistory1795200000015',
  `
ALTER TABLE stock_code
  DROP CONSTRAINT stock_code_kind,
  ADD CONSTRAINT stock_code_kind CHECK (kind IN ('TAG', 'BARCODE', 'RFID', 'LEGACY')),
  -- Of the last change: the triggers read them, and a retirement writes them before it deletes the row.
  ADD COLUMN actor text NOT NULL DEFAULT 'system',
  ADD COLUMN note  text CONSTRAINT stock_code_note_length CHECK (length(note) <= 1000);

CREATE TABLE stock_code_change (
  tenant_id           uuid NOT NULL,
  -- Drawn under the lock of the code's row: rises in the order of the code's changes.
  position            bigint GENERATED ALWAYS AS IDENTITY,
  code                text NOT NULL,
  kind                text NOT NULL,
  change              text NOT NULL CONSTRAINT stock_code_change_change CHECK (change IN ('ASSIGNED', 'MOVED', 'RETIRED')),
  from_stock_item_id  uuid,
  from_serial_unit_id uuid,
  to_stock_item_id    uuid,
  to_serial_unit_id   uuid,
  note                text,
  actor               text NOT NULL,
  occurred_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT stock_code_change_pkey PRIMARY KEY (tenant_id, code, position),
  CONSTRAINT stock_code_change_from CHECK ((change = 'ASSIGNED') = (from_stock_item_id IS NULL)),
  CONSTRAINT stock_code_change_to CHECK ((change = 'RETIRED') = (to_stock_item_id IS NULL))
);
-- Before the wall stands: a migration has no tenant.
${acrossTenants(
  'stock_code',
  `INSERT INTO stock_code_change (tenant_id, code, kind, change, to_stock_item_id, to_serial_unit_id, actor, occurred_at)
SELECT tenant_id, code, kind, 'ASSIGNED', stock_item_id, serial_unit_id, actor, created_at FROM stock_code;`,
)}
${tenantTable('stock_code_change', { appendOnly: true })}

CREATE FUNCTION stock_code_assigned() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  INSERT INTO stock_code_change (tenant_id, code, kind, change, to_stock_item_id, to_serial_unit_id, note, actor)
  SELECT tenant_id, code, kind, 'ASSIGNED', stock_item_id, serial_unit_id, note, actor FROM now_there;
  RETURN NULL;
END $fn$;
CREATE TRIGGER stock_code_assigned AFTER INSERT ON stock_code
  REFERENCING NEW TABLE AS now_there FOR EACH STATEMENT EXECUTE FUNCTION stock_code_assigned();

CREATE FUNCTION stock_code_moved() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  INSERT INTO stock_code_change (tenant_id, code, kind, change, from_stock_item_id, from_serial_unit_id,
    to_stock_item_id, to_serial_unit_id, note, actor)
  SELECT n.tenant_id, n.code, n.kind, 'MOVED', o.stock_item_id, o.serial_unit_id, n.stock_item_id, n.serial_unit_id, n.note, n.actor
  FROM now_there n JOIN was_there o ON o.tenant_id = n.tenant_id AND o.code = n.code
  WHERE (o.stock_item_id, o.serial_unit_id) IS DISTINCT FROM (n.stock_item_id, n.serial_unit_id);
  RETURN NULL;
END $fn$;
CREATE TRIGGER stock_code_moved AFTER UPDATE ON stock_code
  REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there FOR EACH STATEMENT EXECUTE FUNCTION stock_code_moved();

CREATE FUNCTION stock_code_retired() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  INSERT INTO stock_code_change (tenant_id, code, kind, change, from_stock_item_id, from_serial_unit_id, note, actor)
  SELECT tenant_id, code, kind, 'RETIRED', stock_item_id, serial_unit_id, note, actor FROM was_there;
  RETURN NULL;
END $fn$;
CREATE TRIGGER stock_code_retired AFTER DELETE ON stock_code
  REFERENCING OLD TABLE AS was_there FOR EACH STATEMENT EXECUTE FUNCTION stock_code_retired();
`,
);
