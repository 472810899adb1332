-- Learns the trigrams of words that are new to the tenant: a misspelt word is looked for among them. Words with digits
-- are left out: the code next to one is another article. In one order, so that two who learn the same wait in no ring.
CREATE OR REPLACE FUNCTION search_learn(p_tenant uuid, p_words text[])
RETURNS void LANGUAGE plpgsql AS $fn$
BEGIN
  INSERT INTO search_gram (tenant_id, gram, word)
  SELECT p_tenant, gram, w FROM unnest(p_words) w, unnest(show_trgm(w)) gram
  WHERE w ~ '^[^!0-9]{3,}$'
    -- No EXISTS: that became a join with all that the tenant has ever learnt.
    AND (SELECT g.word FROM search_gram g
         WHERE g.tenant_id = p_tenant AND g.gram = (show_trgm(w))[1] AND g.word = w LIMIT 1) IS NULL
  ORDER BY w, gram
  ON CONFLICT DO NOTHING;
END $fn$;
