-- After a renewal in inventory, [{lineId, expiresAt}]: the lines' own copy of when their holds end.
CREATE OR REPLACE FUNCTION sale_lines_renewed(p_tenant uuid, p_sale uuid, p_holds jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  UPDATE sale_line l SET held_until = h."expiresAt"
    FROM jsonb_to_recordset(p_holds) AS h("lineId" uuid, "expiresAt" timestamptz)
   WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale AND l.id = h."lineId";
END $$;
