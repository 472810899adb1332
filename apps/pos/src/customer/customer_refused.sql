-- Why a document may not name this customer, CUSTOMER_UNKNOWN or CUSTOMER_ERASED; else p_otherwise. It does not lock: of an
-- erasure of the same moment the document names an erased customer, as all that named it before do.
CREATE OR REPLACE FUNCTION customer_refused(p_tenant uuid, p_customer uuid, p_otherwise text)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE v_erased boolean;
BEGIN
  SELECT c.erased_at IS NOT NULL INTO v_erased FROM customer c WHERE c.tenant_id = p_tenant AND c.id = p_customer;
  RETURN CASE WHEN NOT FOUND THEN 'CUSTOMER_UNKNOWN' WHEN v_erased THEN 'CUSTOMER_ERASED' ELSE p_otherwise END;
END $$;
