-- The pieces of a line of several, [{serialUnitId, serial}]; null while none are known.
CREATE OR REPLACE FUNCTION sale_line_pieces(l sale_line) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT jsonb_agg(jsonb_build_object('serialUnitId', u.serial_unit_id, 'serial', u.serial) ORDER BY u.position)
            FROM sale_line_unit u WHERE u.tenant_id = l.tenant_id AND u.sale_id = l.sale_id AND u.line_id = l.id);
END $$;
