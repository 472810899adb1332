-- Fixes the tax of a sale together with its intent. p_tax: {totalMinor, roundingMinor, taxes}; null where nothing is taxed or
-- rounded: then there is nothing to write.
CREATE OR REPLACE FUNCTION sale_tax_fix(p_tenant uuid, p_sale uuid, p_tax jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_tax IS NULL OR p_tax = 'null' THEN RETURN; END IF;
  UPDATE sale SET is_taxed = true, total_minor = (p_tax ->> 'totalMinor')::bigint,
         rounding_minor = (p_tax ->> 'roundingMinor')::bigint
   WHERE tenant_id = p_tenant AND id = p_sale;
  INSERT INTO sale_tax (tenant_id, sale_id, line_id, component, rate, scheme, base_minor, tax_minor, added_minor)
  SELECT p_tenant, p_sale, t."lineId", t.component, t.rate, t.scheme, t."baseMinor", t."taxMinor", t."addedMinor"
    FROM jsonb_to_recordset(p_tax -> 'taxes') AS t("lineId" uuid, component text, rate numeric, scheme text,
         "baseMinor" bigint, "taxMinor" bigint, "addedMinor" bigint);
END $$;
