import { acrossTenants, migration, tenantTable } from '@onecount/db';

/**
 * The count as of any past instant: what the ledger had recorded by then, what was held then, and the balance
 * of a location at the end of each day, so that a closing balance reads one day of movements and not all (ADR 0087).
 */
export const TellThePast1795200000029 = migration(
  'TellThePast1795200000029',
  `
-- Rows from before recorded_at was kept took it from their document, which may run ahead or behind: made to rise
-- with the level's version, as it does for every row since.
ALTER TABLE movement DISABLE TRIGGER movement_append_only;
${acrossTenants(
  'movement',
  `UPDATE movement m SET recorded_at = s.rising FROM (
     SELECT tenant_id, id, max(recorded_at) OVER (
       PARTITION BY tenant_id, stock_item_id, location_id ORDER BY level_version, position) AS rising FROM movement) s
   WHERE m.tenant_id = s.tenant_id AND m.id = s.id AND s.rising > m.recorded_at;`,
)}
ALTER TABLE movement ENABLE TRIGGER movement_append_only;

-- Written when a hold ends, not when it is placed: the hot path carries no further index.
CREATE INDEX hold_settled_by_level ON hold (tenant_id, stock_item_id, location_id, settled_at) WHERE status <> 'LIVE';
CREATE INDEX movement_location_recorded ON movement (tenant_id, location_id, recorded_at) INCLUDE (quantity);

-- on_hand of a whole location at the end of a day (UTC); no row for a day without movements.
CREATE TABLE location_balance (
  tenant_id   uuid NOT NULL,
  location_id uuid NOT NULL,
  as_of       timestamptz NOT NULL,
  on_hand     bigint NOT NULL,
  CONSTRAINT location_balance_pkey PRIMARY KEY (tenant_id, location_id, as_of),
  CONSTRAINT location_balance_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location (tenant_id, id)
);
${tenantTable('location_balance', { appendOnly: true })}

-- The holds that counted on a level at an instant. One that has ended since ended after it: the index leads
-- there, and the order says which index is meant.
CREATE FUNCTION hold_live_at(p_tenant uuid, p_item uuid, p_location uuid, p_at timestamptz) RETURNS SETOF hold LANGUAGE sql STABLE AS $fn$
  SELECT * FROM hold h
  WHERE h.tenant_id = p_tenant AND h.stock_item_id = p_item AND h.location_id = p_location AND h.status = 'LIVE'
    AND h.created_at <= p_at AND (h.expires_at IS NULL OR h.expires_at > p_at)
  UNION ALL
  (SELECT * FROM hold h
  WHERE h.tenant_id = p_tenant AND h.stock_item_id = p_item AND h.location_id = p_location AND h.status <> 'LIVE' AND h.settled_at > p_at
    AND h.created_at <= p_at AND (h.expires_at IS NULL OR h.expires_at > p_at)
  ORDER BY h.settled_at)
$fn$;

-- on_hand and committed of items at an instant: of each level, the last row of the ledger by then says its on_hand.
CREATE FUNCTION stock_at(p_tenant uuid, p_items uuid[], p_locations uuid[], p_at timestamptz)
RETURNS TABLE (stock_item_id uuid, location_id uuid, on_hand integer, committed integer) LANGUAGE plpgsql STABLE AS $fn$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT k.item, k.place, coalesce(m.resulting_on_hand, 0), coalesce(h.quantity, 0)::integer
  FROM unnest(p_items, p_locations) WITH ORDINALITY AS k (item, place, ord)
  LEFT JOIN LATERAL (
    SELECT x.resulting_on_hand FROM movement x
    WHERE x.tenant_id = p_tenant AND x.stock_item_id = k.item AND x.location_id = k.place AND x.recorded_at <= p_at
    ORDER BY x.recorded_at DESC, x.level_version DESC, x.position DESC LIMIT 1) m ON true
  CROSS JOIN LATERAL (SELECT sum(x.quantity) AS quantity FROM hold_live_at(p_tenant, k.item, k.place, p_at) x) h
  ORDER BY k.ord;
END $fn$;

-- Per location, in the order of their codes: the balance of the last day that had ended, and the movements since.
-- One location at a time: behind row-level security only a plain value bounds an index scan, no expression.
CREATE FUNCTION stock_totals_at(p_tenant uuid, p_location uuid, p_at timestamptz)
RETURNS TABLE (location_id uuid, on_hand bigint) LANGUAGE plpgsql STABLE AS $fn$
#variable_conflict use_column
DECLARE
  v_base bigint; v_since timestamptz;
BEGIN
  FOR location_id IN
    SELECT c.id FROM location c WHERE c.tenant_id = p_tenant AND (p_location IS NULL OR c.id = p_location) ORDER BY c.code
  LOOP
    SELECT b.as_of, b.on_hand INTO v_since, v_base FROM location_balance b
    WHERE b.tenant_id = p_tenant AND b.location_id = stock_totals_at.location_id AND b.as_of <= p_at ORDER BY b.as_of DESC LIMIT 1;
    IF NOT FOUND THEN v_since := '-infinity'; v_base := 0; END IF;
    SELECT v_base + coalesce(sum(m.quantity), 0) INTO stock_totals_at.on_hand FROM movement m
    WHERE m.tenant_id = p_tenant AND m.location_id = stock_totals_at.location_id AND m.recorded_at > v_since AND m.recorded_at <= p_at;
    RETURN NEXT;
  END LOOP;
END $fn$;

-- Writes the balances of a location for the days that end after p_from and up to p_until, at most p_days of
-- them; answers how far it came. p_until lies so far back that no transaction that drew its recorded_at before
-- it is still under way.
CREATE FUNCTION location_balance_write(p_tenant uuid, p_location uuid, p_from timestamptz, p_until timestamptz, p_days integer)
RETURNS timestamptz LANGUAGE plpgsql AS $fn$
DECLARE
  v_base bigint := 0; v_last timestamptz; v_from timestamptz; v_to timestamptz;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT b.as_of, b.on_hand INTO v_last, v_base FROM location_balance b
  WHERE b.tenant_id = p_tenant AND b.location_id = p_location ORDER BY b.as_of DESC LIMIT 1;
  v_from := greatest(v_last, p_from);
  IF v_from IS NULL THEN
    -- What was recorded at the very end of a day is in that day's balance.
    SELECT date_trunc('day', m.recorded_at - interval '1 microsecond', 'UTC') INTO v_from FROM movement m
    WHERE m.tenant_id = p_tenant AND m.location_id = p_location ORDER BY m.recorded_at LIMIT 1;
  END IF;
  IF v_from IS NULL OR v_from >= p_until THEN RETURN p_until; END IF;
  v_to := least(p_until, v_from + make_interval(hours => 24 * p_days));
  INSERT INTO location_balance (tenant_id, location_id, as_of, on_hand)
  SELECT p_tenant, p_location, d.day_end, coalesce(v_base, 0) + sum(d.quantity) OVER (ORDER BY d.day_end)
  FROM (SELECT date_trunc('day', m.recorded_at - interval '1 microsecond', 'UTC') + interval '24 hours' AS day_end,
               sum(m.quantity) AS quantity
        FROM movement m
        WHERE m.tenant_id = p_tenant AND m.location_id = p_location AND m.recorded_at > v_from AND m.recorded_at <= v_to
        GROUP BY 1) d
  ON CONFLICT DO NOTHING;
  RETURN v_to;
END $fn$;

-- What of an item is on its way between two locations, and so in no level: what the ledger says left under a
-- transfer and did not arrive or come back, less what was declared missing. Now the transfers' own lines say it.
CREATE FUNCTION transfers_on_their_way(p_tenant uuid, p_item uuid, p_at timestamptz) RETURNS jsonb LANGUAGE plpgsql STABLE AS $fn$
BEGIN
  IF p_at IS NULL THEN
    RETURN (SELECT coalesce(jsonb_agg(to_jsonb(s)), '[]') FROM (
      SELECT t.id, t.from_location_id AS from_place, t.to_location_id AS to_place, n.quantity
      FROM (SELECT y.transfer_id, sum(y.dispatched - y.received - y.returned - y.missing) AS quantity FROM transfer_line y
            WHERE y.tenant_id = p_tenant AND y.stock_item_id = p_item AND y.dispatched > y.received + y.returned + y.missing
            GROUP BY 1) n
      CROSS JOIN LATERAL (SELECT * FROM transfer y WHERE y.tenant_id = p_tenant AND y.id = n.transfer_id OFFSET 0) t
      ORDER BY t.id LIMIT 100) s);
  END IF;
  RETURN (SELECT coalesce(jsonb_agg(to_jsonb(s)), '[]') FROM (
    SELECT t.id, t.from_location_id AS from_place, t.to_location_id AS to_place, n.quantity - m.quantity AS quantity
    FROM (SELECT y.reference_id::uuid AS transfer_id, -sum(y.quantity) AS quantity
          FROM (SELECT * FROM movement z WHERE z.tenant_id = p_tenant AND z.stock_item_id = p_item OFFSET 0) y
          WHERE y.recorded_at <= p_at AND y.reason = 'TRANSFER' AND y.reference_kind = 'TRANSFER'
          GROUP BY 1 HAVING sum(y.quantity) < 0) n
    CROSS JOIN LATERAL (SELECT * FROM transfer y WHERE y.tenant_id = p_tenant AND y.id = n.transfer_id OFFSET 0) t
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(d.quantity), 0) AS quantity FROM transfer_line y
      CROSS JOIN LATERAL (SELECT * FROM transfer_difference z WHERE z.tenant_id = p_tenant AND z.transfer_line_id = y.id OFFSET 0) d
      WHERE y.tenant_id = p_tenant AND y.transfer_id = n.transfer_id AND y.stock_item_id = p_item
        AND d.outcome = 'MISSING' AND d.occurred_at <= p_at) m
    WHERE n.quantity > m.quantity ORDER BY t.id LIMIT 100) s);
END $fn$;

-- The whole arithmetic of one item as of p_at, or now when it is null. STABLE, so that every query inside sees one
-- snapshot. Now is asked without a time: what was recorded while this statement began is in the snapshot and
-- in the level, and a bound by the clock would leave it out of the sums. Level by level, and rows are filtered
-- behind OFFSET 0: on a young database a partial index looks cheap that has the tenant alone as its key.
CREATE FUNCTION stock_explain_at(p_tenant uuid, p_item uuid, p_location uuid, p_at timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $fn$
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

${[
  'stock_at(uuid, uuid[], uuid[], timestamptz)',
  'stock_totals_at(uuid, uuid, timestamptz)',
  'transfers_on_their_way(uuid, uuid, timestamptz)',
  'stock_explain_at(uuid, uuid, uuid, timestamptz)',
]
  .map(
    (name) => `ALTER FUNCTION ${name} SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION ${name} SET enable_seqscan = off;`,
  )
  .join('\n')}
`,
);
