-- The words of a text, as documents and queries have them: without accents, marks and case, at most 64 letters of each.
-- In PL/pgSQL, here and around it: its plans are kept for the session, and an SQL function was planned in each call
-- (5.9 ms for a product's terms, where this takes 0.6).
CREATE OR REPLACE FUNCTION search_words(p_text text)
RETURNS text[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $fn$
BEGIN
  RETURN ARRAY(
    SELECT left(w, 64)
    FROM unnest(regexp_split_to_array(
      lower(
        regexp_replace(
          unaccent('unaccent', normalize(coalesce(p_text, ''), NFKC)),
          '[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]', '', 'g'
        ) COLLATE pg_unicode_fast
      ),
      '[^[:alnum:]]+' COLLATE pg_unicode_fast
    )) w
    WHERE w <> '');
END $fn$;
