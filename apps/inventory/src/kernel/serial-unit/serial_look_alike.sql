-- @before-tables: a generated column calls it, which a unique index stands on.
-- What serials have in common that the eye takes for one: case, width, and the characters of other scripts, or of
-- this one, that are drawn alike, as in the Unicode list of confusable characters (UTS #39). Digits that only
-- resemble letters (5 and S, 8 and B) stay apart: makers count through them.
CREATE OR REPLACE FUNCTION serial_look_alike(p_serial text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fn$
  SELECT translate(identifier_key(normalize(p_serial, NFKC)),
    'oil|' || 'авекмнорстухѕјһѵԛԝіӏзб' || 'αβεζηικμνορτυχ' || 'ıɩɡɑօս' || '‐‑‒–—―−' || '⁄∕',
    '0111' || 'abekmh0pctyxsjhvqw1136' || 'abezh1kmn0ptyx' || '11ga0u' || '-------' || '//')
$fn$;
