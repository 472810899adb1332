import { migration, tenantTable } from '@onecount/db';

/** What an upload is for, the pictures that are kept, and which of them an option value stands for (ADR 0250). */
export const PictureStore1799200000000 = migration(
  'PictureStore1799200000000',
  `
ALTER TABLE upload ADD COLUMN purpose text NOT NULL DEFAULT 'IMPORT';
ALTER TABLE upload ADD CONSTRAINT upload_purpose_known CHECK (purpose IN ('IMPORT', 'PICTURE'));

-- Pictures are put in another order by one statement, between whose rows two have the same place.
ALTER TABLE media DROP CONSTRAINT media_position_key;
ALTER TABLE media ADD CONSTRAINT media_position_key
  UNIQUE (tenant_id, product_id, position) DEFERRABLE INITIALLY IMMEDIATE;

CREATE TABLE media_file (
  tenant_id uuid NOT NULL,
  -- Of the content as it is kept, so that the same picture is kept once.
  sha256 text NOT NULL,
  extension text NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  size_bytes integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT media_file_pkey PRIMARY KEY (tenant_id, sha256),
  CONSTRAINT media_file_sha256_form CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT media_file_extension_known CHECK (extension IN ('jpg', 'png', 'webp', 'gif', 'avif')),
  CONSTRAINT media_file_has_extent CHECK (width > 0 AND height > 0 AND size_bytes > 0)
);
${tenantTable('media_file')}

-- Names, not places: options change their order, and a value keeps its picture.
CREATE TABLE option_value_image (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  product_id uuid NOT NULL,
  option_name text NOT NULL,
  option_value text NOT NULL,
  media_id uuid NOT NULL,
  CONSTRAINT option_value_image_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT option_value_image_product_fkey FOREIGN KEY (tenant_id, product_id)
    REFERENCES product (tenant_id, id),
  CONSTRAINT option_value_image_media_fkey FOREIGN KEY (tenant_id, media_id)
    REFERENCES media (tenant_id, id)
);
CREATE UNIQUE INDEX option_value_image_key
  ON option_value_image (tenant_id, product_id, lower(option_name), lower(option_value));
CREATE INDEX option_value_image_by_media ON option_value_image (tenant_id, media_id);
${tenantTable('option_value_image')}`,
);
