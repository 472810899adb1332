import { startPos, tenantA, type Pos } from '../../test/pos.harness.ts';
import { salesStatements } from './sales-report.sql.ts';
import { tenderStatement } from './tender-report.sql.ts';

const salesTotal = 20_000;
let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  // Two years of a shop, two lines a sale, in an order of their ids that is not that of their days.
  const values = [tenantA, salesTotal];
  await pos.rows(
    `INSERT INTO sale (tenant_id, id, channel, status, currency_code, total_minor, opened_by, commit_key, receipt_number,
       committed_at)
     SELECT $1, gen_random_uuid(), 'WEB', 'COMMITTED', 'EUR', 3000, 'anna', n::text, 'P-' || n,
            timestamptz '2024-01-01Z' + make_interval(secs => n * 63158400.0 / $2::int)
       FROM generate_series(1, $2::int) n`,
    values,
  );
  await pos.rows(
    `INSERT INTO sale_line (tenant_id, sale_id, id, position, sku, title, tracking, quantity, unit_price_minor)
     SELECT $1, s.id, gen_random_uuid(), p, 'SKU-' || (random() * 500)::int, 'A piece', 'QUANTITY', 1, 1500
       FROM sale s, generate_series(1, 2) p`,
    values.slice(0, 1),
  );
  await pos.rows(
    `INSERT INTO sale_tender (tenant_id, sale_id, position, kind, amount_minor)
     SELECT $1, s.id, 0, 'CARD', 3000 FROM sale s`,
    values.slice(0, 1),
  );
  await pos.rows('VACUUM ANALYZE sale, sale_line, sale_tender');
});
afterAll(() => pos?.stop());

type Node = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  Plans?: Node[];
};

/** The nodes of a plan that was run. */
async function planOf(statement: { text: string }, values: unknown[]): Promise<Node[]> {
  const nodes = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodes)];
  const [row] = await pos.rows(`EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`, values);
  return nodes(row!['QUERY PLAN'][0].Plan);
}
const readOf = (plan: Node[], relation: string) =>
  plan
    .filter((node) => node['Relation Name'] === relation)
    .reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0);

it.each([
  ['sales', salesStatements.totals, [...Array<null>(8)]],
  ['tenders', tenderStatement, [...Array<null>(4)]],
])('a report of a month reads a month of %s and not two years', async (name, statement, filter) => {
  const period = [tenantA, '2025-03-01', '2025-03-31'];
  const values = [...period, ...(name === 'sales' ? ['DAY'] : []), ...filter];
  const plan = await planOf(statement, values);
  expect(plan.map((node) => node['Index Name'])).toContain('sale_committed_idx');
  const scanned = plan.filter((node) => node['Node Type'] === 'Seq Scan');
  const whole = ['sale', 'sale_line', 'sale_tender'];
  expect(scanned.filter((node) => whole.includes(node['Relation Name']!))).toEqual([]);
  // 31 days and a day on either side of 731.
  const sales = Math.ceil((salesTotal * 34) / 731);
  expect(readOf(plan, 'sale')).toBeLessThanOrEqual(sales);
  expect(readOf(plan, 'sale_line') + readOf(plan, 'sale_tender')).toBeLessThanOrEqual(2 * sales);
});
