import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import { request } from 'undici';
import { ask, seen, startGraph } from '../test/graph.ts';

let graph: Awaited<ReturnType<typeof startGraph>>;
let development: Awaited<ReturnType<typeof startGraph>>;
beforeAll(async () => {
  graph = await startGraph();
  development = await startGraph({ gateway: { hasIntrospection: true, hasExplorer: true } });
});
afterAll(() => Promise.all([graph.close(), development.close()]));
beforeEach(() => seen.splice(0));

const aliases = (count: number) =>
  `{ ${Array.from({ length: count }, (_, i) => `a${i}: stockTotal`).join(' ')} }`;
const directives = (count: number) =>
  `{ ${Array.from({ length: count }, (_, i) => `a${i}: stockTotal @skip(if: false) @include(if: true)`).join(' ')} }`;
const nested = (depth: number) => {
  const level = (left: number): string =>
    left === 0 ? 'id' : `... on Variant { ${level(left - 1)} }`;
  return `{ variants(first: 1) { ${level(depth)} } }`;
};

const fields = (count: number) => 'id title price { amount } '.repeat(count / 4);
// Each fragment spreads the next twenty times over.
const spread = (depth: number) => {
  const names = Array.from({ length: depth + 1 }, (_, i) => `F${i}`);
  const next = (i: number) => (i < depth ? `...F${i + 1} `.repeat(20) : '__typename stockTotal');
  return `{ ...F0 } ${names.map((name, i) => `fragment ${name} on Query { ${next(i)} }`).join(' ')}`;
};
const equalFragments = (count: number) => {
  const names = Array.from({ length: count }, (_, i) => `F${i}`);
  return `{ variants(first: 1) { ${names.map((name) => `...${name}`).join(' ')} } } ${names.map((name) => `fragment ${name} on Variant { id title }`).join(' ')}`;
};

