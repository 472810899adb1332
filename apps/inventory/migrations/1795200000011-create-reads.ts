import { migration } from '@onecount/db';

/** The read behind Variant.stock and its levels: one statement for a whole page of variants. */
export const CreateReads1795200000011 = migration(
  'CreateReads1795200000011',
  `
-- Stock items by id, variant or SKU, each with its levels in the order of their codes; one JSON document
-- in place of rows, because a page asks for items × locations.
CREATE FUNCTION stock_items_read(p_tenant uuid, p_ids uuid[], p_variants uuid[], p_skus text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $fn$
DECLARE
  v_items jsonb;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'variantId', i.variant_id, 'sku', i.sku, 'title', i.title,
    'tracking', i.tracking, 'lowStockThreshold', i.low_stock_threshold, 'backorderLimit', i.backorder_limit,
    'levels', coalesce(l.levels, '[]'))), '[]')
  INTO v_items
  FROM (
    SELECT * FROM stock_item a WHERE a.tenant_id = p_tenant AND a.id = ANY (p_ids)
    UNION SELECT * FROM stock_item b WHERE b.tenant_id = p_tenant AND b.variant_id = ANY (p_variants)
    UNION SELECT * FROM stock_item c WHERE c.tenant_id = p_tenant AND c.sku = ANY (p_skus)
  ) i
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('locationId', n.location_id, 'code', c.code, 'name', c.name, 'onHand', n.on_hand,
      'committed', n.committed, 'available', n.available, 'version', n.version) ORDER BY c.code) AS levels
    FROM level_now n JOIN location c ON c.tenant_id = n.tenant_id AND c.id = n.location_id
    WHERE n.tenant_id = p_tenant AND n.stock_item_id = i.id
  ) l ON true;
  RETURN v_items;
END $fn$;

-- The whole arithmetic of one item. STABLE, so that every query inside sees one snapshot: the sums are of
-- one instant, or the answer would contradict itself while sales go on.
CREATE FUNCTION stock_explain(p_tenant uuid, p_item uuid, p_location uuid, p_now timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $fn$
BEGIN
  RETURN (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
      'locationId', l.location_id, 'asOf', p_now, 'levelOnHand', l.on_hand, 'levelCommitted', l.committed,
      'sums', (SELECT coalesce(jsonb_agg(jsonb_build_object('reason', s.reason, 'quantity', s.quantity, 'count', s.count) ORDER BY s.reason), '[]')
               FROM (SELECT m.reason, sum(m.quantity) AS quantity, count(*) AS count FROM movement m
                     WHERE m.tenant_id = p_tenant AND m.stock_item_id = p_item AND m.location_id = l.location_id GROUP BY m.reason) s),
      'recent', (SELECT coalesce(jsonb_agg(s.id ORDER BY s.level_version DESC, s.position DESC), '[]')
                 FROM (SELECT m.id, m.level_version, m.position FROM movement m
                       WHERE m.tenant_id = p_tenant AND m.stock_item_id = p_item AND m.location_id = l.location_id
                       ORDER BY m.level_version DESC, m.position DESC LIMIT 20) s),
      'live', (SELECT jsonb_build_object('count', count(*), 'quantity', coalesce(sum(h.quantity), 0),
                      'ids', coalesce((array_agg(h.id ORDER BY h.id))[1:100], '{}'))
               FROM hold h WHERE h.tenant_id = p_tenant AND h.stock_item_id = p_item AND h.location_id = l.location_id
                 AND h.status = 'LIVE' AND (h.expires_at IS NULL OR h.expires_at > p_now)),
      'lapsed', (SELECT jsonb_build_object('count', count(*), 'quantity', coalesce(sum(h.quantity), 0),
                        'ids', coalesce((array_agg(h.id ORDER BY h.id DESC))[1:20], '{}'))
                 FROM hold h WHERE h.tenant_id = p_tenant AND h.stock_item_id = p_item AND h.location_id = l.location_id
                   AND h.status = 'LIVE' AND h.expires_at <= p_now),
      'sold', (SELECT coalesce(jsonb_agg(s.id ORDER BY s.sold_at DESC), '[]')
               FROM (SELECT u.id, u.sold_at FROM serial_unit u
                     WHERE u.tenant_id = p_tenant AND u.stock_item_id = p_item AND u.location_id = l.location_id AND u.status = 'SOLD'
                     ORDER BY u.sold_at DESC LIMIT 20) s)
    ) ORDER BY c.code), '[]')
    FROM level l JOIN location c ON c.tenant_id = l.tenant_id AND c.id = l.location_id
    WHERE l.tenant_id = p_tenant AND l.stock_item_id = p_item AND (p_location IS NULL OR l.location_id = p_location));
END $fn$;
`,
);
