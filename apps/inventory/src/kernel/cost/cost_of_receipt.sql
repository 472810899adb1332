-- Goods that come in: at the price on the document; else, for a return, at what the sale's units cost; else at
-- the average of those in stock. A delivery without a price stays unknown: an average would make one up.
CREATE OR REPLACE FUNCTION cost_of_receipt(m movement, OUT cost_minor bigint, OUT cost_currency text, OUT cost_quantity integer) LANGUAGE plpgsql AS $fn$
DECLARE
  c item_cost; r record;
BEGIN
  IF m.unit_cost_minor IS NOT NULL THEN
    IF m.unit_cost_minor::numeric * m.quantity > 999999999999999 THEN
      RAISE EXCEPTION 'a cost beyond what is kept' USING ERRCODE = 'check_violation', CONSTRAINT = 'item_cost_max';
    END IF;
    IF NOT cost_currency_fits(m.tenant_id, m.stock_item_id, m.unit_cost_currency) THEN
      RAISE EXCEPTION 'a cost in another currency than that of what is in stock'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'item_cost_currency';
    END IF;
    cost_minor := m.unit_cost_minor * m.quantity; cost_currency := m.unit_cost_currency; cost_quantity := m.quantity;
  END IF;
  SELECT * INTO c FROM item_cost x WHERE x.tenant_id = m.tenant_id AND x.stock_item_id = m.stock_item_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;

  IF cost_minor IS NULL AND m.reason IN ('RETURN', 'SALE_CORRECTION') AND m.reference_kind = 'SALE' THEN
    SELECT sum(s.minor) FILTER (WHERE s.went) AS minor, sum(s.quantity) FILTER (WHERE s.went) AS quantity,
      coalesce(sum(s.minor) FILTER (WHERE NOT s.went), 0) AS back_minor,
      coalesce(sum(s.quantity) FILTER (WHERE NOT s.went), 0) AS back, min(s.currency) AS currency
    INTO r FROM (
      SELECT true AS went, x.cost_minor AS minor, x.cost_quantity AS quantity, x.cost_currency AS currency FROM movement x
      WHERE x.tenant_id = m.tenant_id AND x.reference_kind = 'SALE' AND x.reference_id = m.reference_id AND x.reason = 'SALE'
        AND x.stock_item_id = m.stock_item_id AND x.cost_minor IS NOT NULL
      UNION ALL
      -- What the sale took instead of what was written down, and what came back of either.
      SELECT x.quantity < 0, x.cost_minor, x.cost_quantity, x.cost_currency FROM movement x
      WHERE x.tenant_id = m.tenant_id AND x.reference_kind = 'SALE' AND x.reference_id = m.reference_id
        AND x.reason IN ('SALE_CORRECTION', 'RETURN') AND x.stock_item_id = m.stock_item_id AND x.cost_minor IS NOT NULL) s;
    -- What of it came back before brought its cost along; of what is beyond that, nothing is known.
    IF r.quantity <= r.back THEN RETURN; END IF;
    IF r.quantity > 0 AND cost_currency_fits(m.tenant_id, m.stock_item_id, r.currency) THEN
      cost_quantity := least(m.quantity, r.quantity - r.back); cost_currency := r.currency;
      cost_minor := cost_share(greatest(r.minor - r.back_minor, 0)::bigint, cost_quantity, r.quantity - r.back);
    END IF;
  END IF;
  IF cost_minor IS NULL AND m.reason NOT IN ('OPENING', 'RECEIPT') AND c.quantity > 0 THEN
    cost_minor := cost_share(cost_value(c), m.quantity, c.quantity); cost_currency := c.currency; cost_quantity := m.quantity;
  END IF;
  -- What was not asked for must not fail a count: beyond the maximum it stays unknown.
  IF m.unit_cost_minor IS NULL AND cost_minor > 999999999999999 - c.average_minor THEN cost_minor := NULL; END IF;
  IF cost_minor IS NULL THEN cost_currency := NULL; cost_quantity := NULL; RETURN; END IF;
  PERFORM cost_receive(m.tenant_id, m.stock_item_id, m.id, m.occurred_at, cost_quantity,
    -- Where units of known cost are in stock, none was sold ahead.
    CASE WHEN c.quantity > 0 THEN 0 ELSE least(cost_quantity,
      cost_sold_ahead(m.tenant_id, m.stock_item_id, m.location_id, m.resulting_on_hand - m.quantity))::integer END,
    cost_minor, cost_currency);
END $fn$;
