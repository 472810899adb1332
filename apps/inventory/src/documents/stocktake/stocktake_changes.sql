-- What posting changes. p_zero: what nobody scanned is not there. p_selling null: all of it.
CREATE OR REPLACE FUNCTION stocktake_changes(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[], p_selling boolean)
RETURNS SETOF stocktake_line LANGUAGE sql STABLE AS $fn$
  SELECT n.* FROM stocktake_line n
  WHERE n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake AND n.change IS NOT NULL
    AND (p_zero OR n.finding <> 'NOT_COUNTED') AND n.stock_item_id <> ALL (p_exclude)
    AND (p_selling IS NULL OR n.is_selling = p_selling)
$fn$;
