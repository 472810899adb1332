-- What the first p_of of p_quantity pieces of an amount come to, in whole minor units; all of them are the amount.
CREATE OR REPLACE FUNCTION consignment_part(p_amount bigint, p_quantity integer, p_of integer)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT round(p_amount::numeric * p_of / p_quantity)::bigint
$$;
