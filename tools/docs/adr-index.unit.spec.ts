import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../docs/adr');
const records = readdirSync(folder)
  .filter((name) => /^\d{4}-.+\.md$/.test(name))
  .sort();

const statusPattern =
  /^Status: (Accepted|Superseded by \d{4}|Accepted, in part superseded by \d{4}(?: and \d{4})*), (\d{4}-\d{2}-\d{2})$/m;

function recordOf(name: string) {
  const text = readFileSync(join(folder, name), 'utf8');
  const [, number, title] = /^# (\d{4}) (.+)$/m.exec(text) ?? [];
  const [, status, date] = statusPattern.exec(text) ?? [];
  return { name, number, title, status, date };
}

test.each(records)('%s says its number, its title, and since when it holds', (name) => {
  const { number, title, status, date } = recordOf(name);
  expect(name.startsWith(`${number}-`)).toBe(true);
  expect([title, status, date]).not.toContain(undefined);
});

test('no number is given twice, and one that supersedes another is there', () => {
  const all = records.map(recordOf);
  const numbers = all.map(({ number }) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
  const named = all.flatMap(({ status }) => status?.match(/\d{4}/g) ?? []);
  expect(named.filter((number) => !numbers.includes(number))).toEqual([]);
});

test('the index lists every record as it is', () => {
  const index = readFileSync(join(folder, 'README.md'), 'utf8');
  const cells = (line: string) => line.split('|').map((cell) => cell.trim());
  const rows = index.split('\n').filter((line) => /^\| \[\d{4}\]/.test(line));
  const expected = records.map(recordOf).map(({ name, number, title, status, date }) => {
    return ['', `[${number}](${name})`, title, status, date, ''];
  });
  expect(rows.map(cells)).toEqual(expected);
});
