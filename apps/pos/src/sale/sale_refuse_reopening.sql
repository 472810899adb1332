-- The statements guard every move by the status they expect; this is the second lock on the door.
CREATE OR REPLACE FUNCTION sale_refuse_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'sale % is % for ever', OLD.id, OLD.status
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sale_final_status';
END $$;

CREATE OR REPLACE TRIGGER sale_final_status
BEFORE UPDATE OF status ON sale FOR EACH ROW WHEN (
  OLD.status IN ('COMMITTED', 'VOIDED')
  AND NEW.status <> OLD.status
)
EXECUTE FUNCTION sale_refuse_reopening();
