-- Terms for the lines of a sale that is paid already, as of when it was sold: {…tax_terms, exemption, lines}; null where the
-- tenant taxes nothing. p_lines: [{id, variantId}]. What was paid has its tax in it, whatever the prices of the location say.
CREATE OR REPLACE FUNCTION taxes_of_record(p_tenant uuid, p_location uuid, p_at timestamptz, p_lines jsonb)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE v_terms jsonb;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  v_terms := tax_terms(p_tenant, p_location, coalesce(p_at, clock_timestamp()));
  IF v_terms IS NULL THEN RETURN NULL; END IF;
  RETURN v_terms || jsonb_build_object('includesTax', true, 'exemption', NULL, 'lines', (
    SELECT jsonb_object_agg(l.id, jsonb_build_object('taxCode', b.tax_code, 'isTaxable', coalesce(b.is_taxable, true),
             'costMinor', NULL))
      FROM jsonb_to_recordset(p_lines) AS l(id uuid, "variantId" uuid)
      LEFT JOIN price_book b ON b.tenant_id = p_tenant AND b.variant_id = l."variantId"));
END $$;
