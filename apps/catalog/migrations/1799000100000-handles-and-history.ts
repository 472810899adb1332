import { migration, tenantTable } from '@onecount/db';

/** An old address of a product leads to it; who changed what, and when; products whose copies have to be told anew. */
export const HandlesAndHistory1799000100000 = migration(
  'HandlesAndHistory1799000100000',
  `
CREATE TABLE product_former_handle (
  tenant_id uuid NOT NULL,
  handle text NOT NULL,
  product_id uuid NOT NULL,
  left_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT product_former_handle_pkey PRIMARY KEY (tenant_id, handle),
  CONSTRAINT product_former_handle_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id)
);
CREATE INDEX product_former_handle_by_product ON product_former_handle (tenant_id, product_id);
${tenantTable('product_former_handle')}

CREATE TABLE product_change (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  product_id uuid NOT NULL,
  variant_id uuid,
  changed_at timestamptz NOT NULL DEFAULT now(),
  changed_by text DEFAULT nullif(current_setting('app.actor', true), ''),
  field text NOT NULL,
  before jsonb,
  after jsonb,
  CONSTRAINT product_change_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX product_change_by_product ON product_change (tenant_id, product_id, id);
${tenantTable('product_change', { appendOnly: true })}
CREATE TRIGGER product_history AFTER UPDATE ON product
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION product_change_note();
CREATE TRIGGER variant_history AFTER UPDATE ON variant
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION product_change_note();
CREATE TRIGGER variant_history_of_new AFTER INSERT ON variant
  REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION variant_added_note();

CREATE TABLE product_refresh (
  tenant_id uuid NOT NULL,
  product_id uuid NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT product_refresh_pkey PRIMARY KEY (tenant_id, product_id),
  CONSTRAINT product_refresh_product_fkey FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id)
);
CREATE INDEX product_refresh_due ON product_refresh (requested_at);
${tenantTable('product_refresh', { systemRoles: ['sweeper'] })}`,
);
