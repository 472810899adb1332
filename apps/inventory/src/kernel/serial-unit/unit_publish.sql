CREATE OR REPLACE FUNCTION unit_publish(p_tenant uuid, p_ids uuid[], p_traceparent text)
RETURNS void LANGUAGE sql AS $fn$
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data, traceparent)
  SELECT u.tenant_id, 'inventory.serial-unit-changed', u.id, u.version,
    json_strip_nulls(json_build_object('serialUnitId', u.id, 'version', u.version, 'stockItemId', u.stock_item_id, 'variantId', i.variant_id,
      'sku', i.sku, 'serial', u.serial, 'stockNumber', u.stock_number, 'status', u.status, 'locationId', u.location_id,
      'locationCode', c.code, 'certificate', u.certificate, 'attributes', u.attributes, 'photos', u.photos,
      'condition', u.condition, 'isListed', u.is_listed, 'predecessorId', u.predecessor_id,
      'receivedAt', instant(u.received_at), 'saleId', u.sale_id, 'soldAt', instant(u.sold_at))), p_traceparent
  FROM serial_unit_now u
  CROSS JOIN LATERAL (SELECT * FROM stock_item x WHERE x.tenant_id = u.tenant_id AND x.id = u.stock_item_id OFFSET 0) i
  CROSS JOIN LATERAL (SELECT * FROM location x WHERE x.tenant_id = u.tenant_id AND x.id = u.location_id OFFSET 0) c
  WHERE u.tenant_id = p_tenant AND u.id = ANY (p_ids)
$fn$;
