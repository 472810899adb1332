-- Writes what these products are found by, in the transaction that changed them. Only the difference is written: most
-- changes leave all words as they are. Products are locked in the order of their keys.
CREATE OR REPLACE FUNCTION product_index(p_tenant uuid, p_products uuid[])
RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
  p product;
  v_terms text[];
  v_words text[];
  v_old text[];
  v_added text[];
BEGIN
  FOR p IN
    SELECT * FROM product WHERE tenant_id = p_tenant AND id = ANY (p_products) ORDER BY id FOR NO KEY UPDATE
  LOOP
    v_terms := product_terms(p_tenant, p.id);
    v_words := ARRAY(SELECT DISTINCT lower(t COLLATE pg_unicode_fast) FROM unnest(v_terms) t);
    v_old := coalesce((
      SELECT tsvector_to_array(document) FROM product_search WHERE tenant_id = p_tenant AND product_id = p.id), '{}');
    v_added := ARRAY(SELECT unnest(v_words) EXCEPT SELECT unnest(v_old));
    IF p.deleted_at IS NOT NULL THEN
      DELETE FROM product_search WHERE tenant_id = p_tenant AND product_id = p.id;
    ELSE
      INSERT INTO product_search AS s
        (tenant_id, product_id, title_key, price_key, currency_code, updated_at, terms, document)
      SELECT p_tenant, p.id, left(array_to_string(search_words(p.title), ' '), 255), coalesce(min(coalesce(v.list_price_minor, v.price_minor)), -1),
        min(v.currency_code), p.updated_at, ARRAY(SELECT t FROM unnest(v_terms) t WHERE starts_with(t, '!') ORDER BY t),
        array_to_tsvector(v_words)
      FROM variant v WHERE v.tenant_id = p_tenant AND v.product_id = p.id AND v.removed_at IS NULL
      ON CONFLICT ON CONSTRAINT product_search_pkey DO UPDATE
      SET title_key = excluded.title_key, price_key = excluded.price_key, currency_code = excluded.currency_code,
        updated_at = excluded.updated_at, terms = excluded.terms, document = excluded.document;
    END IF;
    DELETE FROM product_word
    WHERE tenant_id = p_tenant AND product_id = p.id
      AND word = ANY (ARRAY(SELECT unnest(v_old) EXCEPT SELECT unnest(v_words)));
    INSERT INTO product_word (tenant_id, product_id, word)
    SELECT p_tenant, p.id, added FROM unnest(v_added) added ON CONFLICT DO NOTHING;
    PERFORM search_learn(p_tenant, v_added);
    IF p.is_search_due THEN
      UPDATE product SET is_search_due = false WHERE tenant_id = p_tenant AND id = p.id;
    END IF;
  END LOOP;
END $fn$;
