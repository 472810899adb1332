import { migration, tenantTable } from '@onecount/db';

export const CreateRegister1763800500001 = migration(
  'CreateRegister1763800500001',
  `
-- What inventory told us about its locations, asked once per location.
CREATE TABLE known_location (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  code       text NOT NULL,
  name       text NOT NULL,
  learned_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT known_location_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT known_location_code_key UNIQUE (tenant_id, code)
);
${tenantTable('known_location')}

CREATE TABLE register (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL,
  location_id   uuid NOT NULL,
  location_code text NOT NULL,
  name          text NOT NULL CONSTRAINT register_name_length CHECK (length(name) BETWEEN 1 AND 60),
  created_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT register_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT register_name_key UNIQUE (tenant_id, location_id, name)
);
CREATE INDEX register_by_code_idx ON register (tenant_id, location_code, name, id);
${tenantTable('register')}

CREATE TABLE shift (
  tenant_id           uuid NOT NULL,
  id                  uuid NOT NULL,
  register_id         uuid NOT NULL,
  opened_at           timestamptz NOT NULL DEFAULT now(),
  opened_by           text NOT NULL,
  currency_code       text,
  opening_float_minor bigint CONSTRAINT shift_float_positive CHECK (opening_float_minor >= 0),
  closed_at           timestamptz,
  closed_by           text,
  counted_minor       bigint CONSTRAINT shift_counted_positive CHECK (counted_minor >= 0),
  expected_minor      bigint,
  CONSTRAINT shift_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT shift_register_fkey FOREIGN KEY (tenant_id, register_id) REFERENCES register (tenant_id, id),
  CONSTRAINT shift_closed_whole CHECK (
    (closed_at IS NULL) = (counted_minor IS NULL) AND (closed_at IS NULL) = (expected_minor IS NULL)),
  CONSTRAINT shift_amounts_have_currency CHECK (
    currency_code IS NOT NULL OR (opening_float_minor IS NULL AND counted_minor IS NULL))
);
-- Two cashiers who open the same till in the same instant: one of them meets this.
CREATE UNIQUE INDEX shift_one_open_per_register ON shift (tenant_id, register_id) WHERE closed_at IS NULL;
${tenantTable('shift')}
`,
);
