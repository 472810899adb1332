import { migration, tenantTable } from '@onecount/db';

/**
 * Units that are let for a time (ADR 0378). That no two rentals of a unit overlap is an exclusion constraint, for which
 * btree_gist gives the equality of ids. `settle_after` is set while inventory may keep a unit for an attempt to go out that
 * is over: whoever finds it lets the unit go.
 */
export const Rentals1799985001000 = migration(
  'Rentals1799985001000',
  `
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE rental (
  tenant_id          uuid NOT NULL,
  id                 uuid NOT NULL,
  version            integer NOT NULL DEFAULT 1,
  status             text NOT NULL DEFAULT 'BOOKED' CONSTRAINT rental_status_known
    CHECK (status IN ('BOOKED', 'OUT', 'BACK', 'CANCELLED', 'CONFLICT')),
  customer_id        uuid NOT NULL,
  stock_item_id      uuid NOT NULL,
  sku                text NOT NULL,
  title              text NOT NULL,
  serial_unit_id     uuid NOT NULL,
  serial             text,
  period             tstzrange NOT NULL CONSTRAINT rental_period_bounded
    CHECK (NOT isempty(period) AND NOT lower_inf(period) AND NOT upper_inf(period)),
  currency_code      text NOT NULL,
  price_minor        bigint NOT NULL CONSTRAINT rental_price_positive CHECK (price_minor >= 0),
  late_day_minor     bigint NOT NULL CONSTRAINT rental_late_day_positive CHECK (late_day_minor >= 0),
  note               text,
  booked_by          text NOT NULL,
  booked_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  sale_id            uuid,
  out_note           text,
  out_by             text,
  out_at             timestamptz,
  deposit_minor      bigint NOT NULL DEFAULT 0,
  deposit_kind       text CONSTRAINT rental_deposit_kind_known CHECK (deposit_kind IN ('CASH', 'CARD')),
  deposit_reference  text,
  back_note          text,
  back_by            text,
  back_at            timestamptz,
  late_minor         bigint CONSTRAINT rental_late_positive CHECK (late_minor >= 0),
  damage_minor       bigint CONSTRAINT rental_damage_positive CHECK (damage_minor >= 0),
  deposit_back_minor bigint CONSTRAINT rental_deposit_back_at_most_taken CHECK (deposit_back_minor BETWEEN 0 AND deposit_minor),
  ended_by           text,
  ended_at           timestamptz,
  conflict_sale_id   uuid,
  attempt            integer NOT NULL DEFAULT 0,
  is_attempt_over    boolean NOT NULL DEFAULT false,
  settle_after       timestamptz,
  settle_attempts    integer NOT NULL DEFAULT 0,
  CONSTRAINT rental_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT rental_no_overlap EXCLUDE USING gist (tenant_id WITH =, serial_unit_id WITH =, period WITH &&)
    WHERE (status IN ('BOOKED', 'OUT')),
  CONSTRAINT rental_customer_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
  CONSTRAINT rental_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id),
  CONSTRAINT rental_deposit_has_kind CHECK ((deposit_kind IS NULL) = (deposit_minor = 0)),
  CONSTRAINT rental_out_whole CHECK ((status IN ('OUT', 'BACK')) = (out_at IS NOT NULL)),
  CONSTRAINT rental_back_whole CHECK (
    (status = 'BACK') = (num_nulls(back_at, late_minor, damage_minor, deposit_back_minor) = 0)),
  CONSTRAINT rental_conflict_names_its_sale CHECK (status <> 'CONFLICT' OR conflict_sale_id IS NOT NULL)
);
CREATE UNIQUE INDEX rental_sale_key ON rental (tenant_id, sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX rental_booked_idx ON rental (tenant_id, serial_unit_id) WHERE status = 'BOOKED';
CREATE INDEX rental_by_begin_idx ON rental (tenant_id, lower(period) DESC, id DESC);
CREATE INDEX rental_settle_idx ON rental (settle_after) WHERE settle_after IS NOT NULL;
${tenantTable('rental', { systemRoles: ['sweeper'] })}`,
);
