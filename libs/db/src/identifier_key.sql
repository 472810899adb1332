-- @before-tables: generated columns call it, which unique indexes stand on.
-- What identifying texts are compared by: composed, without the white space around them and without case. The same as
-- foldedIdentifier in libs/refusal. Generated columns hold it, because row-level security lets no index serve a
-- function that is not leakproof.
CREATE OR REPLACE FUNCTION identifier_key(p_text text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fn$
  SELECT lower(btrim(normalize(p_text, NFC),
    E'\t\n\u000B\f\r \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000'
  ) COLLATE pg_unicode_fast)
$fn$;
