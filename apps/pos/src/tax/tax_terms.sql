-- How a sale of a location is taxed at a moment (type TaxTerms in tax.ts); null where the tenant has neither rules nor
-- settings: two look-ups in indexes are all that it costs. Of rules for the same thing the one that began last decides.
CREATE OR REPLACE FUNCTION tax_terms(p_tenant uuid, p_location uuid, p_at timestamptz)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE v_setting tax_setting; v_rules jsonb;
BEGIN
  IF NOT EXISTS (SELECT FROM tax_rule r WHERE r.tenant_id = p_tenant)
     AND NOT EXISTS (SELECT FROM tax_setting g WHERE g.tenant_id = p_tenant) THEN RETURN NULL; END IF;
  SELECT g.* INTO v_setting FROM tax_setting g
   WHERE g.tenant_id = p_tenant AND (g.location_id = p_location OR g.location_id IS NULL)
   ORDER BY g.location_id IS NULL, g.set_at DESC LIMIT 1;
  SELECT jsonb_agg(jsonb_build_object('isOfLocation', r.location_id IS NOT NULL, 'taxCode', r.tax_code,
           'component', r.component, 'rate', trim_scale(r.rate)::text) ORDER BY r.component)
    INTO v_rules
    FROM (SELECT DISTINCT ON (c.location_id, identifier_key(c.tax_code), c.component) c.* FROM tax_rule c
           WHERE c.tenant_id = p_tenant AND c.cancelled_at IS NULL AND c.valid_from <= p_at
             AND (c.location_id = p_location OR c.location_id IS NULL)
           ORDER BY c.location_id, identifier_key(c.tax_code), c.component, c.valid_from DESC) r
   WHERE r.valid_to IS NULL OR r.valid_to > p_at;
  RETURN jsonb_build_object('includesTax', coalesce(v_setting.prices_include_tax, true),
    'rounding', coalesce(v_setting.rounding, 'LINE'), 'cashSteps', coalesce(v_setting.cash_steps, '{}'),
    'rules', coalesce(v_rules, '[]'));
END $$;
