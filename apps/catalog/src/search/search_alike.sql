-- At most five known words that are spelt most like this one, by the trigrams they share (pg_trgm's similarity, 0.3
-- and more). Trigrams are compared by equality, which is leakproof and so served by the index.
CREATE OR REPLACE FUNCTION search_alike(p_tenant uuid, p_word text)
RETURNS text[] LANGUAGE plpgsql STABLE AS $fn$
BEGIN
  RETURN (
    WITH alike AS (
      SELECT g.word, similarity(g.word, p_word) AS likeness
      FROM search_gram g
      WHERE g.tenant_id = p_tenant AND g.gram = ANY (show_trgm(p_word)) AND p_word !~ '[0-9]'
      GROUP BY g.word
      HAVING count(*) >= 2
    )
    SELECT ARRAY(SELECT word FROM alike WHERE likeness >= 0.3 ORDER BY likeness DESC, word LIMIT 5)
  );
END $fn$;
