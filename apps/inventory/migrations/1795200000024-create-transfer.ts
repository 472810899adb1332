import { migration, tenantTable } from '@onecount/db';

/**
 * Goods on their way between two locations. A draft holds them at the source; dispatched they are in no
 * level at all, so that nobody sells what sits in a van; the lines say how many are still on their way.
 */
export const CreateTransfer1795200000024 = migration(
  'CreateTransfer1795200000024',
  `
CREATE TABLE transfer (
  tenant_id        uuid NOT NULL,
  id               uuid NOT NULL DEFAULT uuidv7(),
  status           text NOT NULL DEFAULT 'DRAFT' CONSTRAINT transfer_status CHECK (status IN
                     ('DRAFT', 'DISPATCHED', 'PARTIALLY_RECEIVED', 'RECEIVED', 'CLOSED', 'CANCELLED')),
  from_location_id uuid NOT NULL,
  to_location_id   uuid NOT NULL,
  note             text CONSTRAINT transfer_note_length CHECK (length(note) <= 1000),
  created_by       text NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  dispatched_by    text,
  dispatched_at    timestamptz,
  ended_by         text,
  ended_at         timestamptz,
  CONSTRAINT transfer_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT transfer_from_fkey FOREIGN KEY (tenant_id, from_location_id) REFERENCES location (tenant_id, id),
  CONSTRAINT transfer_to_fkey FOREIGN KEY (tenant_id, to_location_id) REFERENCES location (tenant_id, id),
  CONSTRAINT transfer_two_places CHECK (from_location_id <> to_location_id),
  -- A draft that was cancelled never left; whatever else is no draft did.
  CONSTRAINT transfer_dispatched CHECK (CASE status WHEN 'DRAFT' THEN dispatched_at IS NULL
    WHEN 'CANCELLED' THEN true ELSE dispatched_at IS NOT NULL END),
  CONSTRAINT transfer_ended CHECK ((status IN ('RECEIVED', 'CLOSED', 'CANCELLED')) = (ended_at IS NOT NULL))
);
${tenantTable('transfer')}
CREATE INDEX transfer_by_status ON transfer (tenant_id, status, id);
CREATE INDEX transfer_by_source ON transfer (tenant_id, from_location_id, id);
CREATE INDEX transfer_by_destination ON transfer (tenant_id, to_location_id, id);

-- What is on its way is dispatched − received − returned − missing: it is in no level and in no other place.
CREATE TABLE transfer_line (
  tenant_id      uuid NOT NULL,
  id             uuid NOT NULL DEFAULT uuidv7(),
  transfer_id    uuid NOT NULL,
  stock_item_id  uuid NOT NULL,
  serial_unit_id uuid,
  quantity       integer NOT NULL CONSTRAINT transfer_line_quantity CHECK (quantity BETWEEN 1 AND 1000000),
  dispatched     integer NOT NULL DEFAULT 0,
  received       integer NOT NULL DEFAULT 0,
  returned       integer NOT NULL DEFAULT 0,
  missing        integer NOT NULL DEFAULT 0,
  CONSTRAINT transfer_line_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT transfer_line_transfer_fkey FOREIGN KEY (tenant_id, transfer_id) REFERENCES transfer (tenant_id, id),
  CONSTRAINT transfer_line_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT transfer_line_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit (tenant_id, id),
  CONSTRAINT transfer_line_unit_quantity CHECK (serial_unit_id IS NULL OR quantity = 1),
  CONSTRAINT transfer_line_dispatched CHECK (dispatched IN (0, quantity)),
  -- Nothing arrives, comes back and is missed more often than it left.
  CONSTRAINT transfer_line_balance CHECK (least(received, returned, missing) >= 0
    AND received + returned + missing <= dispatched)
);
${tenantTable('transfer_line')}
CREATE UNIQUE INDEX transfer_line_item_once ON transfer_line (tenant_id, transfer_id, stock_item_id) WHERE serial_unit_id IS NULL;
CREATE UNIQUE INDEX transfer_line_unit_once ON transfer_line (tenant_id, transfer_id, serial_unit_id) WHERE serial_unit_id IS NOT NULL;
CREATE INDEX transfer_line_page ON transfer_line (tenant_id, transfer_id, id);
CREATE INDEX transfer_line_in_transit ON transfer_line (tenant_id, stock_item_id) INCLUDE (dispatched, received, returned, missing)
  WHERE dispatched > received + returned + missing;

-- What did not arrive, as somebody declared it when the transfer was closed or cancelled.
CREATE TABLE transfer_difference (
  tenant_id        uuid NOT NULL,
  id               uuid NOT NULL DEFAULT uuidv7(),
  transfer_line_id uuid NOT NULL,
  outcome          text NOT NULL CONSTRAINT transfer_difference_outcome CHECK (outcome IN ('MISSING', 'RETURNED')),
  quantity         integer NOT NULL CONSTRAINT transfer_difference_quantity CHECK (quantity > 0),
  reason           text NOT NULL CONSTRAINT transfer_difference_reason CHECK (reason IN
                     ('LOSS', 'DAMAGE', 'COUNT_CORRECTION', 'CANCELLED', 'OTHER')),
  note             text,
  -- What the missing ones cost, and of how many of them that is known: they left at dispatch without a cost (ADR 0058).
  cost_minor       bigint CONSTRAINT transfer_difference_cost CHECK (cost_minor >= 0),
  cost_currency    text,
  cost_quantity    integer,
  actor            text NOT NULL,
  occurred_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT transfer_difference_cost_of CHECK (num_nulls(cost_minor, cost_currency, cost_quantity) IN (0, 3)),
  CONSTRAINT transfer_difference_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT transfer_difference_line_fkey FOREIGN KEY (tenant_id, transfer_line_id) REFERENCES transfer_line (tenant_id, id),
  CONSTRAINT transfer_difference_note CHECK (reason <> 'OTHER' OR length(note) > 0)
);
${tenantTable('transfer_difference', { appendOnly: true })}
CREATE INDEX transfer_difference_line ON transfer_difference (tenant_id, transfer_line_id, id);

-- Missing goods leave the books of cost here, because no movement tells of them. Whoever writes differences of
-- several items locks their costs first (cost_lock).
CREATE FUNCTION transfer_difference_cost() RETURNS trigger LANGUAGE plpgsql AS $fn$
DECLARE
  n transfer_line; v record;
BEGIN
  NEW.cost_minor := NULL; NEW.cost_currency := NULL; NEW.cost_quantity := NULL;
  IF NEW.outcome <> 'MISSING' THEN RETURN NEW; END IF;
  SELECT * INTO STRICT n FROM transfer_line x WHERE x.tenant_id = NEW.tenant_id AND x.id = NEW.transfer_line_id;
  IF n.serial_unit_id IS NULL THEN
    SELECT * INTO v FROM cost_issue(NEW.tenant_id, n.stock_item_id, NEW.quantity);
  ELSE
    SELECT u.cost_minor, u.cost_currency, CASE WHEN u.cost_minor IS NOT NULL THEN 1 END AS cost_quantity INTO v
    FROM serial_unit u WHERE u.tenant_id = NEW.tenant_id AND u.id = n.serial_unit_id;
  END IF;
  NEW.cost_minor := v.cost_minor; NEW.cost_currency := v.cost_currency; NEW.cost_quantity := v.cost_quantity;
  RETURN NEW;
END $fn$;
CREATE TRIGGER transfer_difference_cost BEFORE INSERT ON transfer_difference FOR EACH ROW EXECUTE FUNCTION transfer_difference_cost();

-- Holds what a draft names, at its source. The caller has locked the levels and the units and has decided
-- that all of it is there. A line that grows gets a further part: the hold it had stays as it was.
CREATE FUNCTION transfer_hold(p_tenant uuid, p_transfer uuid, p_location uuid, p_lines uuid[], p_items uuid[], p_units uuid[],
  p_quantities integer[], p_subject text) RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
  v_now timestamptz := clock_timestamp();
  r record;
BEGIN
  FOR r IN SELECT * FROM unnest(p_lines, p_items, p_units, p_quantities) AS x (line, item, unit, quantity) LOOP
    INSERT INTO hold (tenant_id, kind, stock_item_id, location_id, quantity, serial_unit_id, purpose, subject,
      reference_kind, reference_id, line_id, part, created_at)
    VALUES (p_tenant, 'HARD', r.item, p_location, r.quantity, r.unit, 'TRANSFER', p_subject,
      'TRANSFER', p_transfer::text, r.line::text, coalesce((
        SELECT max(h.part) + 1 FROM hold h
        WHERE h.tenant_id = p_tenant AND h.reference_kind = 'TRANSFER' AND h.reference_id = p_transfer::text
          AND h.line_id = r.line::text AND h.status IN ('LIVE', 'SOLD')), 0), v_now);
  END LOOP;
  FOR r IN SELECT x.item, sum(x.quantity)::integer AS quantity FROM unnest(p_items, p_quantities) AS x (item, quantity) GROUP BY 1 LOOP
    PERFORM level_change(p_tenant, r.item, p_location, 0, r.quantity, v_now);
  END LOOP;
  WITH taken AS (
    UPDATE serial_unit u SET status = 'HELD', version = u.version + 1
    WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units) RETURNING u.id)
  INSERT INTO unit_dirty SELECT p_tenant, id FROM taken ON CONFLICT DO NOTHING;
END $fn$;

-- Lets go what a draft (or one line of it) holds; the caller has locked the levels. Answers how many holds.
CREATE FUNCTION transfer_let_go(p_tenant uuid, p_transfer uuid, p_line uuid) RETURNS integer LANGUAGE sql AS $fn$
  SELECT hold_let_go(p_tenant, ARRAY(
    SELECT h.id FROM hold h
    WHERE h.tenant_id = p_tenant AND h.reference_kind = 'TRANSFER' AND h.reference_id = p_transfer::text
      AND (p_line IS NULL OR h.line_id = p_line::text) AND h.status = 'LIVE'), NULL, clock_timestamp())
$fn$;

${[
  'transfer_hold(uuid, uuid, uuid, uuid[], uuid[], uuid[], integer[], text)',
  'transfer_let_go(uuid, uuid, uuid)',
]
  .map(
    (name) => `ALTER FUNCTION ${name} SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION ${name} SET enable_seqscan = off;`,
  )
  .join('\n')}
`,
);
