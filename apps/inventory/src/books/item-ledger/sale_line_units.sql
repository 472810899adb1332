-- Which units a sale's line was, part by part: the movements know, whether they are written before the income
-- or after it. Those that are named later come behind them (ADR 0057): their holds were chosen after a movement
-- without a unit had been written. So a unit that is known keeps its part whatever is named next.
CREATE OR REPLACE FUNCTION sale_line_units(p_tenant uuid, p_sale text, p_line text)
RETURNS TABLE (part integer, unit uuid) LANGUAGE sql STABLE ROWS 3 AS $fn$
  WITH moved AS (
    SELECT m.serial_unit_id AS unit, m.position, m.recorded_at FROM movement m
    WHERE m.tenant_id = p_tenant AND m.reason = 'SALE' AND m.reference_kind = 'SALE' AND m.reference_id = p_sale AND m.line_id = p_line)
  SELECT (row_number() OVER (ORDER BY s.named_at NULLS FIRST, s.position))::integer - 1, s.unit FROM (
    SELECT m.unit, NULL::timestamptz AS named_at, m.position FROM moved m WHERE m.unit IS NOT NULL
    UNION ALL
    SELECT h.serial_unit_id, h.allocated_at, h.part FROM hold h
    WHERE h.tenant_id = p_tenant AND h.reference_id = p_sale AND h.reference_kind = 'SALE' AND h.line_id = p_line
      AND h.serial_unit_id IS NOT NULL
      AND EXISTS (SELECT FROM moved m WHERE m.unit IS NULL AND m.recorded_at < h.allocated_at)) s
$fn$;
