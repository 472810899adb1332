-- An instant as events carry it.
CREATE OR REPLACE FUNCTION instant(p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS $fn$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$fn$;
