-- Takes units out of both books; answers what they cost by the tenant's method. Units of known cost leave
-- first: nobody can say which of the interchangeable ones it was, and what is known is then said. The row is
-- written even when nothing is known: its lock puts this issue before or after a receipt that is under way.
CREATE OR REPLACE FUNCTION cost_issue(
  p_tenant uuid,
  p_item uuid,
  p_quantity integer,
  OUT cost_minor bigint,
  OUT cost_currency text,
  OUT cost_quantity integer
) LANGUAGE plpgsql AS $fn$
DECLARE
  r record; l record;
  v_rest bigint; v_fifo bigint := 0;
BEGIN
  UPDATE item_cost c SET quantity = c.quantity - least(c.quantity, p_quantity),
    average_minor = c.average_minor - cost_share(c.average_minor, least(c.quantity, p_quantity), c.quantity)
  WHERE c.tenant_id = p_tenant AND c.stock_item_id = p_item
  RETURNING WITH (OLD AS o, NEW AS n) n.currency, o.quantity - n.quantity AS known, o.average_minor - n.average_minor AS average INTO r;
  IF NOT FOUND OR r.known = 0 THEN RETURN; END IF;

  v_rest := r.known;
  WHILE v_rest > 0 LOOP
    UPDATE cost_layer x SET remaining = x.remaining - least(x.remaining, v_rest),
      remaining_minor = x.remaining_minor - cost_share(x.remaining_minor, least(x.remaining, v_rest), x.remaining),
      closed_at = CASE WHEN x.remaining <= v_rest THEN clock_timestamp() END
    WHERE x.tenant_id = p_tenant AND x.stock_item_id = p_item AND x.position = (
      SELECT f.position FROM cost_layer f WHERE f.tenant_id = p_tenant AND f.stock_item_id = p_item AND f.closed_at IS NULL
      ORDER BY f.position LIMIT 1)
    RETURNING WITH (OLD AS o, NEW AS n) o.remaining - n.remaining AS units, o.remaining_minor - n.remaining_minor AS minor INTO l;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the cost layers of item % hold % units fewer than its pool', p_item, v_rest;
    END IF;
    v_rest := v_rest - l.units;
    v_fifo := v_fifo + l.minor;
  END LOOP;
  cost_minor := CASE WHEN v_fifo <> r.average AND costing_method(p_tenant) = 'FIFO' THEN v_fifo ELSE r.average END;
  cost_currency := r.currency;
  cost_quantity := r.known;
END $fn$;
