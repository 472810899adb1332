-- The criteria of a search: the ranges of words that meet each, as a condition on documents, and how many products
-- do, counted up to p_most. A word that begins none is looked for among words that are spelt alike.
CREATE OR REPLACE FUNCTION search_plan(p_tenant uuid, p_query text, p_terms jsonb, p_most integer)
RETURNS TABLE (hits integer, lows text[], highs text[], condition text) LANGUAGE plpgsql STABLE AS $fn$
DECLARE
  v_word text;
  v_any jsonb;
BEGIN
  FOREACH v_word IN ARRAY (search_words(p_query))[1:10] LOOP
    SELECT r.lows, r.highs INTO lows, highs FROM search_ranges(v_word) r;
    condition := search_condition(lows, ':*');
    hits := search_hits(p_tenant, lows, highs, p_most);
    IF hits = 0 THEN
      lows := search_alike(p_tenant, v_word);
      highs := ARRAY(SELECT l || E'\x01' FROM unnest(lows) l);
      condition := coalesce(search_condition(lows, ''), condition);
      hits := search_hits(p_tenant, lows, highs, p_most);
    END IF;
    RETURN NEXT;
  END LOOP;
  FOR v_any IN SELECT jsonb_array_elements(p_terms) LOOP
    lows := ARRAY(SELECT lower(left(t, 203) COLLATE pg_unicode_fast) FROM jsonb_array_elements_text(v_any) t);
    highs := ARRAY(SELECT l || E'\x01' FROM unnest(lows) l);
    condition := search_condition(lows, '');
    hits := search_hits(p_tenant, lows, highs, p_most);
    RETURN NEXT;
  END LOOP;
END $fn$;
