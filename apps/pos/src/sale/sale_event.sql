-- Payload of pos.sale-committed and pos.sale-voided. No personal data: no person's id, no payment
-- reference, and of a void only its kind, because its reason is free text. A void sale that came without
-- a basket never learnt the stock items of its lines: they are left out.
CREATE OR REPLACE FUNCTION sale_event(s sale) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN jsonb_strip_nulls(jsonb_build_object(
    'saleId', s.id, 'version', s.version, 'receiptNumber', s.receipt_number, 'channel', s.channel,
    'externalId', s.external_id, 'locationId', s.location_id, 'registerId', s.register_id,
    'committedAt', s.committed_at, 'voidedAt', s.voided_at,
    'reason', CASE WHEN s.status = 'VOIDED' THEN
      CASE WHEN s.refusal_reasons IS NULL THEN 'VOIDED_BY_CALLER' ELSE 'CLAIM_REFUSED' END END,
    'currencyCode', s.currency_code, 'totalMinor', s.total_minor,
    'roundingMinor', nullif(s.rounding_minor, 0),
    'taxes', CASE WHEN s.is_taxed THEN nullif(sale_taxes(s), '[]') END,
    'lines', coalesce((
      SELECT jsonb_agg(jsonb_build_object(
        'lineId', l.id, 'stockItemId', l.stock_item_id, 'variantId', l.variant_id, 'sku', l.sku,
        'title', l.title, 'serialUnitId', l.serial_unit_id, 'serial', l.serial, 'tracking', l.tracking,
        'units', CASE WHEN l.quantity > 1 AND l.tracking = 'SERIAL' THEN sale_line_pieces(l) END,
        'locationId', l.location_id, 'quantity', l.quantity, 'unitPriceMinor', l.unit_price_minor,
        'discountMinor', nullif(l.discount_minor, 0), 'totalMinor', l.total_minor) ORDER BY l.position)
      FROM sale_line l WHERE l.tenant_id = s.tenant_id AND l.sale_id = s.id
       AND l.stock_item_id IS NOT NULL), '[]')));
END $$;
