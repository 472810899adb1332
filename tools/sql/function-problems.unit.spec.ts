import path from 'node:path';
import { loadModule } from 'libpg-query';
import { problemsOf, sqlFunctionProblems } from './function-problems.ts';

beforeAll(loadModule);

const plpgsql = (body: string) =>
  `CREATE OR REPLACE FUNCTION f(n integer) RETURNS integer LANGUAGE plpgsql AS $$\n${body}\n$$;`;
const long = `BEGIN\n${'  n := n + 1;\n'.repeat(99)}  RETURN n;\nEND`;

it('every function of the repository is good', async () => {
  expect(await sqlFunctionProblems(path.resolve(__dirname, '../..'))).toEqual([]);
});

it.each([
  ['a head', 'CREATE OR REPLACE FUNCION f() RETURNS integer LANGUAGE sql RETURN 1;', 'FUNCION'],
  ['a PL/pgSQL statement', plpgsql('BEGIN IF n > 0 THEN RETURN 1; ENDIF; END'), 'ENDIF'],
  ['a statement in PL/pgSQL', plpgsql('BEGIN SELCT 1; END'), 'SELCT'],
  [
    'an SQL body',
    'CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS $$ SELECT FROM WHERE $$;',
    'WHERE',
  ],
])('finds a mistake in %s', (_, text, near) => {
  expect(problemsOf(text)).toEqual([expect.stringContaining(near)]);
});

it('a function of more than 100 lines says why', () => {
  expect(problemsOf(plpgsql(long))).toEqual([
    'f has more than 100 lines and no "-- Over 100 lines: why"',
  ]);
  expect(problemsOf(`-- Over 100 lines: one decision.\n${plpgsql(long)}`)).toEqual([]);
});
