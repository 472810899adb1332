import { sql, type Tx } from '@onecount/db';

// Of several that look alike the first one asked for is what the others look like. The forms stand in a table of
// their own, so that the comparison is one of columns, which row-level security lets an index serve.
const lookAlikesStatement = sql(
  'inventory.serial-look-alikes',
  `WITH asked AS MATERIALIZED (
     SELECT a.item, a.serial, a.form, first_value(a.serial) OVER (PARTITION BY a.item, a.form ORDER BY a.ord) AS first
     FROM (SELECT q.item, q.serial, serial_look_alike(q.serial) AS form, q.ord
           FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS q (item, serial, ord)) a)
   SELECT DISTINCT ON (a.item, a.serial) a.item AS "stockItemId", a.serial, coalesce(u.serial, a.first) AS other
   FROM asked a
   LEFT JOIN LATERAL (
     SELECT x.serial FROM serial_unit x
     WHERE x.tenant_id = $1 AND x.stock_item_id = a.item AND x.serial_look_alike = a.form AND x.serial <> a.serial
     ORDER BY x.is_look_alike, x.id LIMIT 1) u ON true
   WHERE u.serial IS NOT NULL OR a.first <> a.serial
   ORDER BY a.item, a.serial`,
);

export type SerialOfItem = { stockItemId: string; serial: string };

/** Which of the serials look like that of another unit of their item, or like one before them in the list. */
export function selectLookAlikes(
  tx: Tx,
  asked: readonly SerialOfItem[],
): Promise<(SerialOfItem & { other: string })[]> {
  if (asked.length === 0) return Promise.resolve([]);
  return tx.query<SerialOfItem & { other: string }>(lookAlikesStatement, [
    tx.tenantId,
    asked.map(({ stockItemId }) => stockItemId),
    asked.map(({ serial }) => serial),
  ]);
}
