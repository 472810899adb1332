-- The units that somebody names for an item at a location, in their order: each {serial} or {serialUnitId}. Answers the
-- ids, or the first that cannot be had; p_own may name its own unit. The caller has locked the level.
CREATE OR REPLACE FUNCTION unit_find_free(
  p_tenant uuid,
  p_item uuid,
  p_location uuid,
  p_named jsonb,
  p_own uuid,
  OUT ids uuid[],
  OUT refused jsonb
) LANGUAGE plpgsql AS $fn$
DECLARE
  u serial_unit; r record;
BEGIN
  ids := '{}';
  FOR r IN SELECT q.* FROM ROWS FROM (jsonb_to_recordset(p_named) AS (serial text, "serialUnitId" uuid)) WITH ORDINALITY AS q (serial, unit, ord) ORDER BY q.ord LOOP
    u := NULL;
    IF r.unit IS NOT NULL THEN
      SELECT * INTO u FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.id = r.unit AND x.stock_item_id = p_item FOR NO KEY UPDATE;
    ELSE
      -- A serial value first, the stock number for pieces that carry no serial: as for a hold.
      SELECT * INTO u FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.stock_item_id = p_item AND x.serial = r.serial FOR NO KEY UPDATE;
      IF u.id IS NULL THEN
        SELECT * INTO u FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.stock_number_key = identifier_key(r.serial) AND x.stock_item_id = p_item FOR NO KEY UPDATE;
      END IF;
    END IF;
    IF u.id IS NULL THEN
      refused := jsonb_build_object('outcome', 'NO_SUCH_UNIT', 'name', coalesce(r.serial, r.unit::text));
    ELSIF u.id = ANY (ids) THEN
      refused := jsonb_build_object('outcome', 'NAMED_TWICE', 'name', coalesce(r.serial, r.unit::text), 'index', r.ord - 1);
    ELSIF (u.status <> 'AVAILABLE' AND u.id IS DISTINCT FROM p_own) OR u.location_id <> p_location THEN
      SELECT jsonb_build_object('outcome', CASE WHEN u.status <> 'AVAILABLE' THEN 'UNIT_TAKEN' ELSE 'UNIT_ELSEWHERE' END,
        'serialUnitId', u.id, 'serial', u.serial, 'stockNumber', u.stock_number, 'unitStatus', u.status,
        'heldBy', CASE WHEN h.reference_kind = 'SALE' THEN 'SALE' ELSE h.purpose END, 'heldUntil', h.expires_at,
        'locationCode', (SELECT c.code FROM location c WHERE c.tenant_id = p_tenant AND c.id = u.location_id))
      INTO refused FROM (VALUES (1)) one
      LEFT JOIN hold h ON h.tenant_id = p_tenant AND h.serial_unit_id = u.id AND h.status IN ('LIVE', 'SOLD');
    END IF;
    IF refused IS NOT NULL THEN RETURN; END IF;
    ids := ids || u.id;
  END LOOP;
END $fn$;
