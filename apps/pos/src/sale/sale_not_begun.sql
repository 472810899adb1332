-- The answer of a sale that did not begin: {outcome, sale?}. One that found its place did not find its
-- external id free.
CREATE OR REPLACE FUNCTION sale_not_begun(p_tenant uuid, p_outcome text, p_sale jsonb)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_row sale;
BEGIN
  IF p_outcome <> 'FREE' THEN RETURN json_build_object('outcome', p_outcome); END IF;
  SELECT s.* INTO STRICT v_row FROM sale s WHERE s.tenant_id = p_tenant
     AND s.channel = p_sale ->> 'channel' AND s.external_id = p_sale ->> 'externalId';
  RETURN json_build_object('outcome', 'EXTERNAL_ID_TAKEN', 'sale', sale_view(v_row));
END $$;
