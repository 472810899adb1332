-- A sale that takes the place of an expired checkout, for its late payment, is taxed as the checkout was.
CREATE OR REPLACE FUNCTION sale_tax_copy(p_tenant uuid, p_from uuid, p_to uuid)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sale t SET is_taxed = f.is_taxed, tax_exemption = f.tax_exemption, rounding_minor = f.rounding_minor
    FROM sale f
   WHERE f.tenant_id = p_tenant AND f.id = p_from AND f.is_taxed AND t.tenant_id = p_tenant AND t.id = p_to;
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO sale_tax (tenant_id, sale_id, line_id, component, rate, scheme, base_minor, tax_minor, added_minor)
  SELECT tenant_id, p_to, line_id, component, rate, scheme, base_minor, tax_minor, added_minor
    FROM sale_tax WHERE tenant_id = p_tenant AND sale_id = p_from;
END $$;
