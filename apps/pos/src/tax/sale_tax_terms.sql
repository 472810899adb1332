-- The terms of an open basket as they are now, with what its lines say of tax (type SaleTaxTerms in tax.ts).
CREATE OR REPLACE FUNCTION sale_tax_terms(s sale) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE v_terms jsonb := tax_terms(s.tenant_id, s.location_id, clock_timestamp());
BEGIN
  IF v_terms IS NULL THEN RETURN NULL; END IF;
  RETURN v_terms || jsonb_build_object('exemption', s.tax_exemption, 'lines', coalesce((
    SELECT jsonb_object_agg(l.id, jsonb_build_object('taxCode', b.tax_code, 'isTaxable', coalesce(b.is_taxable, true),
             'costMinor', l.purchase_cost_minor * l.quantity))
      FROM sale_line l
      LEFT JOIN price_book b ON b.tenant_id = l.tenant_id AND b.variant_id = l.variant_id
     WHERE l.tenant_id = s.tenant_id AND l.sale_id = s.id), '{}'));
END $$;
