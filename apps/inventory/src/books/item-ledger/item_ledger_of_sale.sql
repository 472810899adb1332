-- Ids of the entries of sales that were this unit without naming it, and of what took them back.
CREATE OR REPLACE FUNCTION item_ledger_of_sale(p_tenant uuid, p_unit uuid)
RETURNS SETOF uuid LANGUAGE sql STABLE ROWS 3 AS $fn$
  WITH line AS (
    SELECT m.reference_id AS sale, m.line_id AS line FROM movement m
    WHERE m.tenant_id = p_tenant AND m.serial_unit_id = p_unit AND m.reason = 'SALE' AND m.reference_kind = 'SALE'
    UNION
    SELECT h.reference_id, h.line_id FROM hold h
    WHERE h.tenant_id = p_tenant AND h.serial_unit_id = p_unit AND h.reference_kind = 'SALE' AND h.allocated_at IS NOT NULL),
  of_sale AS (
    SELECT e.id FROM line
    CROSS JOIN LATERAL sale_line_units(p_tenant, line.sale, line.line) u
    CROSS JOIN LATERAL (
      SELECT y.id FROM item_ledger_entry y
      WHERE y.tenant_id = p_tenant AND y.reference_kind = 'SALE' AND y.reference_id = line.sale AND y.line_id = line.line
        AND y.kind = 'INCOME' AND y.part = u.part AND y.serial_unit_id IS NULL OFFSET 0) e
    WHERE u.unit = p_unit)
  SELECT id FROM of_sale
  UNION ALL SELECT e.id FROM of_sale s
    CROSS JOIN LATERAL (SELECT y.id FROM item_ledger_entry y WHERE y.tenant_id = p_tenant AND y.corrects_id = s.id OFFSET 0) e
$fn$;