describe('a query above a limit is refused before any subgraph is asked', () => {
  it.each<[string, string, object]>([
    ['aliases', aliases(31), {}],
    ['fields', `{ variants(first: 1) { ${fields(810)} } }`, {}],
    ['fields by fragments', spread(2), {}],
    ['fields by fragments, beyond counting', spread(60), {}],
    [
      'aliases by fragments',
      `{ ${'...A '.repeat(30)} } fragment A on Query { a: stockTotal b: received }`,
      {},
    ],
    [
      'fields under one name',
      `{ ${`variants(first: 1) { ${'id '.repeat(14)} } `.repeat(14)} }`,
      {},
    ],
    ['equal fragments', equalFragments(120), {}],
    ['depth', nested(30), {}],
    ['directives', directives(16), {}],
    ['tokens', `{ ${'stockTotal '.repeat(2_100)} }`, {}],
    [
      'cost',
      '{ variants(first: 9000) { id title price { amount currencyCode } stock { available levels(first: 1) { onHand } } } }',
      {},
    ],
    [
      'rows by literals',
      '{ variants(first: 1001) { stock { levels(first: 10) { onHand } } } }',
      {},
    ],
    ['rows by variables', 'query ($n: Int = 10001) { variants(first: $n) { id } }', {}],
    [
      'rows by a fragment',
      'query ($n: Int!) { variants(first: $n) { ...F } } fragment F on Variant { stock { levels(first: 100) { onHand } } }',
      { n: 1_000 },
    ],
  ])('%s', async (_limit, query, variables) => {
    const answer = await ask(graph.graphqlUrl, query, { variables });
    expect([answer.status, answer.body.errors?.map((error) => error.extensions['code'])]).toEqual([
      400,
      ['LIMIT_EXCEEDED'],
    ]);
    expect(seen).toEqual([]);
  });

  it('recursion over fragments', async () => {
    const fragments = Array.from(
      { length: 12 },
      (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} ...F${i + 1} ...F${i + 1} }`,
    );
    const query = `{ ...F0 } ${fragments.join(' ')} fragment F12 on Query { stockTotal }`;
    const answer = await ask(graph.graphqlUrl, query);
    expect(answer.status).toBe(400);
    expect(seen).toEqual([]);
  });
});

it.each([
  ['30 aliases', aliases(30)],
  ['rows within the bound', 'query { variants(first: 500) { id } }'],
])('%s pass', async (_what, query) => {
  const answer = await ask(graph.graphqlUrl, query);
  expect([answer.status, answer.body.errors]).toEqual([200, undefined]);
});

describe('in development', () => {
  it('the schema is open without a token, the data is not', async () => {
    const schema = await ask(development.graphqlUrl, '{ __schema { queryType { name } } }', {
      token: null,
    });
    expect(schema.body).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
    for (const query of ['{ stockTotal }', '{ __typename stockTotal }']) {
      const data = await ask(development.graphqlUrl, query, { token: null });
      expect([data.status, data.body.errors?.[0]?.extensions['code']]).toEqual([
        401,
        'UNAUTHENTICATED',
      ]);
    }
    const wrong = await ask(development.graphqlUrl, '{ __typename }', { token: 'brooch' });
    expect(wrong.status).toBe(401);
    expect(seen).toEqual([]);
  });

  it('the whole schema is within the limits, as the explorer asks for it', async () => {
    const schema = await ask(development.graphqlUrl, getIntrospectionQuery(), { token: null });
    expect([schema.status, schema.body.errors]).toEqual([200, undefined]);
  });

  it('only a browser that comes by its address line gets the explorer', async () => {
    const get = async (search: string, headers: Record<string, string>) => {
      const answer = await request(`${development.graphqlUrl}${search}`, { headers });
      await answer.body.dump();
      return [answer.statusCode, String(answer.headers['content-type']).split(';')[0]];
    };
    const browser = { accept: 'text/html,*/*', 'sec-fetch-mode': 'navigate' };
    const authorization = 'Bearer a';
    expect(await get('', browser)).toEqual([200, 'text/html']);
    const json = [200, 'application/json'];
    expect(await get('?query={stockTotal}', { ...browser, authorization })).toEqual(json);
    const fetched = { accept: 'text/html,*/*', 'sec-fetch-mode': 'cors', authorization };
    expect(await get('?query={stockTotal}', fetched)).toEqual(json);
    expect(await get('', fetched)).toEqual([400, 'application/json']);
  });

  it('the explorer needs nothing but this server', async () => {
    // fetch says of itself that it is no navigation.
    const page = await request(development.graphqlUrl, { headers: { accept: 'text/html' } });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const html = await page.body.text();
    expect(html).not.toMatch(/https?:\/\//);
    const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
    expect(addresses).toHaveLength(5);
    for (const address of addresses) {
      const asset = await fetch(`${development.url}${address}`);
      expect([address, asset.status]).toEqual([address, 200]);
    }
    expect((await fetch(`${development.url}/explorer/constructor`)).status).toBe(404);
    expect((await fetch(`${development.url}/explorer/tokens.json`)).status).toBe(404);
    expect((await fetch(`${development.url}/explorer/..%2f..%2fpackage.json`)).status).toBe(404);
  });
});

it('the explorer offers the development tokens to its own page and to nobody else', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'onecount-explorer-'));
  const explorerTokensFile = path.join(folder, 'dev.json');
  const ready = await startGraph({ gateway: { hasExplorer: true, explorerTokensFile } });
  const get = async (headers: Record<string, string>) => {
    const answer = await request(`${ready.url}/explorer/tokens.json`, { headers });
    return [answer.statusCode, await answer.body.text()];
  };
  const own = { 'sec-fetch-site': 'same-origin' };
  expect((await get(own))[0]).toBe(404);
  await writeFile(explorerTokensFile, '{"tokens":{"owner":"t"},"postgres":{"url":"secret"}}');
  expect(await get(own)).toEqual([200, '{"owner":"t"}']);
  expect((await get({ 'sec-fetch-site': 'cross-site' }))[0]).toBe(404);
  expect((await get({ ...own, host: 'rebound.example:4000' }))[0]).toBe(404);
  await ready.close();
  await rm(folder, { recursive: true });
});

it('the operations that the explorer opens with fit the schema', () => {
  const read = (file: string) => readFileSync(path.join(import.meta.dirname, file), 'utf8');
  const document = parse(read('explorer/explorer.operations.graphql'));
  expect(validate(buildSchema(read('../api.graphql')), document)).toEqual([]);
  expect(document.definitions.length).toBeGreaterThan(3);
});

it('in production there is no explorer, no introspection and no hint of a name', async () => {
  expect((await fetch(graph.graphqlUrl, { headers: { accept: 'text/html' } })).status).toBe(401);
  expect((await fetch(`${graph.url}/explorer/graphiql.js`)).status).toBe(404);
  const typo = await ask(graph.graphqlUrl, '{ stockTota }');
  expect(typo.text).not.toContain('stockTotal');
});
