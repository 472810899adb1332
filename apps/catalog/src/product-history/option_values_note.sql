-- @before-tables: a trigger of product_option names it.
-- Values that joined an option with the variants that have them; other changes of options are noted by those who make them.
CREATE OR REPLACE FUNCTION option_values_note() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO product_change (tenant_id, product_id, field, before, after)
  SELECT n.tenant_id, n.product_id, 'options',
    jsonb_build_object('name', o.name, 'values', o.option_values),
    jsonb_build_object('name', n.name, 'values', n.option_values)
  FROM old_rows o
  JOIN new_rows n ON n.tenant_id = o.tenant_id AND n.product_id = o.product_id AND n.position = o.position
  WHERE (n.name, n.option_values) IS DISTINCT FROM (o.name, o.option_values);
  RETURN NULL;
END $body$;
