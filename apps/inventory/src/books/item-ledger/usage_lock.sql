-- Readings of one counter are written one after the other: two at once would not see each other and could
-- break the order between them. p_of: the unit, or the item where usage is kept in aggregate.
CREATE OR REPLACE FUNCTION usage_lock(p_tenant uuid, p_of uuid) RETURNS void LANGUAGE sql AS $fn$
  SELECT pg_advisory_xact_lock(hashtextextended(format('item-ledger-usage/%s/%s', p_tenant, p_of), 0))
$fn$;
