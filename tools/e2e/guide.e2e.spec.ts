import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { graphqlClient } from '@onecount/testing';
import type { Json } from '../guide/guide.ts';
import { playGuide } from '../guide/play.ts';
import { startTestSystem, type TestSystem } from './support/test-system.ts';

/** What the documentation shows as an answer is the answer. */
let test_: TestSystem;
beforeAll(async () => {
  test_ = await startTestSystem();
});
afterAll(() => test_?.stop());

const page = join(import.meta.dirname, '../../docs/day-in-a-shop.md');

test('a day in a shop goes as its page says', async () => {
  const client = graphqlClient(test_.system.graphqlUrl, test_.system.tokens.owner);
  const ask = async (query: string, variables: Json) =>
    (await client.data<Json>(query, variables as never)) as Json;
  expect(await playGuide(await readFile(page, 'utf8'), ask)).toBeGreaterThan(30);
});

test('after it every promise holds', async () => {
  expect(await test_.violations()).toEqual([]);
});
