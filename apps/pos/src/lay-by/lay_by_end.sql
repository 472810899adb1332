-- Whatever ends the sale of a lay-by (its last payment, a refused claim, a void, its time) ends the lay-by in the same
-- statement, and keeps the fee of its terms, never more than was paid. Nothing that ends sales has to know of lay-bys.
CREATE OR REPLACE FUNCTION lay_by_end() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_outcome text;
BEGIN
  v_outcome := CASE WHEN NEW.status = 'COMMITTED' THEN 'COMPLETED' WHEN NEW.refusal_reasons IS NOT NULL THEN 'REFUSED'
                    WHEN NEW.expired_at IS NOT NULL THEN 'EXPIRED' ELSE 'CANCELLED' END;
  UPDATE lay_by SET outcome = v_outcome, ended_at = clock_timestamp(), next_due_at = NULL, version = version + 1,
         kept_fee_minor = CASE WHEN v_outcome IN ('EXPIRED', 'CANCELLED') THEN least(fee_minor, paid_minor) ELSE 0 END
   WHERE tenant_id = NEW.tenant_id AND sale_id = NEW.id;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER sale_lay_by_ends
AFTER UPDATE OF status ON sale FOR EACH ROW WHEN (
  NEW.lay_by
  AND NEW.status IN ('COMMITTED', 'VOIDED')
  AND OLD.status = 'PENDING'
)
EXECUTE FUNCTION lay_by_end();
