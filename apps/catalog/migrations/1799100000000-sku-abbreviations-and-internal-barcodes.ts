import { migration, tenantTable } from '@onecount/db';

/** A tenant's own short forms for generated SKUs, and the last number of its own barcodes (ADR 0240). */
export const SkuAbbreviationsAndInternalBarcodes1799100000000 = migration(
  'SkuAbbreviationsAndInternalBarcodes1799100000000',
  `
CREATE TABLE sku_abbreviation (
  tenant_id uuid NOT NULL,
  value_key text COLLATE "C" NOT NULL,
  value text NOT NULL,
  abbreviation text NOT NULL,
  CONSTRAINT sku_abbreviation_pkey PRIMARY KEY (tenant_id, value_key),
  CONSTRAINT sku_abbreviation_form CHECK (abbreviation ~ '^[A-Z0-9.]{1,20}$')
);
${tenantTable('sku_abbreviation')}

CREATE TABLE internal_barcode (
  tenant_id uuid NOT NULL,
  last_number bigint NOT NULL,
  CONSTRAINT internal_barcode_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT internal_barcode_ten_digits CHECK (last_number BETWEEN 1 AND 9999999999)
);
${tenantTable('internal_barcode')}`,
);
