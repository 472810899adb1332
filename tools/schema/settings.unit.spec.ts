import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { staleFiles, settingFiles } from './generated-files.ts';

const root = resolve(import.meta.dirname, '../..');

test('the page of settings is what the config schemas say', async () => {
  expect(await staleFiles(root, settingFiles())).toEqual([]);
});

test.each([
  ['KAFKA_SASL_MECHANISM', /One of `PLAIN`, `SCRAM-SHA-256`/],
  ['DATABASE_POOL_MAX', /\| `10` +\|/],
  ['OIDC_ISSUER', /\| required +\|/],
  ['UPLOAD_DIR', /\| `onecount-uploads` in the folder/],
])('%s stands in it with its default and its meaning', async (name, expected) => {
  const page = await readFile(join(root, 'docs/settings.md'), 'utf8');
  expect(page.split('\n').find((line) => line.includes(`\`${name}\``))).toMatch(expected);
});
