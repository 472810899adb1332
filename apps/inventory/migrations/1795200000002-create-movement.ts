import { migration, tenantTable } from '@onecount/db';

/** The ledger. A correction is a new row; the database refuses every change of an old one. */
export const CreateMovement1795200000002 = migration(
  'CreateMovement1795200000002',
  `
CREATE TABLE movement (
  tenant_id           uuid NOT NULL,
  id                  uuid NOT NULL DEFAULT uuidv7(),
  -- Drawn under the level's lock: rises in the order of each level's changes. Cursor and event sequence.
  position            bigint GENERATED ALWAYS AS IDENTITY,
  stock_item_id       uuid NOT NULL,
  location_id         uuid NOT NULL,
  serial_unit_id      uuid,
  quantity            integer NOT NULL CONSTRAINT movement_quantity CHECK (quantity <> 0),
  reason              text NOT NULL CONSTRAINT movement_reason CHECK (reason IN
                        ('OPENING', 'RECEIPT', 'SALE', 'COUNT_CORRECTION', 'DAMAGE', 'LOSS', 'RETURN', 'FOUND',
                         'REPAIR_CONSUMPTION', 'TRANSFER', 'OTHER')),
  reference_kind      text,
  reference_id        text,
  line_id             text,
  note                text,
  actor               text NOT NULL,
  unit_cost_minor     bigint CONSTRAINT movement_unit_cost CHECK (unit_cost_minor >= 0),
  unit_cost_currency  text,
  resulting_on_hand   integer NOT NULL,
  -- Version of the level after this change: the exact order of the ledger of one level, free of clocks.
  level_version       bigint NOT NULL,
  occurred_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT movement_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT movement_level_fkey FOREIGN KEY (tenant_id, stock_item_id, location_id)
    REFERENCES level (tenant_id, stock_item_id, location_id),
  CONSTRAINT movement_unit_fkey FOREIGN KEY (tenant_id, serial_unit_id) REFERENCES serial_unit (tenant_id, id),
  CONSTRAINT movement_unit_quantity CHECK (serial_unit_id IS NULL OR quantity IN (1, -1)),
  CONSTRAINT movement_other_note CHECK (reason <> 'OTHER' OR length(note) > 0),
  CONSTRAINT movement_cost_currency CHECK ((unit_cost_minor IS NULL) = (unit_cost_currency IS NULL))
);
${tenantTable('movement', { appendOnly: true })}
-- A sale takes a line from a level once, whatever is delivered how often: this holds even where the
-- inbox does not reach (a restored database, a replayed topic).
CREATE UNIQUE INDEX movement_sale_once ON movement
  (tenant_id, reference_kind, reference_id, line_id, stock_item_id, location_id, serial_unit_id)
  NULLS NOT DISTINCT WHERE reason = 'SALE';
CREATE INDEX movement_item ON movement (tenant_id, stock_item_id, position);
CREATE INDEX movement_level ON movement (tenant_id, stock_item_id, location_id, level_version);
CREATE INDEX movement_unit ON movement (tenant_id, serial_unit_id, position) WHERE serial_unit_id IS NOT NULL;
`,
);
