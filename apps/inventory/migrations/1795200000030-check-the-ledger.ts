import { migration, tenantTable } from '@onecount/db';

/** The count held against its own rows, again and again: what differs is named and kept, and never repaired (ADR 0088). */
export const CheckTheLedger1795200000030 = migration(
  'CheckTheLedger1795200000030',
  `
CREATE TABLE ledger_difference (
  tenant_id      uuid NOT NULL,
  id             uuid NOT NULL DEFAULT uuidv7(),
  kind           text NOT NULL,
  stock_item_id  uuid NOT NULL,
  location_id    uuid,
  serial_unit_id uuid,
  expected       text NOT NULL,
  found          text NOT NULL,
  found_at       timestamptz NOT NULL,
  seen_at        timestamptz NOT NULL,
  -- Somebody put it right, or a later correction met it: seen no more.
  gone_at        timestamptz,
  CONSTRAINT ledger_difference_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT ledger_difference_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id)
);
${tenantTable('ledger_difference', { systemRoles: ['sweeper'] })}
-- Found by every round anew, told once.
CREATE UNIQUE INDEX ledger_difference_open ON ledger_difference (tenant_id, stock_item_id, kind, location_id, serial_unit_id)
  NULLS NOT DISTINCT WHERE gone_at IS NULL;

-- What does not add up for these items. STABLE: all sums are of the one snapshot of the statement that calls it, and
-- every change of stock is one transaction, so that sales under way are no differences.
CREATE FUNCTION ledger_check(p_tenant uuid, p_items uuid[])
RETURNS TABLE (kind text, stock_item_id uuid, location_id uuid, serial_unit_id uuid, expected text, found text) LANGUAGE plpgsql STABLE AS $fn$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH sums AS MATERIALIZED (
    SELECT l.stock_item_id, l.location_id, l.on_hand, l.committed, i.tracking, m.moved, m.unnamed + v.conversions AS unnamed, last.on_hand AS last_on_hand, h.held,
           CASE WHEN i.tracking = 'SERIAL' THEN (
             SELECT count(*) FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.stock_item_id = l.stock_item_id
               AND u.location_id = l.location_id AND u.status IN ('AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED')) END AS units
    FROM level l
    CROSS JOIN LATERAL (SELECT x.tracking FROM stock_item x WHERE x.tenant_id = p_tenant AND x.id = l.stock_item_id OFFSET 0) i
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(x.quantity), 0) AS moved, count(*) FILTER (WHERE x.serial_unit_id IS NULL) AS unnamed FROM movement x
      WHERE x.tenant_id = p_tenant AND x.stock_item_id = l.stock_item_id AND x.location_id = l.location_id) m
    CROSS JOIN LATERAL (
      SELECT count(*) AS conversions FROM stock_item_conversion x WHERE x.tenant_id = p_tenant AND x.stock_item_id = l.stock_item_id) v
    LEFT JOIN LATERAL (
      SELECT x.resulting_on_hand AS on_hand FROM movement x
      WHERE x.tenant_id = p_tenant AND x.stock_item_id = l.stock_item_id AND x.location_id = l.location_id
      ORDER BY x.level_version DESC, x.position DESC LIMIT 1) last ON true
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(x.quantity), 0) AS held FROM hold x
      WHERE x.tenant_id = p_tenant AND x.stock_item_id = l.stock_item_id AND x.location_id = l.location_id AND x.status = 'LIVE') h
    WHERE l.tenant_id = p_tenant AND l.stock_item_id = ANY (p_items)
  ), units AS MATERIALIZED (
    SELECT u.stock_item_id, u.location_id, u.id, u.status, u.sale_id, c.*
    FROM serial_unit u
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE h.status = 'LIVE') AS live, count(*) FILTER (WHERE h.status = 'SOLD') AS sold,
             min(h.reference_id) FILTER (WHERE h.status = 'SOLD') AS sold_by,
             bool_or(h.stock_item_id <> u.stock_item_id OR h.status = 'LIVE' AND h.location_id <> u.location_id) AS is_astray
      FROM hold h WHERE h.tenant_id = p_tenant AND h.serial_unit_id = u.id AND h.status IN ('LIVE', 'SOLD')) c
    WHERE u.tenant_id = p_tenant AND u.stock_item_id = ANY (p_items)
  )
  SELECT 'ON_HAND', s.stock_item_id, s.location_id, NULL::uuid, s.moved::text, s.on_hand::text FROM sums s WHERE s.on_hand <> s.moved
  UNION ALL
  SELECT 'RUNNING_ON_HAND', s.stock_item_id, s.location_id, NULL, s.moved::text, s.last_on_hand::text FROM sums s WHERE s.last_on_hand <> s.moved
  UNION ALL
  SELECT 'COMMITTED', s.stock_item_id, s.location_id, NULL, s.held::text, s.committed::text FROM sums s WHERE s.committed <> s.held
  UNION ALL
  -- Where every movement named its unit and none was collapsed, each unit on hand is known; else some may not be
  -- registered one by one.
  SELECT 'UNIT_COUNT', s.stock_item_id, s.location_id, NULL, CASE WHEN s.unnamed > 0 THEN 'at most ' ELSE '' END || s.on_hand, s.units::text
  FROM sums s WHERE s.units > s.on_hand OR (s.units < s.on_hand AND s.unnamed = 0)
  UNION ALL
  SELECT 'UNIT_CLAIMS', u.stock_item_id, u.location_id, u.id, 'at most 1', (u.live + u.sold)::text FROM units u WHERE u.live + u.sold > 1
  UNION ALL
  SELECT 'UNIT_PLACE', u.stock_item_id, u.location_id, u.id, 'a claim where the unit is', 'a claim elsewhere' FROM units u WHERE u.is_astray
  UNION ALL
  SELECT 'UNIT_SALE', u.stock_item_id, u.location_id, u.id, u.sold_by, coalesce(u.sale_id::text, 'none') FROM units u
  WHERE u.status = 'SOLD' AND u.sold = 1 AND u.sold_by IS DISTINCT FROM u.sale_id::text
  UNION ALL
  SELECT 'UNIT_STATUS', u.stock_item_id, u.location_id, u.id,
    CASE WHEN u.sold > 0 THEN 'SOLD' WHEN u.live > 0 THEN 'HELD, IN_REPAIR or RETURNED' ELSE 'AVAILABLE, IN_TRANSIT, LOST or SCRAPPED' END, u.status
  FROM units u
  WHERE (u.sold > 0) <> (u.status = 'SOLD') OR (u.sold = 0 AND (u.live > 0) <> (u.status IN ('HELD', 'IN_REPAIR', 'RETURNED')));
END $fn$;

-- Checks these items and keeps what was found: a new difference is told once, one that is seen no more is marked
-- as gone. Answers how many are new. Changes nothing that was checked.
CREATE FUNCTION ledger_check_record(p_tenant uuid, p_items uuid[]) RETURNS integer LANGUAGE plpgsql AS $fn$
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

ALTER FUNCTION ledger_check(uuid, uuid[]) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION ledger_check(uuid, uuid[]) SET enable_seqscan = off;
`,
);
