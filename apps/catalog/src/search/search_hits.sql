-- How many products have a word of these ranges, counted up to p_most. One with two such words counts twice.
CREATE OR REPLACE FUNCTION search_hits(p_tenant uuid, p_lows text[], p_highs text[], p_most integer)
RETURNS integer LANGUAGE plpgsql STABLE AS $fn$
BEGIN
  RETURN (
    SELECT count(*)::integer FROM (
      SELECT FROM unnest(p_lows, p_highs) AS r (low, high)
      CROSS JOIN LATERAL (
        SELECT FROM product_word w WHERE w.tenant_id = p_tenant AND w.word >= r.low AND w.word < r.high LIMIT p_most
      ) hit
      LIMIT p_most
    ) counted
  );
END $fn$;
