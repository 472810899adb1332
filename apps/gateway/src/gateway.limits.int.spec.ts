import { getIntrospectionQuery } from 'graphql';
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

describe('a query above a limit is refused before any subgraph is asked', () => {
  it.each<[string, string, object]>([
    ['aliases', aliases(31), {}],
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

  it('the explorer needs nothing but this server', async () => {
    const page = await fetch(development.graphqlUrl, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await page.text();
    expect(html).not.toMatch(/https?:\/\//);
    const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
    expect(addresses).toHaveLength(5);
    for (const address of addresses) {
      const asset = await fetch(`${development.url}${address}`);
      expect([address, asset.status]).toEqual([address, 200]);
    }
    expect((await fetch(`${development.url}/explorer/constructor`)).status).toBe(404);
    expect((await fetch(`${development.url}/explorer/..%2f..%2fpackage.json`)).status).toBe(404);
  });
});

it('in production there is no explorer, no introspection and no hint of a name', async () => {
  expect((await fetch(graph.graphqlUrl, { headers: { accept: 'text/html' } })).status).toBe(405);
  expect((await fetch(`${graph.url}/explorer/graphiql.js`)).status).toBe(404);
  const typo = await ask(graph.graphqlUrl, '{ stockTota }');
  expect(typo.text).not.toContain('stockTotal');
});
