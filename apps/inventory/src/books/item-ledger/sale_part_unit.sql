CREATE OR REPLACE FUNCTION sale_part_unit(p_tenant uuid, p_sale text, p_line text, p_part integer)
RETURNS uuid LANGUAGE sql STABLE AS $fn$
  SELECT l.unit FROM sale_line_units(p_tenant, p_sale, p_line) l WHERE l.part = p_part
$fn$;
