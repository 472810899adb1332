-- p_part of p_whole units that cost p_minor together, half a minor unit up; the whole of them costs exactly p_minor.
CREATE OR REPLACE FUNCTION cost_share(p_minor bigint, p_part bigint, p_whole bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $fn$
  SELECT CASE WHEN p_whole = 0 THEN 0 ELSE div(p_minor::numeric * p_part * 2 + p_whole, p_whole::numeric * 2)::bigint END
$fn$;
