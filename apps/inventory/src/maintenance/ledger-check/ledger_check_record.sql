-- Checks these items and keeps what was found: a new difference is published once, one that is seen no more is marked
-- as gone. Answers how many are new. Changes nothing that was checked.
CREATE OR REPLACE FUNCTION ledger_check_record(p_tenant uuid, p_items uuid[])
RETURNS integer LANGUAGE plpgsql AS $fn$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_found jsonb; v_seen uuid[] := '{}'; v_new uuid[] := '{}';
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT jsonb_agg(to_jsonb(c)) INTO v_found FROM ledger_check(p_tenant, p_items) c;
  IF v_found IS NOT NULL THEN
    WITH kept AS (
      INSERT INTO ledger_difference AS d (tenant_id, kind, stock_item_id, location_id, serial_unit_id, expected, found, found_at, seen_at)
      SELECT p_tenant, f.kind, f.stock_item_id, f.location_id, f.serial_unit_id, f.expected, f.found, v_now, v_now
      FROM jsonb_to_recordset(v_found) AS f (kind text, stock_item_id uuid, location_id uuid, serial_unit_id uuid, expected text, found text)
      ON CONFLICT (tenant_id, stock_item_id, kind, location_id, serial_unit_id) WHERE gone_at IS NULL
      DO UPDATE SET expected = excluded.expected, found = excluded.found, seen_at = greatest(d.seen_at, excluded.seen_at)
      RETURNING d.id, d.found_at = v_now AS is_new)
    SELECT array_agg(id), coalesce(array_agg(id) FILTER (WHERE is_new), '{}') INTO v_seen, v_new FROM kept;
  END IF;
  UPDATE ledger_difference d SET gone_at = v_now
  WHERE d.tenant_id = p_tenant AND d.stock_item_id = ANY (p_items) AND d.gone_at IS NULL AND d.id <> ALL (v_seen) AND d.seen_at < v_now;
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data)
  SELECT p_tenant, 'inventory.ledger-difference-found', d.id, 1,
    json_strip_nulls(json_build_object('differenceId', d.id, 'stockItemId', d.stock_item_id, 'sku', i.sku, 'locationId', d.location_id,
      'locationCode', c.code, 'serialUnitId', d.serial_unit_id, 'kind', d.kind, 'expected', d.expected, 'found', d.found,
      'foundAt', instant(d.found_at)))
  FROM ledger_difference d
  JOIN stock_item i ON i.tenant_id = d.tenant_id AND i.id = d.stock_item_id
  LEFT JOIN location c ON c.tenant_id = d.tenant_id AND c.id = d.location_id
  WHERE d.tenant_id = p_tenant AND d.id = ANY (v_new);
  RETURN cardinality(v_new);
END $fn$;
