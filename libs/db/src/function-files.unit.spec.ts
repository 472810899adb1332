import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFunctionFiles } from './function-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onecount-functions-'));
  await mkdir(join(folder, 'hold'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (path: string, text: string) => writeFile(join(folder, path), text);
const body = (name: string, returns: string) =>
  `CREATE OR REPLACE FUNCTION ${name}() RETURNS integer LANGUAGE sql RETURN ${returns};`;
const order = async () => (await readFunctionFiles([folder])).map(({ name }) => name);

it('a function comes after those that it calls, wherever they stand', async () => {
  await write('a.sql', body('a', 'b() + z()'));
  await write('hold/z.sql', body('z', 'b()'));
  await write('hold/b.sql', body('b', '1'));
  expect(await order()).toEqual(['b', 'z', 'a']);
});

it('a name in a comment or a string is no call; a call of itself is no circle', async () => {
  await write('a.sql', `-- see b()\n${body('a', `CASE WHEN 'b()' = '' THEN a() END`)}`);
  await write('b.sql', body('b', 'a()'));
  expect(await order()).toEqual(['a', 'b']);
});

it('a circle is refused with its way', async () => {
  await write('a.sql', body('a', 'b()'));
  await write('b.sql', body('b', 'c()'));
  await write('c.sql', body('c', 'b()'));
  await expect(order()).rejects.toThrow('each other in a circle: b -> c -> b');
});

it.each([
  ['another name', 'CREATE OR REPLACE FUNCTION b() RETURNS integer LANGUAGE sql RETURN 1;'],
  ['two functions', `${body('a', '1')}\n${body('b', '1')}`],
  ['no function', 'CREATE TABLE a (id integer);'],
])('a file with %s is refused', async (_, text) => {
  await write('a.sql', text);
  await expect(order()).rejects.toThrow('must create the function a and no other');
});

it('two files of one name are refused', async () => {
  await write('a.sql', body('a', '1'));
  await write('hold/a.sql', body('a', '2'));
  await expect(order()).rejects.toThrow('two files are named a.sql');
});
