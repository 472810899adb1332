-- A count that is over is over: nothing of it changes, whoever asks.
CREATE OR REPLACE FUNCTION stocktake_is_closed() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  RAISE EXCEPTION 'a stocktake that is posted or cancelled does not change, and none is deleted'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stocktake_closed';
END $fn$;

CREATE OR REPLACE TRIGGER stocktake_closed
BEFORE UPDATE ON stocktake FOR EACH ROW WHEN (OLD.status IN ('POSTED', 'CANCELLED'))
EXECUTE FUNCTION stocktake_is_closed();

CREATE OR REPLACE TRIGGER stocktake_no_delete
BEFORE DELETE OR TRUNCATE ON stocktake FOR EACH STATEMENT
EXECUTE FUNCTION stocktake_is_closed();

CREATE OR REPLACE TRIGGER stocktake_line_no_truncate
BEFORE TRUNCATE ON stocktake_line FOR EACH STATEMENT
EXECUTE FUNCTION stocktake_is_closed();
