-- The movement's id is its event's: one that is published again is known to whoever has it. Each has its own trace.
-- In order of item and location, whose level is locked from before its position is drawn until the commit: two locations
-- of one item share no lock, and the later position may be committed first.
CREATE OR REPLACE FUNCTION movements_publish(p_tenant uuid, p_ids uuid[], p_traceparents text[])
RETURNS void LANGUAGE sql AS $fn$
  INSERT INTO outbox (tenant_id, event_id, type, aggregate_id, sequence, data, traceparent)
  SELECT p_tenant, m.id, 'inventory.movement-recorded', m.stock_item_id || '/' || m.location_id, m.position,
    json_strip_nulls(json_build_object('movementId', m.id, 'stockItemId', m.stock_item_id, 'variantId', i.variant_id, 'sku', i.sku,
      'locationId', m.location_id, 'locationCode', c.code, 'serialUnitId', m.serial_unit_id, 'quantity', m.quantity,
      'reason', m.reason, 'referenceKind', m.reference_kind, 'referenceId', m.reference_id, 'lineId', m.line_id,
      'cost', CASE WHEN m.cost_minor IS NOT NULL THEN json_build_object('amountMinor', m.cost_minor, 'currencyCode', m.cost_currency) END,
      'costQuantity', m.cost_quantity,
      'resultingOnHand', m.resulting_on_hand, 'occurredAt', instant(m.occurred_at), 'actor', m.actor)), k.traceparent
  FROM unnest(p_ids, p_traceparents) AS k (id, traceparent)
  CROSS JOIN LATERAL (SELECT * FROM movement x WHERE x.tenant_id = p_tenant AND x.id = k.id OFFSET 0) m
  CROSS JOIN LATERAL (SELECT * FROM stock_item x WHERE x.tenant_id = m.tenant_id AND x.id = m.stock_item_id OFFSET 0) i
  CROSS JOIN LATERAL (SELECT * FROM location x WHERE x.tenant_id = m.tenant_id AND x.id = m.location_id OFFSET 0) c
  ORDER BY m.position
$fn$;
