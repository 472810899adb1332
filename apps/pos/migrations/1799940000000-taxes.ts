import { migration, tenantTable } from '@onecount/db';

/**
 * Rules and settings of tax, and what a sale was taxed with (ADR 0320 to 0323). A rule is cancelled and not deleted; settings
 * are a row a change. The tax of a sale is rows of its own, written once with its intent. A process of the release before
 * writes none of it: its sales are untaxed, as all were.
 */
export const Taxes1799940000000 = migration(
  'Taxes1799940000000',
  `
CREATE TABLE tax_rule (
  tenant_id    uuid NOT NULL,
  id           uuid NOT NULL,
  location_id  uuid,
  tax_code     text,
  component    text NOT NULL,
  rate         numeric(9, 6) NOT NULL,
  valid_from   timestamptz NOT NULL,
  valid_to     timestamptz,
  added_by     text NOT NULL,
  added_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  cancelled_by text,
  cancelled_at timestamptz,
  CONSTRAINT tax_rule_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT tax_rule_rate_range CHECK (rate >= 0 AND rate <= 100),
  CONSTRAINT tax_rule_ends_after_start CHECK (valid_to > valid_from),
  CONSTRAINT tax_rule_cancelled_by_somebody CHECK ((cancelled_at IS NULL) = (cancelled_by IS NULL))
);
CREATE UNIQUE INDEX tax_rule_one_a_start
  ON tax_rule (tenant_id, location_id, identifier_key(tax_code), component, valid_from) NULLS NOT DISTINCT
  WHERE cancelled_at IS NULL;
${tenantTable('tax_rule')}

CREATE TABLE tax_setting (
  tenant_id          uuid NOT NULL,
  id                 uuid NOT NULL,
  location_id        uuid,
  prices_include_tax boolean NOT NULL,
  rounding           text NOT NULL,
  cash_steps         jsonb NOT NULL,
  set_by             text NOT NULL,
  set_at             timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT tax_setting_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT tax_setting_rounding_known CHECK (rounding IN ('LINE', 'DOCUMENT'))
);
CREATE INDEX tax_setting_by_location_idx ON tax_setting (tenant_id, location_id, set_at);
${tenantTable('tax_setting', { appendOnly: true })}

ALTER TABLE price_book
  ADD COLUMN tax_code text,
  ADD COLUMN is_taxable boolean NOT NULL DEFAULT true;
ALTER TABLE sale
  ADD COLUMN is_taxed boolean NOT NULL DEFAULT false,
  ADD COLUMN tax_exemption text,
  ADD COLUMN rounding_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE sale_line ADD COLUMN purchase_cost_minor bigint
  CONSTRAINT sale_line_purchase_cost_positive CHECK (purchase_cost_minor >= 0);

CREATE TABLE sale_tax (
  tenant_id   uuid NOT NULL,
  sale_id     uuid NOT NULL,
  line_id     uuid NOT NULL,
  component   text NOT NULL,
  rate        numeric(9, 6) NOT NULL,
  scheme      text NOT NULL,
  base_minor  bigint NOT NULL,
  tax_minor   bigint NOT NULL,
  added_minor bigint NOT NULL,
  CONSTRAINT sale_tax_pkey PRIMARY KEY (tenant_id, sale_id, line_id, component),
  CONSTRAINT sale_tax_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id),
  CONSTRAINT sale_tax_scheme_known CHECK (scheme IN ('STANDARD', 'MARGIN', 'EXEMPT')),
  CONSTRAINT sale_tax_amounts CHECK (base_minor >= 0 AND tax_minor >= 0 AND (scheme <> 'EXEMPT' OR tax_minor = 0)),
  CONSTRAINT sale_tax_added CHECK (CASE scheme WHEN 'STANDARD' THEN added_minor IN (0, tax_minor)
    WHEN 'MARGIN' THEN added_minor = 0 ELSE added_minor <= 0 END)
);
${tenantTable('sale_tax', { appendOnly: true })}

CREATE TABLE sale_return_tax (
  tenant_id  uuid NOT NULL,
  return_id  uuid NOT NULL,
  position   integer NOT NULL,
  sale_id    uuid NOT NULL,
  line_id    uuid NOT NULL,
  component  text NOT NULL,
  rate       numeric(9, 6) NOT NULL,
  scheme     text NOT NULL,
  base_minor bigint NOT NULL,
  tax_minor  bigint NOT NULL,
  CONSTRAINT sale_return_tax_pkey PRIMARY KEY (tenant_id, return_id, position),
  CONSTRAINT sale_return_tax_return_fkey FOREIGN KEY (tenant_id, return_id) REFERENCES sale_return (tenant_id, id),
  CONSTRAINT sale_return_tax_sale_tax_fkey FOREIGN KEY (tenant_id, sale_id, line_id, component)
    REFERENCES sale_tax (tenant_id, sale_id, line_id, component)
);
CREATE INDEX sale_return_tax_by_sale_idx ON sale_return_tax (tenant_id, sale_id, line_id, component);
${tenantTable('sale_return_tax', { appendOnly: true })}`,
);
