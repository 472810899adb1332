import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@onecount/telemetry';
import {
  ask,
  seen,
  startAnswering,
  startGraph,
  startHangingServer,
  type Answer,
} from '../test/graph.ts';

function keptLog() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as never) };
  return { lines, log: createLogger({ service: 'gateway', level: 'warn', destination }) };
}

type Graph = Awaited<ReturnType<typeof startGraph>>;

// Whatever happens, an answer says nothing about the inside: no SQL, no address, no stack, no token.
function expectNothingInternal(answer: Answer): void {
  expect(answer.text).not.toMatch(
    /SELECT|tenant_id|127\.0\.0\.1|10\.0\.0|stack|node_modules|\.ts:|ECONN/,
  );
  expect(answer.text).not.toMatch(/serviceName|_entities|eyJ/);
}

describe('an error', () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await startGraph();
  });
  afterAll(() => graph.close());
  beforeEach(() => seen.splice(0));

  type Case = {
    when: string;
    query?: unknown;
    token?: string | null;
    raw?: string;
    variables?: object;
    headers?: Record<string, string>;
    status: number;
    code: string;
    subgraph?: string;
    path?: unknown[];
    data?: unknown;
  };
  const json = 'application/json';
  const invalid = 'GRAPHQL_VALIDATION_FAILED';
  const repriced = (given: string) => `{ repriced(input: { ${given} }) }`;
  const cases: Case[] = [
    { when: 'no token', token: null, status: 401, code: 'UNAUTHENTICATED' },
    { when: 'an invalid token', token: 'brooch', status: 401, code: 'UNAUTHENTICATED' },
    { when: 'an expired token', token: 'expired', status: 401, code: 'UNAUTHENTICATED' },
    {
      when: 'another scheme',
      token: null,
      headers: { authorization: 'Basic YTpi' },
      status: 401,
      code: 'UNAUTHENTICATED',
    },
    {
      when: 'a token without its scheme',
      token: null,
      headers: { authorization: 'a' },
      status: 401,
      code: 'UNAUTHENTICATED',
    },
    { when: 'no token and no JSON', token: null, raw: '{', status: 401, code: 'UNAUTHENTICATED' },
    {
      when: 'unreadable keys of the issuer',
      token: 'keys-away',
      status: 503,
      code: 'SERVICE_UNAVAILABLE',
    },
    {
      when: 'a missing scope',
      query: '{ stockTotal }',
      token: 'a|catalog:read',
      status: 200,
      code: 'FORBIDDEN',
      subgraph: 'inventory',
      path: ['stockTotal'],
      data: { stockTotal: null },
    },
    {
      when: 'half of a character in a text',
      raw: '{"query":"{ __typename }","variables":{"a":"\\ud800"}}',
      status: 400,
      code: 'BAD_USER_INPUT',
    },
    { when: 'a syntax error', query: '{ variants(', status: 400, code: 'GRAPHQL_PARSE_FAILED' },
    {
      when: 'an unknown field',
      query: '{ vaults }',
      status: 400,
      code: 'GRAPHQL_VALIDATION_FAILED',
    },
    {
      when: 'an unknown operation name',
      raw: '{"query":"query a { stockTotal }","operationName":"b"}',
      status: 400,
      code: 'OPERATION_RESOLUTION_FAILURE',
    },
    {
      when: 'a missing variable',
      query: 'query ($id: ID!) { variant(id: $id) { id } }',
      status: 400,
      code: 'BAD_USER_INPUT',
    },
    {
      when: 'a variable of another type',
      query: 'query ($n: Int) { variants(first: $n) { id } }',
      variables: { n: 'x' },
      status: 400,
      code: 'BAD_USER_INPUT',
    },
    {
      when: 'an argument that the subgraph refuses',
      query: '{ variant(id: "bad") { id } }',
      status: 200,
      code: 'BAD_USER_INPUT',
      subgraph: 'catalog',
      path: ['variant'],
      data: { variant: null },
    },
    {
      when: 'a bug in a subgraph',
      query: '{ variant(id: "bug") { id } }',
      status: 200,
      code: 'INTERNAL_SERVER_ERROR',
      subgraph: 'catalog',
      path: ['variant'],
      data: { variant: null },
    },
    {
      when: 'a bug at an entity',
      query: '{ variant(id: "stock-bug") { id stock { available } } }',
      status: 200,
      code: 'INTERNAL_SERVER_ERROR',
      subgraph: 'inventory',
      path: ['variant', 'stock'],
      data: { variant: { id: 'stock-bug', stock: null } },
    },
    { when: 'a subscription', query: 'subscription { x }', status: 400, code: invalid },
    { when: 'an answer as __proto__', query: '{ __proto__: whoAmI }', status: 400, code: invalid },
    {
      when: 'an inner answer as __proto__',
      query: '{ variant(id: "a") { __proto__: id } }',
      status: 400,
      code: invalid,
    },
    {
      when: 'a day for an instant',
      query: repriced('at: "2026-11-29"'),
      status: 400,
      code: invalid,
    },
    {
      when: 'an instant without a zone',
      query: repriced('at: "2026-11-29T10:00:00"'),
      status: 400,
      code: invalid,
    },
    { when: 'no currency', query: repriced('currencyCode: "us"'), status: 400, code: invalid },
    { when: 'no decimal', query: repriced('amount: "abc"'), status: 400, code: invalid },
    { when: 'a number for a decimal', query: repriced('amount: 12.5'), status: 400, code: invalid },
    {
      when: 'a wrong default of a variable',
      query: `query ($c: CurrencyCode = "us") ${repriced('currencyCode: $c')}`,
      status: 400,
      code: invalid,
    },
    {
      when: 'the same in a variable',
      query: 'query ($i: RepriceInput!) { repriced(input: $i) }',
      variables: { i: { amount: 12.5 } },
      status: 400,
      code: 'BAD_USER_INPUT',
    },
    {
      when: 'introspection',
      query: '{ __schema { types { name } } }',
      status: 400,
      code: 'GRAPHQL_VALIDATION_FAILED',
    },
    {
      when: 'a batch',
      raw: '[{"query":"{ stockTotal }"},{"query":"{ stockTotal }"}]',
      status: 400,
      code: 'BAD_REQUEST',
    },
    { when: 'no query', raw: '{"variables":{}}', status: 400, code: 'BAD_REQUEST' },
    { when: 'an empty object', raw: '{}', status: 400, code: 'BAD_REQUEST' },
    { when: 'a body that is no JSON', raw: '{"query":', status: 400, code: 'BAD_REQUEST' },
    {
      when: 'a form',
      raw: 'query=%7B',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      status: 415,
      code: 'BAD_REQUEST',
    },
    {
      when: 'plain text, which any page may send',
      raw: '{"query":"{ stockTotal }"}',
      headers: { 'content-type': 'text/plain' },
      status: 415,
      code: 'BAD_REQUEST',
    },
    {
      when: 'a body above 256 KB',
      raw: JSON.stringify({ query: '{ stockTotal }', variables: { x: 'x'.repeat(257 * 1024) } }),
      status: 413,
      code: 'LIMIT_EXCEEDED',
    },
    {
      when: 'an unknown persisted query',
      raw: `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${'0'.repeat(64)}"}}}`,
      status: 200,
      code: 'PERSISTED_QUERY_NOT_FOUND',
    },
  ];

  it.each(cases)('on $when is $status $code', async (one) => {
    const answer = await ask(graph.graphqlUrl, one.query ?? '{ stockTotal }', {
      token: one.token === undefined ? 'a' : one.token,
      variables: one.variables,
      raw: one.raw,
      headers: { 'content-type': json, ...one.headers },
    });
    expect(answer.body.errors).toHaveLength(1);
    const error = answer.body.errors![0]!;
    expect([answer.status, error.extensions['code']]).toEqual([one.status, one.code]);
    expect(error.extensions['subgraph']).toBe(one.subgraph);
    expect(error.path).toEqual(one.path);
    if (one.data !== undefined) expect(answer.body.data).toEqual(one.data);
    if (one.subgraph === undefined) expect(seen).toEqual([]);
    expectNothingInternal(answer);
  });

  it.each([
    ['text/html', 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
  ])('is none for the accept header %s: it gets %s', async (accept, type) => {
    const answer = await ask(graph.graphqlUrl, '{ stockTotal }', { headers: { accept } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
  });

  it('of authentication says how to do better', async () => {
    const challenge = async (token: string | null) =>
      (await ask(graph.graphqlUrl, '{ stockTotal }', { token })).headers.get('www-authenticate');
    expect(await challenge(null)).toBe('Bearer');
    expect(await challenge('expired')).toBe('Bearer error="invalid_token"');
  });

  it.each(['PATCH', 'PUT', 'DELETE'])('answers %s with the method that works', async (method) => {
    const answer = await fetch(`${graph.graphqlUrl}?query={stockTotal}`, {
      method,
      headers: { authorization: 'Bearer a' },
    });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect(await answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
  });

  it.each([
    [{ graade: 'ANTIQUE', amount: 'secret' }, '$i" got an invalid value; Field "graade" is not'],
    [{ grade: 'ANTIQU' }, '$i" got an invalid value at "i.grade"; Value "ANTIQU" does not exist'],
  ])(
    'of a variable repeats no more than the wrong part, and guesses no name: %j',
    async (i, told) => {
      const query = 'query ($i: RepriceInput!) { repriced(input: $i) }';
      const { text, body } = await ask(graph.graphqlUrl, query, { variables: { i } });
      expect(body.errors?.map(({ message }) => message)).toContainEqual(
        expect.stringContaining(told),
      );
      expect(text).not.toMatch(/Did you mean|secret.*amount/);
    },
  );

  it('keeps the data that a failing part does not concern', async () => {
    const query = '{ a: variant(id: "v1") { id } b: variant(id: "bug") { id } stockTotal }';
    const { body } = await ask(graph.graphqlUrl, query);
    expect(body.data).toEqual({ a: { id: 'v1' }, b: null, stockTotal: 42 });
    expect(body.errors).toHaveLength(1);
  });
});

const page = '{ stockTotal variants(first: 3) { title stock { available } reserved } }';
const withoutStock = { title: expect.any(String), stock: null, reserved: null };

describe('a dead subgraph', () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await startGraph();
    await ask(graph.graphqlUrl, page);
    await graph.stopSubgraph('inventory');
  });
  afterAll(() => graph.close());

  it('leaves the data of the others and one error, although two fetches needed it', async () => {
    const answer = await ask(graph.graphqlUrl, page);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      data: { stockTotal: null, variants: [withoutStock, withoutStock, withoutStock] },
      errors: [
        {
          message: 'inventory is not available.',
          path: ['stockTotal'],
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'inventory' },
        },
      ],
    });
    expectNothingInternal(answer);
  });

  it('fails a mutation of its own and stops nothing else', async () => {
    const failed = await ask(
      graph.graphqlUrl,
      'mutation { stockReceive(id: "x", quantity: 1) { quantity } }',
    );
    expect(failed.body).toMatchObject({
      data: null,
      errors: [
        {
          path: ['stockReceive'],
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'inventory' },
        },
      ],
    });
    expect(
      (await ask(graph.graphqlUrl, '{ variant(id: "v1") { title } }')).body.errors,
    ).toBeUndefined();
  });

  it('is named by the health page, which stays green for the rest', async () => {
    const answer = await fetch(`${graph.url}/health/ready`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        status: 'degraded',
        subgraphs: {
          catalog: { status: 'up' },
          inventory: { status: 'down', reason: 'refuses connections' },
        },
      },
    ]);
  });
});

