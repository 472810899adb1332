import { ApolloServer } from '@apollo/server';
import { ask, seen, startGraph } from '../test/graph.ts';

let graph: Awaited<ReturnType<typeof startGraph>>;
const pipeline = jest.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');
beforeAll(async () => void (graph = await startGraph()));
afterAll(() => graph.close());

type Asking = { query: string; variables?: object; token?: string | null; accept?: string };

const send = ({ query, variables, token, accept }: Asking, more: object = {}) =>
  ask(graph.graphqlUrl, query, {
    ...(token === undefined ? {} : { token }),
    raw: JSON.stringify({ query, variables, ...more }),
    headers: { 'x-request-id': 'r-1', ...(accept ? { accept } : {}) },
  });

// The subgraphs of these tests run ApolloServers in this process too; those are handed all headers.
const callsOfGateway = () =>
  pipeline.mock.calls.filter(([call]) => !call.httpGraphQLRequest.headers.has('authorization'))
    .length;

/** What a client sees, and how often ApolloServer and the subgraphs were asked for it. */
async function observed(sending: () => ReturnType<typeof send>) {
  pipeline.mockClear();
  seen.length = 0;
  const { status, headers, text } = await sending();
  const [type, challenge] = ['content-type', 'www-authenticate'].map((name) => headers.get(name));
  const subgraphs = seen.map((one) => one.subgraph);
  return { status, type, challenge, text, subgraphs, toApollo: callsOfGateway() };
}

const page = 'query ($n: Int!) { variants(first: $n) { id title stock { available } } }';
const bad =
  'mutation ($t: String!) { a: variantRename(id: "k", title: $t) { __typename } b: stockReceive(id: "stock-bug", quantity: 1) { variant { stock { available } } } }';

// Extensions, even none of them, make ApolloServer look at a request.
const bothWays = async (known: Asking, asking: Asking) => {
  await send(known);
  const direct = await observed(() => send(asking));
  const { toApollo: _one, ...byApollo } = await observed(() => send(asking, { extensions: {} }));
  return { direct, byApollo };
};

describe('a known operation', () => {
  it.each<[string, Asking]>([
    ['of one subgraph', { query: '{ stockTotal }' }],
    ['of two', { query: page, variables: { n: 3 } }],
    ['that finds nothing', { query: '{ variant(id: "gone") { id } }' }],
    ['that needs no subgraph', { query: '{ __typename }' }],
    [
      'that is refused as data',
      { query: 'mutation { variantRename(id: "gone", title: "x") { ... on UserError { code } } }' },
    ],
  ])('%s is answered without ApolloServer as ApolloServer answers it', async (_what, asking) => {
    const { direct, byApollo } = await bothWays(asking, asking);
    const { toApollo, ...answer } = direct;
    expect(toApollo).toBe(0);
    expect(answer).toEqual(byApollo);
    expect(JSON.parse(answer.text)).not.toHaveProperty('errors');
  });

  it.each<[string, Asking, Partial<Asking>, string, number]>([
    [
      'asks for too many rows',
      { query: page, variables: { n: 1 } },
      { variables: { n: 10_001 } },
      'LIMIT_EXCEEDED',
      0,
    ],
    [
      'brings a variable of another type',
      { query: page, variables: { n: 1 } },
      { variables: { n: 'x' } },
      'BAD_USER_INPUT',
      0,
    ],
    [
      'brings null for a required variable',
      { query: page, variables: { n: 1 } },
      { variables: { n: null } },
      'BAD_USER_INPUT',
      0,
    ],
    [
      'lacks a variable',
      { query: page, variables: { n: 1 } },
      { variables: {} },
      'BAD_USER_INPUT',
      0,
    ],
    [
      'brings variables as a list',
      { query: page, variables: { n: 1 } },
      { variables: [1] },
      'BAD_REQUEST',
      0,
    ],
    ['lacks a scope', { query: '{ stockTotal }' }, { token: 'a|catalog:read' }, 'FORBIDDEN', 1],
    [
      'fails in a subgraph',
      { query: '{ variant(id: "bug") { id } }' },
      {},
      'INTERNAL_SERVER_ERROR',
      1,
    ],
    [
      'is refused by a subgraph',
      { query: '{ variant(id: "bad") { id } }' },
      {},
      'BAD_USER_INPUT',
      1,
    ],
    ['fails after a mutation', { query: bad, variables: { t: 'x' } }, {}, 'INTERNAL', 2],
  ])('that %s fails as ApolloServer says it, and nothing is asked twice', async (...given) => {
    const [, known, change, code, subgraphs] = given;
    const { direct, byApollo } = await bothWays(known, { ...known, ...change });
    const { toApollo, ...answer } = direct;
    expect(answer).toEqual(byApollo);
    expect(answer.text).toContain(`"code":"${code}`);
    expect([toApollo, answer.subgraphs.length]).toEqual([1, subgraphs]);
  });

  it('is not answered to who brings no token', async () => {
    await send({ query: '{ stockTotal }' });
    const refused = await observed(() => send({ query: '{ stockTotal }', token: null }));
    expect([refused.status, refused.challenge, refused.subgraphs]).toEqual([401, 'Bearer', []]);
  });

  it('has the media type that the client asks for', async () => {
    const accept = 'application/graphql-response+json';
    await send({ query: '{ stockTotal }' });
    const answer = await observed(() => send({ query: '{ stockTotal }', accept }));
    expect(answer).toMatchObject({ status: 200, type: `${accept}; charset=utf-8`, toApollo: 1 });
  });
});
