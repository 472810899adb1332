import { migration, tenantTable } from '@onecount/db';

/**
 * What goods cost when they left (ADR 0058). Every movement is given its cost as it is written, whoever
 * writes it. Both methods are kept in parallel, so that a tenant may switch: item_cost is the pool of the
 * weighted average, cost_layer the receipts in their order for FIFO; the units in both are the same.
 */
export const CreateCost1795200000021 = migration(
  'CreateCost1795200000021',
  `
-- A partly known issue shows how much of it is known.
ALTER TABLE movement
  ADD COLUMN cost_quantity integer CONSTRAINT movement_cost_quantity CHECK (cost_quantity BETWEEN 1 AND abs(quantity)),
  ADD CONSTRAINT movement_cost_of CHECK ((cost_minor IS NULL) = (cost_quantity IS NULL));

-- One row for each item that ever had a cost. The maximum is what JSON numbers and sums of such amounts bear.
CREATE TABLE item_cost (
  tenant_id     uuid NOT NULL,
  stock_item_id uuid NOT NULL,
  currency      text NOT NULL,
  -- Units of known cost that are in stock; never more than there are.
  quantity      bigint NOT NULL DEFAULT 0 CONSTRAINT item_cost_quantity CHECK (quantity >= 0),
  average_minor bigint NOT NULL DEFAULT 0 CONSTRAINT item_cost_max CHECK (average_minor BETWEEN 0 AND 999999999999999),
  CONSTRAINT item_cost_pkey PRIMARY KEY (tenant_id, stock_item_id),
  CONSTRAINT item_cost_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT item_cost_empty CHECK (quantity > 0 OR average_minor = 0)
) WITH (fillfactor = 50);
${tenantTable('item_cost')}

-- quantity = what has left + sold_ahead + remaining, and the same of the amounts: sold_ahead went to sales
-- made before the goods were there, whose movements were written without a cost.
-- closed_at, and not remaining = 0, is the index's condition: a change of remaining then stays on its page.
CREATE TABLE cost_layer (
  tenant_id        uuid NOT NULL,
  stock_item_id    uuid NOT NULL,
  position         bigint GENERATED ALWAYS AS IDENTITY,
  -- No foreign key: the layer is written while its movement is. Null for units put back into the pool.
  movement_id      uuid,
  received_at      timestamptz NOT NULL,
  currency         text NOT NULL,
  quantity         integer NOT NULL CONSTRAINT cost_layer_quantity CHECK (quantity > 0),
  cost_minor       bigint NOT NULL CONSTRAINT cost_layer_cost CHECK (cost_minor >= 0),
  sold_ahead       integer NOT NULL CONSTRAINT cost_layer_sold_ahead CHECK (sold_ahead BETWEEN 0 AND quantity),
  sold_ahead_minor bigint NOT NULL CONSTRAINT cost_layer_sold_ahead_minor CHECK (sold_ahead_minor BETWEEN 0 AND cost_minor),
  remaining        integer NOT NULL CONSTRAINT cost_layer_remaining CHECK (remaining BETWEEN 0 AND quantity - sold_ahead),
  remaining_minor  bigint NOT NULL CONSTRAINT cost_layer_remaining_minor CHECK (remaining_minor BETWEEN 0 AND cost_minor - sold_ahead_minor),
  closed_at        timestamptz,
  CONSTRAINT cost_layer_pkey PRIMARY KEY (tenant_id, stock_item_id, position),
  CONSTRAINT cost_layer_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT cost_layer_closed CHECK ((closed_at IS NULL) = (remaining > 0)),
  CONSTRAINT cost_layer_empty CHECK (remaining > 0 OR remaining_minor = 0)
) WITH (fillfactor = 70);
${tenantTable('cost_layer')}
CREATE INDEX cost_layer_open ON cost_layer (tenant_id, stock_item_id, position) WHERE closed_at IS NULL;

-- What the units in stock cost, each its own.
CREATE INDEX serial_unit_cost_in_stock ON serial_unit (tenant_id, stock_item_id) INCLUDE (cost_minor, cost_currency)
  WHERE cost_minor IS NOT NULL AND status NOT IN ('SOLD', 'LOST', 'SCRAPPED');

-- p_part of p_whole units that cost p_minor together, half a minor unit up; the whole of them costs exactly p_minor.
CREATE FUNCTION cost_share(p_minor bigint, p_part bigint, p_whole bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $fn$
  SELECT CASE WHEN p_whole = 0 THEN 0 ELSE div(p_minor::numeric * p_part * 2 + p_whole, p_whole::numeric * 2)::bigint END
$fn$;

CREATE FUNCTION costing_method(p_tenant uuid) RETURNS text LANGUAGE sql STABLE AS $fn$
  SELECT coalesce((SELECT s.costing_method FROM inventory_setting s WHERE s.tenant_id = p_tenant), 'WEIGHTED_AVERAGE')
$fn$;

-- What the units of known cost in an item's pool cost together, by the tenant's method.
CREATE FUNCTION cost_value(c item_cost) RETURNS bigint LANGUAGE sql STABLE AS $fn$
  SELECT CASE costing_method(c.tenant_id) WHEN 'FIFO' THEN (
    SELECT coalesce(sum(l.remaining_minor), 0)::bigint FROM cost_layer l
    WHERE l.tenant_id = c.tenant_id AND l.stock_item_id = c.stock_item_id AND l.closed_at IS NULL)
  ELSE c.average_minor END
$fn$;

-- Locks the costs of items in their order. Movements of several items may be written in any order after it.
CREATE FUNCTION cost_lock(p_tenant uuid, p_items uuid[]) RETURNS void LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM FROM item_cost c WHERE c.tenant_id = p_tenant AND c.stock_item_id = ANY (p_items)
  ORDER BY c.stock_item_id FOR NO KEY UPDATE;
END $fn$;

-- Takes units out of both books; answers what they cost by the tenant's method. Units of known cost leave
-- first: nobody can say which of the interchangeable ones it was, and what is known is then said. The row is
-- written even when nothing is known: its lock puts this issue before or after a receipt that is under way.
CREATE FUNCTION cost_issue(p_tenant uuid, p_item uuid, p_quantity integer,
  OUT cost_minor bigint, OUT cost_currency text, OUT cost_quantity integer)
LANGUAGE plpgsql AS $fn$
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

-- Locks (and makes) an item's cost; false if it is kept in another currency. An item without a known cost in
-- stock may change its currency.
CREATE FUNCTION cost_currency_fits(p_tenant uuid, p_item uuid, p_currency text) RETURNS boolean LANGUAGE plpgsql AS $fn$
DECLARE
  c item_cost;
BEGIN
  INSERT INTO item_cost (tenant_id, stock_item_id, currency) VALUES (p_tenant, p_item, p_currency) ON CONFLICT DO NOTHING;
  SELECT * INTO STRICT c FROM item_cost x WHERE x.tenant_id = p_tenant AND x.stock_item_id = p_item FOR NO KEY UPDATE;
  IF c.currency = p_currency THEN RETURN true; END IF;
  IF c.quantity > 0 OR EXISTS (
    SELECT FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.stock_item_id = p_item AND u.cost_minor IS NOT NULL
      AND u.status NOT IN ('SOLD', 'LOST', 'SCRAPPED') AND u.cost_currency <> p_currency) THEN RETURN false; END IF;
  UPDATE item_cost x SET currency = p_currency WHERE x.tenant_id = p_tenant AND x.stock_item_id = p_item;
  RETURN true;
END $fn$;

-- Adds units of known cost to both books; the caller has found their currency to fit.
CREATE FUNCTION cost_receive(p_tenant uuid, p_item uuid, p_movement uuid, p_at timestamptz, p_quantity integer, p_sold_ahead integer,
  p_minor bigint, p_currency text) RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
  v_ahead_minor bigint := cost_share(p_minor, p_sold_ahead, p_quantity);
BEGIN
  UPDATE item_cost c SET quantity = c.quantity + p_quantity - p_sold_ahead, average_minor = c.average_minor + p_minor - v_ahead_minor
  WHERE c.tenant_id = p_tenant AND c.stock_item_id = p_item;
  INSERT INTO cost_layer (tenant_id, stock_item_id, movement_id, received_at, currency, quantity, cost_minor, sold_ahead, sold_ahead_minor,
    remaining, remaining_minor, closed_at)
  VALUES (p_tenant, p_item, p_movement, p_at, p_currency, p_quantity, p_minor, p_sold_ahead, v_ahead_minor,
    p_quantity - p_sold_ahead, p_minor - v_ahead_minor, CASE WHEN p_quantity = p_sold_ahead THEN clock_timestamp() END);
END $fn$;

-- How many units more were sold than there are, over all locations, p_here of them at p_location. By the
-- ledger and not by the levels: some writers change the level before its movements are written, some after.
CREATE FUNCTION cost_sold_ahead(p_tenant uuid, p_item uuid, p_location uuid, p_here integer) RETURNS bigint LANGUAGE sql AS $fn$
  SELECT greatest(0, -p_here - coalesce(sum(m.resulting_on_hand), 0))
  FROM level l CROSS JOIN LATERAL (
    SELECT x.resulting_on_hand FROM movement x
    WHERE x.tenant_id = p_tenant AND x.stock_item_id = p_item AND x.location_id = l.location_id
    ORDER BY x.level_version DESC, x.position DESC LIMIT 1) m
  WHERE l.tenant_id = p_tenant AND l.stock_item_id = p_item AND l.location_id <> p_location
$fn$;

-- Goods that come in: at the price on the document; else, for a return, at what the sale's units cost; else at
-- the average of those in stock. A delivery without a price stays unknown: an average would make one up.
CREATE FUNCTION cost_of_receipt(m movement, OUT cost_minor bigint, OUT cost_currency text, OUT cost_quantity integer)
LANGUAGE plpgsql AS $fn$
DECLARE
  c item_cost;
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
    SELECT cost_share(sum(s.cost_minor)::bigint, least(m.quantity, sum(s.cost_quantity)), sum(s.cost_quantity)), min(s.cost_currency),
      least(m.quantity, sum(s.cost_quantity))
    INTO cost_minor, cost_currency, cost_quantity
    FROM (
      SELECT x.cost_minor, x.cost_currency, x.cost_quantity FROM movement x
      WHERE x.tenant_id = m.tenant_id AND x.reference_kind = 'SALE' AND x.reference_id = m.reference_id AND x.reason = 'SALE'
        AND x.stock_item_id = m.stock_item_id AND x.cost_minor IS NOT NULL
      UNION ALL
      -- What the sale took instead of what was written down.
      SELECT x.cost_minor, x.cost_currency, x.cost_quantity FROM movement x
      WHERE x.tenant_id = m.tenant_id AND x.reference_kind = 'SALE' AND x.reference_id = m.reference_id AND x.reason = 'SALE_CORRECTION'
        AND x.stock_item_id = m.stock_item_id AND x.quantity < 0 AND x.cost_minor IS NOT NULL) s;
    IF cost_minor IS NOT NULL AND NOT cost_currency_fits(m.tenant_id, m.stock_item_id, cost_currency) THEN cost_minor := NULL; END IF;
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

-- The one writer of a movement's cost. A transfer costs nothing: the goods are in stock before and after it.
-- A unit has its own cost and is in no pool. Never insert a movement with ON CONFLICT: the cost of a row that is then
-- left out would be gone from the books.
CREATE FUNCTION movement_cost() RETURNS trigger LANGUAGE plpgsql AS $fn$
DECLARE
  v record;
BEGIN
  NEW.cost_minor := NULL; NEW.cost_currency := NULL; NEW.cost_quantity := NULL;
  IF NEW.reason = 'TRANSFER' THEN RETURN NEW; END IF;
  IF NEW.serial_unit_id IS NOT NULL THEN
    SELECT u.cost_minor, u.cost_currency, 1 AS cost_quantity INTO v FROM serial_unit u
    WHERE u.tenant_id = NEW.tenant_id AND u.id = NEW.serial_unit_id AND u.cost_minor IS NOT NULL;
    IF NOT FOUND THEN RETURN NEW; END IF;
    IF NEW.quantity > 0 AND NEW.reason IN ('OPENING', 'RECEIPT')
       AND NOT cost_currency_fits(NEW.tenant_id, NEW.stock_item_id, v.cost_currency) THEN
      RAISE EXCEPTION 'a cost in another currency than that of what is in stock'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'item_cost_currency';
    END IF;
  ELSIF NEW.quantity < 0 THEN
    SELECT * INTO v FROM cost_issue(NEW.tenant_id, NEW.stock_item_id, -NEW.quantity);
  ELSE
    SELECT * INTO v FROM cost_of_receipt(NEW);
  END IF;
  NEW.cost_minor := v.cost_minor; NEW.cost_currency := v.cost_currency; NEW.cost_quantity := v.cost_quantity;
  RETURN NEW;
END $fn$;
-- As for the other hot functions (ADR 0050); what it calls runs under the same settings.
ALTER FUNCTION movement_cost() SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION movement_cost() SET enable_seqscan = off;
CREATE TRIGGER movement_cost BEFORE INSERT ON movement FOR EACH ROW EXECUTE FUNCTION movement_cost();

-- Units on hand that are given serials take their cost with them, in equal parts; a unit that has a cost keeps it.
CREATE FUNCTION cost_to_units(p_tenant uuid, p_item uuid, p_units uuid[]) RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
  v_units uuid[]; v record;
BEGIN
  v_units := ARRAY(SELECT u.id FROM serial_unit u
    WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units) AND u.stock_item_id = p_item AND u.cost_minor IS NULL ORDER BY u.id);
  SELECT * INTO v FROM cost_issue(p_tenant, p_item, cardinality(v_units));
  UPDATE serial_unit u SET cost_currency = v.cost_currency,
    cost_minor = cost_share(v.cost_minor, n.ord, v.cost_quantity) - cost_share(v.cost_minor, n.ord - 1, v.cost_quantity)
  FROM unnest(v_units) WITH ORDINALITY AS n (id, ord)
  WHERE u.tenant_id = p_tenant AND u.id = n.id AND n.ord <= v.cost_quantity;
END $fn$;

-- The way back: units that become a quantity bring what they cost.
CREATE FUNCTION cost_from_units(p_tenant uuid, p_item uuid, p_units uuid[]) RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
  r record;
BEGIN
  FOR r IN
    SELECT u.cost_currency AS currency, count(*)::integer AS quantity, sum(u.cost_minor)::bigint AS minor FROM serial_unit u
    WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units) AND u.stock_item_id = p_item AND u.cost_minor IS NOT NULL GROUP BY 1
  LOOP
    IF cost_currency_fits(p_tenant, p_item, r.currency) THEN
      PERFORM cost_receive(p_tenant, p_item, NULL, clock_timestamp(), r.quantity, 0, r.minor, r.currency);
    END IF;
  END LOOP;
END $fn$;

-- What is in stock and what it cost, of items that have a known cost: the pool's units and the serialised ones.
CREATE FUNCTION item_costs(p_tenant uuid, p_items uuid[])
RETURNS TABLE (stock_item_id uuid, currency text, quantity bigint, value_minor bigint) LANGUAGE sql STABLE AS $fn$
  SELECT c.stock_item_id, c.currency, c.quantity + u.quantity, cost_value(c) + u.minor
  FROM item_cost c CROSS JOIN LATERAL (
    SELECT count(*) AS quantity, coalesce(sum(x.cost_minor), 0)::bigint AS minor FROM serial_unit x
    WHERE x.tenant_id = p_tenant AND x.stock_item_id = c.stock_item_id AND x.cost_minor IS NOT NULL
      AND x.status NOT IN ('SOLD', 'LOST', 'SCRAPPED') AND x.cost_currency = c.currency) u
  WHERE c.tenant_id = p_tenant AND c.stock_item_id = ANY (p_items) AND c.quantity + u.quantity > 0
$fn$;

CREATE OR REPLACE FUNCTION movement_publish(p_tenant uuid, p_ids uuid[], p_traceparent text) RETURNS void LANGUAGE sql AS $fn$
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data, traceparent)
  SELECT p_tenant, 'inventory.movement-recorded', m.stock_item_id, m.position,
    json_strip_nulls(json_build_object('movementId', m.id, 'stockItemId', m.stock_item_id, 'variantId', i.variant_id, 'sku', i.sku,
      'locationId', m.location_id, 'locationCode', c.code, 'serialUnitId', m.serial_unit_id, 'quantity', m.quantity,
      'reason', m.reason, 'referenceKind', m.reference_kind, 'referenceId', m.reference_id,
      'cost', CASE WHEN m.cost_minor IS NOT NULL THEN json_build_object('amountMinor', m.cost_minor, 'currencyCode', m.cost_currency) END,
      'costQuantity', m.cost_quantity,
      'resultingOnHand', m.resulting_on_hand, 'occurredAt', instant(m.occurred_at), 'actor', m.actor)), p_traceparent
  FROM movement m
  CROSS JOIN LATERAL (SELECT * FROM stock_item x WHERE x.tenant_id = m.tenant_id AND x.id = m.stock_item_id OFFSET 0) i
  CROSS JOIN LATERAL (SELECT * FROM location x WHERE x.tenant_id = m.tenant_id AND x.id = m.location_id OFFSET 0) c
  WHERE m.tenant_id = p_tenant AND m.id = ANY (p_ids)
  ORDER BY m.position
$fn$;
`,
);