describe('a subgraph that does not come back in time', () => {
  it('is cut off, and the answer says which, where, and of a mutation what to do', async () => {
    const hanging = await startHangingServer();
    const graph = await startGraph({
      subgraphUrls: { inventory: hanging.url },
      inventoryTimeoutMs: 300,
    });
    try {
      const answer = await ask(graph.graphqlUrl, page);
      expect(answer.status).toBe(200);
      expect(answer.body.data).toEqual({
        stockTotal: null,
        variants: [withoutStock, withoutStock, withoutStock],
      });
      expect(answer.body.errors).toEqual([
        {
          message: 'inventory did not answer within 300 ms. Send the request again.',
          path: ['stockTotal'],
          extensions: { code: 'SUBGRAPH_TIMEOUT', subgraph: 'inventory' },
        },
      ]);
      const entity = await ask(graph.graphqlUrl, '{ all: variants(first: 2) { reserved } }');
      expect(entity.body.errors).toMatchObject([{ path: ['all', 0, 'reserved'] }]);
      const mutation = 'mutation { got: stockReceive(id: "x", quantity: 1) { quantity } }';
      expect((await ask(graph.graphqlUrl, mutation)).body.errors).toMatchObject([
        { message: expect.stringContaining('the same idempotencyKey'), path: ['got'] },
      ]);
      const health = (await (await fetch(`${graph.url}/health/ready`)).json()) as object;
      expect(health).toMatchObject({
        subgraphs: { inventory: { status: 'down', reason: 'does not answer within 1000 ms' } },
      });
    } finally {
      await graph.close();
      await hanging.close();
    }
  });
});

