import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema, Kind, parse, validate, type OperationDefinitionNode } from 'graphql';
import { clientLimitRules, rowsMax } from './query-limits.ts';
import { createRowsRequested } from './rows-requested.ts';

const app = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(app, file), 'utf8');
const schema = buildSchema(read('api.graphql'));
const page = read('test/catalogue-page.graphql');
const writtenOut = page
  .replace(/\(\$first: .*\) \{/, '($after: String) {')
  .replace('$first', '5')
  .replace('$units', '20');

const rowsOf = (text: string, first: number): number => {
  const document = parse(text);
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  return createRowsRequested(schema)(document, operation as OperationDefinitionNode, { first });
};

it.each([
  ['with variables', page],
  ['with its sizes written out', writtenOut],
])('the richest page of the front ends is valid and within every limit, %s', (_form, text) => {
  expect(validate(schema, parse(text))).toEqual([]);
  expect(validate(schema, parse(text), clientLimitRules)).toEqual([]);
});

it('the same page asks for 2,425 rows with 5 products, and is refused with 100', () => {
  expect([rowsOf(page, 5), rowsOf(writtenOut, 0)]).toEqual([2_425, 2_425]);
  expect(rowsOf(page, 100)).toBeGreaterThan(rowsMax);
});
