-- @before-tables: the triggers of product and variant name it.
-- The history of a product, whatever statement changed it: each named column that differs, with its value before and
-- after. Columns that are not named here are bookkeeping (version, copies, keys). Names stand in place of ids, as they
-- were then, and amounts with their currency.
-- A session keeps the plan of its first call, which mostly had one row: without the setting it would compare each of
-- 2,048 old rows with each of the new ones.
CREATE OR REPLACE FUNCTION product_change_note() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off
AS $body$
BEGIN
  INSERT INTO product_change (tenant_id, product_id, variant_id, field, before, after)
  SELECT tenant_id, product_id, variant_id, field,
    product_change_value(tenant_id, field, was), product_change_value(tenant_id, field, is_now)
  FROM (
    SELECT n.tenant_id, n.id AS row_id, to_jsonb(o) AS was, to_jsonb(n) AS is_now
    FROM old_rows o JOIN new_rows n ON n.tenant_id = o.tenant_id AND n.id = o.id
    -- Or it is computed for each field.
    OFFSET 0
  ) AS pair
  CROSS JOIN LATERAL (SELECT
    coalesce((is_now ->> 'product_id')::uuid, row_id) AS product_id,
    CASE WHEN is_now ? 'product_id' THEN row_id END AS variant_id) AS place
  CROSS JOIN unnest(ARRAY['handle', 'title', 'description_html', 'vendor_id', 'category_id', 'product_type', 'tags',
    'status', 'is_unlisted', 'is_listed_on_website', 'product_group_id', 'seo_title', 'seo_description',
    'style_number', 'metadata', 'deleted_at', 'sku', 'barcode', 'price_minor',
    'compare_at_price_minor', 'cost_minor', 'tracking', 'is_active', 'is_taxable', 'tax_code', 'requires_shipping',
    'weight_grams', 'weight_unit', 'media_id', 'removed_at', 'product_id']) AS field
  WHERE (was -> field) IS DISTINCT FROM (is_now -> field)
    -- A variant's title is made of its option values, and those of its product's options, which have a row of their own.
    AND NOT (field = 'title' AND variant_id IS NOT NULL)
    -- A variant that moves to another product takes a copy of its picture along.
    AND NOT (field = 'media_id' AND (was -> 'product_id') IS DISTINCT FROM (is_now -> 'product_id'));
  RETURN NULL;
END $body$;
