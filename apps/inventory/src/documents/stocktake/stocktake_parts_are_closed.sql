-- Once per statement, not per row: posting writes 100,000.
CREATE OR REPLACE FUNCTION stocktake_parts_are_closed() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT c.tenant_id, c.stocktake_id FROM changed c) d
             JOIN stocktake s ON s.tenant_id = d.tenant_id AND s.id = d.stocktake_id WHERE s.status IN ('POSTED', 'CANCELLED')) THEN
    RAISE EXCEPTION 'a stocktake that is posted or cancelled does not change'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stocktake_closed';
  END IF;
  RETURN NULL;
END $fn$;

CREATE OR REPLACE TRIGGER stocktake_line_closed_insert
AFTER INSERT ON stocktake_line REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
EXECUTE FUNCTION stocktake_parts_are_closed();

CREATE OR REPLACE TRIGGER stocktake_line_closed_update
AFTER UPDATE ON stocktake_line REFERENCING OLD TABLE AS changed FOR EACH STATEMENT
EXECUTE FUNCTION stocktake_parts_are_closed();

CREATE OR REPLACE TRIGGER stocktake_line_closed_delete
AFTER DELETE ON stocktake_line REFERENCING OLD TABLE AS changed FOR EACH STATEMENT
EXECUTE FUNCTION stocktake_parts_are_closed();

CREATE OR REPLACE TRIGGER stocktake_scan_closed
AFTER INSERT ON stocktake_scan REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
EXECUTE FUNCTION stocktake_parts_are_closed();

CREATE OR REPLACE TRIGGER stocktake_recount_closed
AFTER INSERT ON stocktake_recount REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
EXECUTE FUNCTION stocktake_parts_are_closed();