describe('a subgraph that answers nonsense', () => {
  const entity = { id: 'v0', __typename: 'Variant' };
  it.each([
    ['a page of a proxy', 502, '<html>10.0.0.7 is down</html>', 'SUBGRAPH_UNAVAILABLE'],
    ['while it drains', 503, '{"errors":[{"message":"draining"}]}', 'SUBGRAPH_UNAVAILABLE'],
    ['no JSON', 200, 'hello from 10.0.0.7', 'SUBGRAPH_UNAVAILABLE'],
    ['JSON that is no response', 200, '{"hello":1}', 'SUBGRAPH_UNAVAILABLE'],
    ['null', 200, 'null', 'SUBGRAPH_UNAVAILABLE'],
    [
      'more than the limit',
      200,
      JSON.stringify({ data: { stockTotal: 1, x: 'x'.repeat(70_000) } }),
      'SUBGRAPH_UNAVAILABLE',
    ],
    [
      'that the internal token is wrong',
      401,
      '{"errors":[{"message":"kid","extensions":{"code":"UNAUTHENTICATED"}}]}',
      'SUBGRAPH_UNAVAILABLE',
    ],
    [
      'that the fetch is invalid',
      400,
      '{"errors":[{"message":"Unknown SELECT","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}',
      'INTERNAL_SERVER_ERROR',
    ],
    [
      'an error without a code',
      200,
      '{"data":{"stockTotal":null},"errors":[{"message":"SELECT 1"}]}',
      'INTERNAL_SERVER_ERROR',
    ],
    [
      'an error with a code of its own',
      200,
      '{"data":{"stockTotal":null},"errors":[{"message":"SELECT 1","extensions":{"code":"PG_23505","stack":"at x.ts:1"}}]}',
      'INTERNAL_SERVER_ERROR',
    ],
    [
      'too few entities',
      200,
      JSON.stringify({ data: { _entities: [entity], stockTotal: 1 } }),
      'INTERNAL_SERVER_ERROR',
    ],
  ])('(%s) is named by the code', async (_what, status, body, code) => {
    const answering = await startAnswering(status, body);
    const graph = await startGraph({
      subgraphUrls: { inventory: answering.url },
      responseBytesMax: 65_536,
    });
    try {
      const answer = await ask(
        graph.graphqlUrl,
        '{ stockTotal variants(first: 2) { title stock { available } } }',
      );
      expect(answer.status).toBe(200);
      const titles = (answer.body.data?.['variants'] as { title: string }[]).map(
        (one) => one.title,
      );
      expect(titles).toEqual(['Brooch v0', 'Brooch v1']);
      const codes = new Set(answer.body.errors?.map((error) => error.extensions['code']));
      expect([...codes]).toEqual([code]);
      expectNothingInternal(answer);
    } finally {
      await graph.close();
      await answering.close();
    }
  });

  it('(a null where a value must be) never passes for the truth', async () => {
    const answering = await startAnswering(200, '{"data":{"_entities":[{"mustBeThere":null}]}}');
    const graph = await startGraph({ subgraphUrls: { inventory: answering.url } });
    try {
      const answer = await ask(graph.graphqlUrl, '{ variant(id: "v1") { id mustBeThere } }');
      expect(answer.body).toMatchObject({
        data: { variant: null },
        errors: [
          { path: ['variant', 'mustBeThere'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
        ],
      });
      expect(answer.text).not.toContain('valueCompletion');
    } finally {
      await graph.close();
      await answering.close();
    }
  });
});

describe('a gateway whose tokens the subgraphs do not accept', () => {
  const hours = (count: number) => ({ signedAt: () => Date.now() + count * 3_600_000 });

  it.each([
    ['they do not know its key', { signedAs: 'someone' }],
    ['its clock is a day late', hours(-24)],
    ['its clock is a day ahead', hours(24)],
  ])('(%s) says that they are not available, and once in its log', async (_, signing) => {
    const { log, lines } = keptLog();
    const graph = await startGraph({ ...signing, gateway: { log } });
    const receive = 'mutation { stockReceive(id: "x", quantity: 1) { quantity } }';
    try {
      for (const query of ['{ stockTotal }', receive]) {
        const answer = await ask(graph.graphqlUrl, query);
        expect(answer.body.errors).toMatchObject([
          {
            message: 'inventory does not accept requests of this gateway at the moment.',
            extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'inventory' },
          },
        ]);
        expectNothingInternal(answer);
      }
    } finally {
      await graph.close();
    }
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
      { subgraph: 'inventory', msg: expect.stringMatching(/compare the clocks/) as string },
    ]);
  });

  it('says by how much its clock is ahead of theirs, and when all is well again', async () => {
    const { log, lines } = keptLog();
    let status = 401;
    const date = new Date(Date.now() - 86_400_000).toUTCString();
    const inventory = createServer((request, response) => {
      const errors = [{ message: 'No.', extensions: { code: 'UNAUTHENTICATED' } }];
      response.writeHead(status, { date });
      response.end(JSON.stringify(status === 200 ? { data: { stockTotal: 7 } } : { errors }));
      request.resume();
    }).listen(0, '127.0.0.1');
    await once(inventory, 'listening');
    const url = `http://127.0.0.1:${(inventory.address() as AddressInfo).port}`;
    const graph = await startGraph({ subgraphUrls: { inventory: url }, gateway: { log } });
    try {
      await ask(graph.graphqlUrl, '{ stockTotal }');
      status = 200;
      const { body } = await ask(graph.graphqlUrl, '{ stockTotal }');
      expect(body).toEqual({ data: { stockTotal: 7 } });
    } finally {
      await graph.close();
      inventory.close();
    }
    const [refused, accepted] = lines.filter(({ subgraph }) => subgraph === 'inventory');
    expect(Number(refused?.['clockAheadSeconds'])).toBeGreaterThanOrEqual(86_400);
    expect(accepted).toMatchObject({
      level: 'warn',
      msg: expect.stringMatching(/again/) as string,
    });
  });
});

it('all subgraphs away make the gateway unavailable for a balancer', async () => {
  const nobody = 'http://127.0.0.1:1';
  const graph = await startGraph({ subgraphUrls: { catalog: nobody, inventory: nobody } });
  const answer = await fetch(`${graph.url}/health/ready`);
  expect([answer.status, ((await answer.json()) as { status: string }).status]).toEqual([
    503,
    'unavailable',
  ]);
  await graph.close();
});
