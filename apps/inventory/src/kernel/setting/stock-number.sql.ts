import { sql, type Tx } from '@onecount/db';
import { selectLocations } from '../location/location.sql.ts';
import { spellingOf } from './stock-number.ts';

// Shared: who found a pattern may rely on it to the end of the transaction.
const patternStatement = sql(
  'inventory.stock-number-pattern',
  `SELECT stock_number_pattern AS pattern, clock_timestamp() AS now FROM inventory_setting
   WHERE tenant_id = $1 AND stock_number_pattern IS NOT NULL FOR SHARE`,
);

type Pattern = { pattern: string; now: Date };

/** The tenant's pattern, which stays as it is until the transaction ends; null when numbers are given by hand. */
export async function shareStockNumberPattern(tx: Tx): Promise<Pattern | null> {
  const [row] = await tx.query<Pattern>(patternStatement, [tx.tenantId]);
  return row ?? null;
}

const nextStatement = sql(
  'inventory.stock-number-next',
  'SELECT stock_number_next($1, $2, $3, $4, $5, $6) AS numbers',
);

/**
 * The next numbers of the tenant's pattern for units of one location; null when it has none. `at` is the
 * database's clock unless given. Numbers that a unit bears or that `given` names are left out. The counter stays
 * locked to the end of the transaction: call it with the levels locked, before units are written, and for several
 * locations in the order of their codes.
 */
export async function nextStockNumbers(
  tx: Tx,
  asked: { count: number; locationCode: string; at?: Date; given?: readonly string[] },
): Promise<string[] | null> {
  const found = await shareStockNumberPattern(tx);
  if (!found) return null;
  const { count, locationCode, at = found.now, given = [] } = asked;
  if (count === 0) return [];
  const { before, after, digits } = spellingOf(found.pattern, { locationCode, at });
  const values = [tx.tenantId, before, after, digits, count, given];
  const [row] = await tx.query<{ numbers: string[] }>(nextStatement, values);
  return row!.numbers;
}

type Numbered = { stockNumber: string | null; locationId: string };

/** New units, those without a number with the next of the pattern, where the tenant has one. */
export async function withStockNumbers<Unit extends Numbered>(
  tx: Tx,
  units: readonly Unit[],
): Promise<Unit[]> {
  const bare = Map.groupBy(
    units.filter(({ stockNumber }) => stockNumber === null),
    ({ locationId }) => locationId,
  );
  if (bare.size === 0 || !(await shareStockNumberPattern(tx))) return [...units];
  const places = await selectLocations(tx, [...bare.keys()]);
  places.sort((one, other) => (one.code < other.code ? -1 : 1));
  const given = units.flatMap(({ stockNumber }) => stockNumber ?? []);
  const drawn = new Map<Unit, string>();
  for (const { id, code } of places) {
    const own = bare.get(id)!;
    const numbers = await nextStockNumbers(tx, { count: own.length, locationCode: code, given });
    own.forEach((unit, index) => drawn.set(unit, numbers![index]!));
  }
  return units.map((unit) => ({ ...unit, stockNumber: drawn.get(unit) ?? unit.stockNumber }));
}
