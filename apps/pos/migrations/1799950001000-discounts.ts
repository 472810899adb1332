import { migration, tenantTable } from '@onecount/db';

/**
 * What is taken off a basket, and of which lines how much (ADR 0351). A discount is asked for once and reckoned again whenever
 * the basket changes: `amount_minor` is what it takes off now. `has_discounts` of the sale keeps baskets without any from
 * looking for them.
 */
export const Discounts1799950001000 = migration(
  'Discounts1799950001000',
  `
CREATE TABLE discount_setting (
  tenant_id          uuid NOT NULL,
  id                 uuid NOT NULL,
  limit_basis_points integer NOT NULL
    CONSTRAINT discount_setting_limit_range CHECK (limit_basis_points BETWEEN 0 AND 10000),
  may_meet           text[] NOT NULL,
  reasons            text[] NOT NULL,
  is_reason_free     boolean NOT NULL,
  set_by             text NOT NULL,
  set_at             timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT discount_setting_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT discount_setting_reason_possible CHECK (is_reason_free OR cardinality(reasons) > 0)
);
CREATE INDEX discount_setting_newest_idx ON discount_setting (tenant_id, set_at DESC, id DESC);
${tenantTable('discount_setting', { appendOnly: true })}

ALTER TABLE sale ADD COLUMN has_discounts boolean NOT NULL DEFAULT false;

CREATE TABLE sale_discount (
  tenant_id          uuid NOT NULL,
  sale_id            uuid NOT NULL,
  id                 uuid NOT NULL,
  position           integer NOT NULL,
  kind               text NOT NULL CONSTRAINT sale_discount_kind_known CHECK (kind IN ('LINE', 'SALE', 'PROMOTION')),
  line_id            uuid,
  excluded_line_ids  uuid[] NOT NULL DEFAULT '{}',
  basis_points       integer CONSTRAINT sale_discount_percent_range CHECK (basis_points BETWEEN 1 AND 10000),
  asked_minor        bigint CONSTRAINT sale_discount_asked_positive CHECK (asked_minor > 0),
  limit_basis_points integer,
  minimum_minor      bigint,
  reason             text,
  promotion_id       uuid,
  code               text,
  given_by           text NOT NULL,
  given_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  amount_minor       bigint NOT NULL DEFAULT 0 CONSTRAINT sale_discount_amount_positive CHECK (amount_minor >= 0),
  cut_by             text CONSTRAINT sale_discount_cut_known CHECK (cut_by IN ('PRICE', 'LIMIT', 'MINIMUM')),
  CONSTRAINT sale_discount_pkey PRIMARY KEY (tenant_id, sale_id, id),
  CONSTRAINT sale_discount_position_key UNIQUE (tenant_id, sale_id, position),
  CONSTRAINT sale_discount_promotion_key UNIQUE (tenant_id, sale_id, promotion_id),
  CONSTRAINT sale_discount_percent_or_amount CHECK (num_nonnulls(basis_points, asked_minor) = 1),
  CONSTRAINT sale_discount_line_of_its_kind CHECK ((kind = 'LINE') = (line_id IS NOT NULL)),
  CONSTRAINT sale_discount_promotion_of_its_kind CHECK ((kind = 'PROMOTION') = (promotion_id IS NOT NULL)),
  CONSTRAINT sale_discount_reason_given CHECK (kind = 'PROMOTION' OR reason IS NOT NULL),
  CONSTRAINT sale_discount_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id),
  CONSTRAINT sale_discount_line_fkey FOREIGN KEY (tenant_id, sale_id, line_id)
    REFERENCES sale_line (tenant_id, sale_id, id) ON DELETE CASCADE
);
CREATE INDEX sale_discount_by_promotion_idx ON sale_discount (tenant_id, promotion_id) WHERE promotion_id IS NOT NULL;
${tenantTable('sale_discount')}

CREATE TABLE sale_discount_share (
  tenant_id    uuid NOT NULL,
  sale_id      uuid NOT NULL,
  discount_id  uuid NOT NULL,
  line_id      uuid NOT NULL,
  amount_minor bigint NOT NULL CONSTRAINT sale_discount_share_positive CHECK (amount_minor > 0),
  CONSTRAINT sale_discount_share_pkey PRIMARY KEY (tenant_id, sale_id, discount_id, line_id),
  CONSTRAINT sale_discount_share_discount_fkey FOREIGN KEY (tenant_id, sale_id, discount_id)
    REFERENCES sale_discount (tenant_id, sale_id, id) ON DELETE CASCADE,
  CONSTRAINT sale_discount_share_line_fkey FOREIGN KEY (tenant_id, sale_id, line_id)
    REFERENCES sale_line (tenant_id, sale_id, id) ON DELETE CASCADE
);
CREATE INDEX sale_discount_share_by_line_idx ON sale_discount_share (tenant_id, sale_id, line_id);
${tenantTable('sale_discount_share')}`,
);
