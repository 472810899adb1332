import { migration, tenantTable } from '@onecount/db';

/** What a supplier announced and what came of it. The count itself is in the movements that refer to it. */
export const CreateStockReceipt1795200000022 = migration(
  'CreateStockReceipt1795200000022',
  `
CREATE TABLE stock_receipt (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL DEFAULT uuidv7(),
  status          text NOT NULL CONSTRAINT stock_receipt_status CHECK (status IN
                    ('EXPECTED', 'PARTIAL', 'RECEIVED', 'CLOSED', 'CANCELLED')),
  supplier        text NOT NULL CONSTRAINT stock_receipt_supplier_length CHECK (length(supplier) BETWEEN 1 AND 255),
  document_number text CONSTRAINT stock_receipt_number_length CHECK (length(document_number) BETWEEN 1 AND 255),
  location_id     uuid NOT NULL,
  note            text CONSTRAINT stock_receipt_note_length CHECK (length(note) <= 1000),
  created_by      text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  closed_by       text,
  closed_at       timestamptz,
  CONSTRAINT stock_receipt_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT stock_receipt_location_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES location (tenant_id, id),
  CONSTRAINT stock_receipt_closed CHECK ((status IN ('CLOSED', 'CANCELLED')) = (closed_at IS NOT NULL))
);
${tenantTable('stock_receipt')}
-- The same delivery note is not booked twice; one that was cancelled may be entered again. Names are typed by
-- hand, so case does not make another supplier.
CREATE UNIQUE INDEX stock_receipt_document ON stock_receipt (tenant_id, lower(supplier), lower(document_number))
  WHERE document_number IS NOT NULL AND status <> 'CANCELLED';
CREATE INDEX stock_receipt_by_status ON stock_receipt (tenant_id, status, id);
CREATE INDEX stock_receipt_by_location ON stock_receipt (tenant_id, location_id, id);

CREATE TABLE stock_receipt_line (
  tenant_id          uuid NOT NULL,
  stock_receipt_id   uuid NOT NULL,
  line               integer NOT NULL,
  stock_item_id      uuid NOT NULL,
  expected           integer NOT NULL CONSTRAINT stock_receipt_line_expected CHECK (expected > 0),
  received           integer NOT NULL DEFAULT 0 CONSTRAINT stock_receipt_line_received CHECK (received >= 0),
  unit_cost_minor    bigint CONSTRAINT stock_receipt_line_cost CHECK (unit_cost_minor >= 0),
  unit_cost_currency text,
  CONSTRAINT stock_receipt_line_pkey PRIMARY KEY (tenant_id, stock_receipt_id, line),
  CONSTRAINT stock_receipt_line_item_once UNIQUE (tenant_id, stock_receipt_id, stock_item_id),
  CONSTRAINT stock_receipt_line_receipt_fkey FOREIGN KEY (tenant_id, stock_receipt_id) REFERENCES stock_receipt (tenant_id, id),
  CONSTRAINT stock_receipt_line_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id),
  CONSTRAINT stock_receipt_line_cost_currency CHECK ((unit_cost_minor IS NULL) = (unit_cost_currency IS NULL))
);
${tenantTable('stock_receipt_line')}
CREATE INDEX stock_receipt_line_item ON stock_receipt_line (tenant_id, stock_item_id);
`,
);
