-- The whole arithmetic of one item as of p_at, or now when it is null. STABLE, so that every query inside sees one
-- snapshot. Now is asked without a time: what was recorded while this statement began is in the snapshot and
-- in the level, and a bound by the clock would leave it out of the sums. Level by level, and rows are filtered
-- behind OFFSET 0: on a young database a partial index looks cheap that has the tenant alone as its key.
CREATE OR REPLACE FUNCTION stock_explain_at(p_tenant uuid, p_item uuid, p_location uuid, p_at timestamptz)
RETURNS jsonb LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_now timestamptz := coalesce(p_at, statement_timestamp());
  v_until timestamptz := coalesce(p_at, 'infinity');
  v_tracking text := (SELECT i.tracking FROM stock_item i WHERE i.tenant_id = p_tenant AND i.id = p_item);
  v_all jsonb := '[]'; v_transfers jsonb; v_sums jsonb; v_recent jsonb; v_sales jsonb; v_sold jsonb; v_last integer;
  l record; h record; x record;
BEGIN
  v_transfers := transfers_on_their_way(p_tenant, p_item, p_at);
  FOR l IN
    SELECT n.location_id, n.on_hand, n.committed FROM level n JOIN location c ON c.tenant_id = n.tenant_id AND c.id = n.location_id
    WHERE n.tenant_id = p_tenant AND n.stock_item_id = p_item AND (p_location IS NULL OR n.location_id = p_location) ORDER BY c.code
  LOOP
    SELECT coalesce(jsonb_agg(jsonb_build_object('reason', s.reason, 'quantity', s.quantity, 'count', s.count) ORDER BY s.reason), '[]') INTO v_sums
    FROM (SELECT m.reason, sum(m.quantity) AS quantity, count(*) AS count FROM movement m
          WHERE m.tenant_id = p_tenant AND m.stock_item_id = p_item AND m.location_id = l.location_id AND m.recorded_at <= v_until
          GROUP BY m.reason) s;
    SELECT coalesce(jsonb_agg(s.id ORDER BY s.recorded_at DESC, s.level_version DESC, s.position DESC), '[]'),
           (array_agg(s.resulting_on_hand ORDER BY s.recorded_at DESC, s.level_version DESC, s.position DESC))[1]
    INTO v_recent, v_last
    FROM (SELECT m.* FROM movement m
          WHERE m.tenant_id = p_tenant AND m.stock_item_id = p_item AND m.location_id = l.location_id AND m.recorded_at <= v_until
          ORDER BY m.recorded_at DESC, m.level_version DESC, m.position DESC LIMIT 20) s;
    SELECT count(*) AS count, coalesce(sum(n.quantity), 0) AS quantity, coalesce((array_agg(n.id ORDER BY n.id))[1:100], '{}') AS ids,
           coalesce((array_agg(n.serial_unit_id ORDER BY n.id) FILTER (WHERE n.purpose = 'REPAIR' AND n.serial_unit_id IS NOT NULL))[1:100], '{}') AS in_repair
    INTO h FROM hold_live_at(p_tenant, p_item, l.location_id, v_now) n;
    -- A level that nothing had reached by then did not stand in anybody's count.
    CONTINUE WHEN p_at IS NOT NULL AND v_last IS NULL AND h.count = 0;
    SELECT count(*) AS count, coalesce(sum(n.quantity), 0) AS quantity, coalesce((array_agg(n.id ORDER BY n.id DESC))[1:20], '{}') AS ids
    INTO x FROM (SELECT * FROM hold y WHERE y.tenant_id = p_tenant AND y.stock_item_id = p_item AND y.location_id = l.location_id
                   AND y.status = 'LIVE' OFFSET 0) n WHERE n.expires_at <= v_now;
    SELECT coalesce(jsonb_agg(jsonb_build_object('saleId', s.reference_id, 'quantity', s.quantity, 'recordedAt', s.recorded_at)
             ORDER BY s.recorded_at DESC, s.reference_id), '[]') INTO v_sales
    FROM (SELECT r.reference_id, -sum(r.quantity) AS quantity, max(r.recorded_at) AS recorded_at
          FROM (SELECT n.* FROM (
                  SELECT m.* FROM movement m
                  WHERE m.tenant_id = p_tenant AND m.stock_item_id = p_item AND m.location_id = l.location_id AND m.recorded_at <= v_until
                  ORDER BY m.recorded_at DESC, m.level_version DESC, m.position DESC OFFSET 0) n
                WHERE n.reason = 'SALE' AND n.reference_kind = 'SALE' LIMIT 20) r
          GROUP BY r.reference_id) s;
    v_sold := '[]';
    IF v_tracking = 'SERIAL' THEN
      SELECT coalesce(jsonb_agg(s.serial_unit_id ORDER BY s.recorded_at DESC, s.position DESC), '[]') INTO v_sold
      FROM (SELECT n.* FROM (
              SELECT m.* FROM movement m
              WHERE m.tenant_id = p_tenant AND m.stock_item_id = p_item AND m.location_id = l.location_id AND m.recorded_at <= v_until
              ORDER BY m.recorded_at DESC, m.level_version DESC, m.position DESC OFFSET 0) n
            WHERE n.reason = 'SALE' AND n.serial_unit_id IS NOT NULL
              -- Not one that has come back by then.
              AND NOT EXISTS (SELECT FROM movement b WHERE b.tenant_id = p_tenant AND b.serial_unit_id = n.serial_unit_id
                                AND b.position > n.position AND b.recorded_at <= v_until)
            LIMIT 20) s;
    END IF;
    v_all := v_all || jsonb_build_object('locationId', l.location_id, 'asOf', v_now, 'isNow', p_at IS NULL,
      'levelOnHand', CASE WHEN p_at IS NULL THEN l.on_hand ELSE coalesce(v_last, 0) END,
      'levelCommitted', CASE WHEN p_at IS NULL THEN l.committed END,
      'sums', v_sums, 'recent', v_recent, 'sales', v_sales, 'sold', v_sold, 'inRepair', h.in_repair,
      'transfers', (SELECT coalesce(jsonb_agg(jsonb_build_object('transferId', t.id, 'quantity', t.quantity,
                              'isInbound', t.to_place = l.location_id) ORDER BY t.id), '[]')
                    FROM jsonb_to_recordset(v_transfers) AS t (id uuid, from_place uuid, to_place uuid, quantity integer)
                    WHERE l.location_id IN (t.from_place, t.to_place)),
      'live', jsonb_build_object('count', h.count, 'quantity', h.quantity, 'ids', h.ids),
      'lapsed', jsonb_build_object('count', x.count, 'quantity', x.quantity, 'ids', x.ids));
  END LOOP;
  RETURN v_all;
END $fn$;
