-- What a sale was taxed with (type LineTax in tax.ts), in the order of its lines.
CREATE OR REPLACE FUNCTION sale_taxes(s sale) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN coalesce((
    SELECT jsonb_agg(jsonb_build_object('lineId', t.line_id, 'component', t.component, 'rate', trim_scale(t.rate)::text,
             'scheme', t.scheme, 'baseMinor', t.base_minor, 'taxMinor', t.tax_minor, 'addedMinor', t.added_minor)
             ORDER BY l.position, t.component)
      FROM sale_tax t
      JOIN sale_line l ON l.tenant_id = t.tenant_id AND l.sale_id = t.sale_id AND l.id = t.line_id
     WHERE t.tenant_id = s.tenant_id AND t.sale_id = s.id), '[]');
END $$;
