-- The words that a word of a query may begin. A long number may be a code in another of its forms, which all are kept
-- as 14 digits.
CREATE OR REPLACE FUNCTION search_ranges(p_word text)
RETURNS TABLE (lows text[], highs text[]) LANGUAGE sql IMMUTABLE AS $fn$
  WITH forms (form) AS (
    SELECT p_word
    UNION SELECT code_key(p_word) WHERE p_word ~ '^[0-9]{7,13}[0-9x]$'
    UNION SELECT zeros || p_word FROM unnest(ARRAY['0', '00', '000000']) zeros
      WHERE p_word ~ '^[0-9]{6,13}$' AND length(zeros || p_word) <= 14
  )
  SELECT array_agg(form), array_agg(form || U&'\+10FFFF') FROM forms
$fn$;
