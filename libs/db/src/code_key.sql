-- @before-tables: generated columns call it, which unique indexes stand on.
-- What a code is compared by: a GTIN is one number in all its forms, as 14 digits; any other text is compared as an
-- identifier. The same as codeKey in libs/refusal, where the forms are explained.
CREATE OR REPLACE FUNCTION code_key(p_code text)
RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $fn$
DECLARE
  v_key constant text := identifier_key(p_code);
  d text := CASE WHEN length(v_key) > 9 THEN replace(v_key, '-', '') ELSE v_key END;
  v_upc text;
BEGIN
  IF d !~ '^([0-9]{8}|[0-9]{9}[0-9x]|[0-9]{12,14})$' THEN RETURN v_key; END IF;
  IF length(d) = 10 THEN
    -- ISBN-10: weights 10 to 1, X is ten; its number is the one under 978, with a check digit of its own.
    IF (SELECT sum((11 - i) * replace(substr(d, i, 1), 'x', '10')::integer) FROM generate_series(1, 10) i) % 11 <> 0 THEN
      RETURN v_key;
    END IF;
    d := '0978' || left(d, 9);
    RETURN d || (SELECT (1000 - sum(substr(d, i, 1)::integer * CASE i % 2 WHEN 1 THEN 3 ELSE 1 END)) % 10 FROM generate_series(1, 13) i);
  END IF;
  -- UPC-E, expanded by the last of its six digits.
  v_upc := CASE
    WHEN d !~ '^0[0-9]{7}$' THEN d
    WHEN substr(d, 7, 1) <= '2' THEN left(d, 3) || substr(d, 7, 1) || '0000' || substr(d, 4, 3) || right(d, 1)
    WHEN substr(d, 7, 1) = '3' THEN left(d, 4) || '00000' || substr(d, 5, 2) || right(d, 1)
    WHEN substr(d, 7, 1) = '4' THEN left(d, 5) || '00000' || substr(d, 6, 1) || right(d, 1)
    ELSE left(d, 6) || '0000' || substr(d, 7, 2)
  END;
  RETURN coalesce((
    SELECT lpad(f.form, 14, '0') FROM (VALUES (1, v_upc), (2, d)) AS f (rank, form)
    WHERE (SELECT sum(substr(f.form, i, 1)::integer * CASE (length(f.form) - i) % 2 WHEN 1 THEN 3 ELSE 1 END)
           FROM generate_series(1, length(f.form)) i) % 10 = 0
    ORDER BY f.rank LIMIT 1), v_key);
END $fn$;
