import { Readable } from 'node:stream';
import { columnsOf, type ColumnMapping, type Columns } from '../src/product-import/csv-columns.ts';
import { planGroup, type GroupContext, type GroupPlan } from '../src/product-import/csv-product.ts';
import { groupsOf, survey } from '../src/product-import/csv-source.ts';

/** One row of a file by column names. */
export type Cells = Record<string, string>;

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

/** A CSV text with a column for every name that any row uses, in order of appearance. */
export function csvOf(rows: readonly Cells[], newline = '\n'): string {
  const header = [...new Set(['Handle', 'Title', ...rows.flatMap((row) => Object.keys(row))])];
  const lines = rows.map((row) => header.map((name) => quoted(row[name] ?? '')).join(','));
  return [header.join(','), ...lines, ''].join(newline);
}

/** A file in memory, for what reads a file twice. */
export const fileOf = (content: string | Buffer) => () => Readable.from([Buffer.from(content)]);

export type ReadGroup = { handle: string; rows: number[]; planned: GroupPlan };

/** Everything an import would make of a file, without writing anything. */
export async function planFile(
  content: string | Buffer,
  context: Partial<GroupContext> = {},
  mapping?: ColumnMapping,
): Promise<ReadGroup[]> {
  const open = fileOf(content);
  const surveyed = await survey(open, mapping);
  const groups: ReadGroup[] = [];
  for await (const { group } of groupsOf(open, surveyed)) {
    const planned = planGroup(group, {
      currencyCode: 'USD',
      locationCode: 'HQ',
      repeatedSku: 'NUMBER',
      ...context,
      columns: surveyed.columns,
    });
    const rows = group.rows.map(({ number }) => number);
    groups.push({ handle: group.handle, rows, planned });
  }
  return groups;
}

export function headerColumns(header: readonly string[]): Columns {
  const columns = columnsOf(header);
  if ('problem' in columns) throw new Error(columns.problem);
  return columns;
}
