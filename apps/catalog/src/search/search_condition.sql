-- Any of these lexemes, as text of a tsquery; with ':*' as suffix they are beginnings.
CREATE OR REPLACE FUNCTION search_condition(p_lexemes text[], p_suffix text)
RETURNS text LANGUAGE plpgsql IMMUTABLE AS $fn$
BEGIN
  RETURN (
    SELECT '(' || string_agg('''' || replace(replace(l, '\', '\\'), '''', '''''') || '''' || p_suffix, ' | ') || ')'
    FROM unnest(p_lexemes) l
  );
END $fn$;
