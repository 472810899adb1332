import type { Sources } from '../sources.ts';
import { sqlCheck, type Check } from '../violation.ts';

type SaleRow = { tenant_id: string; id: string };
type LineRow = { sale_id: string; line_id: string; quantity: number };

/** I2: what POS has committed is an event, a claim that was applied, and movements of the same size. */
export const noSaleLost: Check[] = [
  sqlCheck({
    promise: 'I2',
    name: 'every committed sale has exactly one committed event in the outbox',
    service: 'pos',
    text: `SELECT s.tenant_id, s.id, count(o.position) AS events FROM sale s
           LEFT JOIN outbox o ON o.tenant_id = s.tenant_id AND o.aggregate_id = s.id::text
             AND o.type = 'pos.sale-committed'
           WHERE s.status = 'COMMITTED' AND s.committed_at > now() - interval '6 days'
           GROUP BY 1, 2 HAVING count(o.position) <> 1`,
  }),
  sqlCheck({
    promise: 'I2',
    name: 'what a closed shift sold is what its Z report says',
    service: 'pos',
    text: `SELECT z.tenant_id, z.register_id, z.number, said.sales AS said, sold.sales AS sold FROM z_report z
           CROSS JOIN LATERAL (
             SELECT coalesce(sum((t ->> 'count')::bigint), 0) AS sales,
                    coalesce(sum((t ->> 'totalMinor')::bigint), 0) AS minor
               FROM jsonb_array_elements(z.figures -> 'sales') AS t) AS said
           CROSS JOIN LATERAL (
             SELECT count(*) AS sales, coalesce(sum(s.total_minor), 0) AS minor FROM sale s
              WHERE s.tenant_id = z.tenant_id AND s.shift_id = z.shift_id
                AND s.status IN ('PENDING', 'COMMITTED')) AS sold
           WHERE (said.sales, said.minor) <> (sold.sales, sold.minor)`,
  }),
  { promise: 'I2', name: 'inventory has applied every committed sale', find: unappliedSales },
  {
    promise: 'I2',
    name: 'the movements of a sale are its tracked lines, and of no other sale',
    find: wrongMovements,
  },
  {
    promise: 'I2',
    name: 'what a line sold left the location that the line names',
    find: wrongLocations,
  },
];

async function unappliedSales(sources: Sources): Promise<string[]> {
  const committed = await sources.rows<SaleRow>(
    'pos',
    `SELECT tenant_id, id FROM sale WHERE status = 'COMMITTED'`,
  );
  const applied = await sources.rows<SaleRow>(
    'inventory',
    `SELECT tenant_id, sale_id AS id FROM sale_claim WHERE status = 'APPLIED'`,
  );
  const key = (row: SaleRow): string => `${row.tenant_id}/${row.id}`;
  return [
    ...missing(committed.map(key), applied.map(key), 'committed but not applied'),
    ...missing(applied.map(key), committed.map(key), 'applied but not committed'),
  ];
}

function missing(expected: string[], found: string[], what: string): string[] {
  const known = new Set(found);
  return expected.filter((key) => !known.has(key)).map((key) => `sale ${key} is ${what}`);
}

async function wrongMovements(sources: Sources): Promise<string[]> {
  const lines = await sources.rows<LineRow>(
    'pos',
    `SELECT l.sale_id, l.id AS line_id, l.quantity FROM sale_line l
     JOIN sale s ON s.tenant_id = l.tenant_id AND s.id = l.sale_id
     WHERE s.status = 'COMMITTED' AND l.tracking <> 'NONE'`,
  );
  const moved = await sources.rows<LineRow>(
    'inventory',
    `SELECT reference_id AS sale_id, line_id, -sum(quantity) AS quantity FROM movement
     WHERE reason = 'SALE' GROUP BY 1, 2`,
  );
  return differences(
    quantities(lines),
    quantities(moved),
    (line, sold, gone) => `line ${line}: ${sold} sold, ${gone} moved`,
  );
}

type PlaceRow = { sale_id: string; line_id: string; location_id: string };

async function wrongLocations(sources: Sources): Promise<string[]> {
  const lines = await sources.rows<PlaceRow>(
    'pos',
    `SELECT l.sale_id, l.id AS line_id, l.location_id FROM sale_line l
     JOIN sale s ON s.tenant_id = l.tenant_id AND s.id = l.sale_id
     WHERE s.status = 'COMMITTED' AND l.tracking <> 'NONE'`,
  );
  const moved = await sources.rows<PlaceRow>(
    'inventory',
    `SELECT DISTINCT reference_id AS sale_id, line_id, location_id FROM movement WHERE reason = 'SALE'`,
  );
  const named = new Map(lines.map((row) => [`${row.sale_id}/${row.line_id}`, row.location_id]));
  return moved.flatMap((row) => {
    const key = `${row.sale_id}/${row.line_id}`;
    const place = named.get(key);
    if (place === undefined || place === row.location_id) return [];
    return [`line ${key} names location ${place}, its stock left ${row.location_id}`];
  });
}

function quantities(rows: LineRow[]): Map<string, number> {
  return new Map(rows.map((row) => [`${row.sale_id}/${row.line_id}`, Number(row.quantity)]));
}

/** Names every key whose numbers differ; a key that one side lacks counts as 0 there. */
export function differences(
  left: Map<string, number>,
  right: Map<string, number>,
  describe: (key: string, left: number, right: number) => string,
): string[] {
  const keys = new Set([...left.keys(), ...right.keys()]);
  return [...keys]
    .map((key) => ({ key, l: left.get(key) ?? 0, r: right.get(key) ?? 0 }))
    .filter(({ l, r }) => l !== r)
    .map(({ key, l, r }) => describe(key, l, r));
}
