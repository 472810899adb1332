import { request as httpRequest } from 'node:http';
import { batches, post, startGallery, type GalleryToken } from '../test/gallery.ts';

let gallery: Awaited<ReturnType<typeof startGallery>>;
beforeAll(async () => void (gallery = await startGallery()));
afterAll(() => gallery.close());

async function ask(query: string, variables: object = {}, of: GalleryToken = {}) {
  return post(gallery.url, { query, variables }, await authorization(of));
}

async function authorization(of: GalleryToken = {}) {
  return { authorization: `Bearer ${await gallery.token(of)}` };
}

const representations = (count: number) =>
  Array.from({ length: count }, () => ({ __typename: 'Piece', id: 'a' }));
const entities = 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Piece { id } } }';
const deep = `{ chain { ${'next { '.repeat(24)} name ${'}'.repeat(24)} } }`;
const aliases = `{ ${Array.from({ length: 201 }, (_, i) => `a${i}: whoAmI`).join(' ')} }`;
const repeated = `{ ${'whoAmI '.repeat(8001)} }`;

// Only the clock is moved: sockets and promises go on as they do.
const realTimers = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'nextTick',
  'queueMicrotask',
  'hrtime',
  'performance',
] as const;

describe('what a subgraph refuses', () => {
  test.each([
    ['a subscription', 'subscription { x }', 'The schema has no subscriptions.'],
    ['an answer as __proto__', '{ __proto__: whoAmI }', 'A field cannot be answered as __proto__.'],
  ])('%s: 400, and not as a mistake of ours', async (_what, query, message) => {
    expect(await ask(query)).toMatchObject({
      status: 400,
      body: { errors: [{ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
    });
  });

  test.each([
    [
      'in a variable',
      { query: '{ whoAmI }', variables: { note: ['ok', 'a\ud800'] } },
      'variables.note.1',
    ],
    ['in a key', { query: '{ whoAmI }', variables: { '\udc00': 1 } }, 'variables.a name'],
    ['in the operation', { query: '{ whoAmI } # \ud800' }, 'query'],
  ])('half of a character %s: 400, and where it stands', async (_where, body, path) => {
    expect(await post(gallery.url, body, await authorization())).toEqual({
      status: 400,
      body: {
        errors: [
          {
            message: `${path} contains half of a character (a surrogate without its pair).`,
            extensions: { code: 'BAD_USER_INPUT' },
          },
        ],
      },
    });
  });

  test('a whole character of two halves: answered', async () => {
    const body = '{"query":"{ whoAmI }","variables":{"a":"\\ud83d\\udc8e"}}';
    const answer = await post(gallery.url, body, await authorization());
    expect([answer.status, answer.body.errors]).toEqual([200, undefined]);
  });

  const missing = 'This service answers only with an internal token.';
  const invalid = 'The internal token is not valid for this service.';
  test.each<[string, () => Promise<Record<string, string | undefined>>, string]>([
    ['no token', async () => ({}), missing],
    ['another scheme', async () => ({ authorization: 'Basic YTpi' }), missing],
    ['nonsense', async () => ({ authorization: 'Bearer nonsense' }), invalid],
    ['an audience of another service', () => authorization({ audience: 'pos' }), invalid],
    ['a signature cut short', async () => shortened(await authorization()), invalid],
  ])('%s: UNAUTHENTICATED, schema and entities included', async (_what, headers, message) => {
    for (const query of ['{ whoAmI }', '{ _service { sdl } }', '{ __typename }', entities, '{']) {
      const answer = await post(gallery.url, { query }, await headers());
      expect(answer).toEqual({
        status: 401,
        body: { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] },
      });
    }
  });

  test('an expired token: UNAUTHENTICATED', async () => {
    const headers = await authorization();
    jest.useFakeTimers({ now: Date.now() + 120_000, doNotFake: [...realTimers] });
    const answer = await post(gallery.url, { query: '{ whoAmI }' }, headers);
    jest.useRealTimers();
    expect(answer.status).toBe(401);
    expect(answer.body.errors).toEqual([
      { message: 'The internal token has expired.', extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });

  test.each<[string, string, number, string, string]>([
    [
      'a body over 256 KB',
      JSON.stringify({ query: `{ whoAmI } #${'x'.repeat(262_144)}` }),
      413,
      'LIMIT_EXCEEDED',
      'The request body is larger than 256 KB.',
    ],
    [
      'a body that is no JSON',
      '{"query":',
      400,
      'BAD_REQUEST',
      'The request body is not valid JSON.',
    ],
    [
      'a list of operations',
      '[{"query":"{ whoAmI }"}]',
      400,
      'BAD_REQUEST',
      'Operation batching disabled.',
    ],
    [
      'an empty object',
      '{}',
      400,
      'BAD_REQUEST',
      'POST body missing, invalid Content-Type, or JSON object has no keys.',
    ],
    [
      'a syntax error',
      '{"query":"{ whoAmI"}',
      400,
      'GRAPHQL_PARSE_FAILED',
      'Syntax Error: Expected Name, found <EOF>.',
    ],
    [
      'an unknown field',
      '{"query":"{ nope }"}',
      400,
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot query field "nope" on type "Query".',
    ],
    [
      'an unknown operation',
      '{"query":"query A { whoAmI }","operationName":"B"}',
      400,
      'OPERATION_RESOLUTION_FAILURE',
      'Unknown operation named "B".',
    ],
    [
      'a persisted query',
      '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}',
      200,
      'PERSISTED_QUERY_NOT_SUPPORTED',
      'PersistedQueryNotSupported',
    ],
    [
      'a deep query',
      JSON.stringify({ query: deep }),
      400,
      'LIMIT_EXCEEDED',
      'Query depth limit of 25 exceeded, found 26.',
    ],
    [
      '201 aliases',
      JSON.stringify({ query: aliases }),
      400,
      'LIMIT_EXCEEDED',
      'Aliases limit of 200 exceeded, found 201.',
    ],
    [
      '8003 tokens',
      JSON.stringify({ query: repeated }),
      400,
      'LIMIT_EXCEEDED',
      'Document contains more that 8000 tokens. Parsing aborted.',
    ],
    [
      '501 representations',
      JSON.stringify({ query: entities, variables: { r: representations(501) } }),
      200,
      'LIMIT_EXCEEDED',
      'At most 500 representations are resolved in one request, not 501.',
    ],
    [
      'a representation of no entity',
      JSON.stringify({ query: entities, variables: { r: [{ __typename: 'Query' }] } }),
      200,
      'BAD_USER_INPUT',
      'A representation must be an object whose __typename is an entity of this subgraph.',
    ],
    [
      'a malformed variable',
      JSON.stringify({
        query: 'query($f: Int) { pieces(first: $f) { nodes { id } } }',
        variables: { f: 'x' },
      }),
      400,
      'BAD_USER_INPUT',
      'Variable "$f" got invalid value "x"; Int cannot represent non-integer value: "x"',
    ],
    [
      'a page that is too long',
      JSON.stringify({ query: '{ pieces(first: 101) { nodes { id } } }' }),
      200,
      'BAD_USER_INPUT',
      'first must be between 1 and 100, not 101.',
    ],
    [
      'a cursor that nobody gave out',
      JSON.stringify({ query: '{ pieces(after: "x") { nodes { id } } }' }),
      200,
      'BAD_USER_INPUT',
      'after must be a cursor that this list has given out.',
    ],
    [
      'introspection',
      JSON.stringify({ query: '{ __schema { types { name } } }' }),
      400,
      'GRAPHQL_VALIDATION_FAILED',
      'GraphQL introspection is not allowed by Apollo Server, but the query contained __schema or __type. To enable introspection, pass introspection: true to ApolloServer in production',
    ],
  ])('%s', async (_what, body, status, code, message) => {
    const headers = await authorization();
    // Twice, and once more: the first is run as it is, later ones compiled or from a cache.
    for (let round = 0; round < 3; round += 1) {
      const answer = await post(gallery.url, body, headers);
      const [error] = answer.body.errors ?? [];
      expect([answer.status, error?.extensions.code, error?.message]).toEqual([
        status,
        code,
        message,
      ]);
      expect(JSON.stringify(answer.body)).not.toMatch(/stack|node_modules/);
    }
  });

  test('another content type', async () => {
    const headers = { ...(await authorization()), 'content-type': 'text/plain' };
    const answer = await post(gallery.url, '{ whoAmI }', headers);
    expect(answer).toEqual({
      status: 415,
      body: {
        errors: [
          {
            message: 'The content type must be application/json.',
            extensions: { code: 'BAD_REQUEST' },
          },
        ],
      },
    });
  });

  test('representations spread over aliases', async () => {
    const fields = ['a', 'b'].map(
      (alias) => `${alias}: _entities(representations: $r) { __typename }`,
    );
    const answer = await ask(`query($r: [_Any!]!) { ${fields.join(' ')} }`, {
      r: representations(251),
    });
    expect(answer.body.errors?.[0]).toMatchObject({ extensions: { code: 'LIMIT_EXCEEDED' } });
  });

  test('a body that is announced too large is not waited for', async () => {
    const status = await declaredLength(
      gallery.url,
      300_000,
      (await authorization()).authorization,
    );
    expect(status).toBe(413);
  });
});

describe('what a caller may do', () => {
  test('a field beyond its scopes is FORBIDDEN, the rest of the answer stands', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { status, body } = await ask('{ piece(id: "a") { title cost } }');
      expect(status).toBe(200);
      expect(body.data).toEqual({ piece: { title: 'Piece a', cost: null } });
      expect(body.errors).toMatchObject([
        {
          message: 'This needs the scope catalog:write.',
          path: ['piece', 'cost'],
          extensions: { code: 'FORBIDDEN', scopes: ['catalog:write'] },
        },
      ]);
    }
  });

  test.each<[string, GalleryToken, string, boolean]>([
    [
      'writing includes reading',
      { scopes: ['catalog:write'] },
      '{ piece(id: "a") { cost } }',
      true,
    ],
    [
      'admin has every scope of the tenant',
      { scopes: ['admin'] },
      '{ piece(id: "a") { cost } }',
      true,
    ],
    [
      'reading does not include writing',
      { scopes: ['sale:read'] },
      'mutation { pieceSell(input: {idempotencyKey: "k", id: "a", price: {amount: "1", currencyCode: "EUR"}}) { __typename } }',
      false,
    ],
    [
      'any one of several scopes is enough',
      { scopes: ['shop:read'] },
      '{ piece(id: "a") { id } }',
      true,
    ],
    ['admin is no service', { scopes: ['admin'] }, 'mutation { stockTake }', false],
    [
      'a tenant cannot give itself a service scope',
      { scopes: ['service:pos'] },
      'mutation { stockTake }',
      false,
    ],
    [
      'a service is known by its key',
      { service: 'pos', scopes: [] },
      'mutation { stockTake }',
      true,
    ],
  ])('%s', async (_what, of, query, isAllowed) => {
    const { body } = await ask(query, {}, of);
    expect(body.errors?.[0]?.extensions.code).toBe(isAllowed ? undefined : 'FORBIDDEN');
  });

  test('the tenant is the one of the token', async () => {
    const answers = await Promise.all(
      ['tenant-a', 'tenant-b'].map((tenantId) => ask('{ whoAmI }', { tenantId }, { tenantId })),
    );
    expect(answers.map(({ body }) => body.data.whoAmI)).toEqual(['tenant-a', 'tenant-b']);
  });

  test('addresses beside GraphQL authenticate by themselves', async () => {
    const response = await fetch(`${gallery.url}/open`);
    expect(await response.json()).toEqual({ isOpen: true });
  });
});

describe('what a subgraph answers', () => {
  test('a failing field is masked, logged with the request id, and costs only itself', async () => {
    const headers = { ...(await authorization()), 'x-request-id': 'request-7' };
    for (let round = 0; round < 3; round += 1) {
      gallery.lines.length = 0;
      const { body } = await post(gallery.url, { query: '{ broken whoAmI }' }, headers);
      expect(body.data).toEqual({ broken: null, whoAmI: 'tenant-a' });
      expect(body.errors).toMatchObject([
        {
          message: 'Something went wrong on our side. Give the request id when you ask about it.',
          path: ['broken'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-7' },
        },
      ]);
      expect(JSON.stringify(body)).not.toContain('SELECT');
      expect(gallery.lines).toMatchObject([
        {
          level: 'error',
          requestId: 'request-7',
          tenantId: 'tenant-a',
          err: { message: 'relation "piece" does not exist: SELECT * FROM piece', code: '42P01' },
        },
      ]);
    }
  });

  test('entities are resolved in one batch, unknown ones are null, a failing part is partial data', async () => {
    const query = `query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Piece { title stock } } }`;
    const r = ['a', 'c', 'x', 'a'].map((id) => ({ __typename: 'Piece', id }));
    for (let round = 0; round < 3; round += 1) {
      batches.length = 0;
      const { body } = await ask(query, { r });
      expect(batches).toEqual([['a', 'c', 'x']]);
      expect(body.data._entities).toEqual([
        { __typename: 'Piece', title: 'Piece a', stock: 1 },
        { __typename: 'Piece', title: 'Piece c', stock: null },
        null,
        { __typename: 'Piece', title: 'Piece a', stock: 1 },
      ]);
      expect(body.errors).toMatchObject([
        { path: ['_entities', 1, 'stock'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
      ]);
    }
  });

  test('a refusal is a member of the union, a malformed input an error with its data', async () => {
    const query = `mutation($input: PieceSellInput!) { pieceSell(input: $input) {
      ... on PieceSellSuccess { piece { id } } ... on UserError { __typename code message } } }`;
    const input = { idempotencyKey: 'k', price: { amount: '12.50', currencyCode: 'EUR' } };
    const sell = async (id: string) => (await ask(query, { input: { ...input, id } })).body;
    for (let round = 0; round < 3; round += 1) {
      expect(await sell('b')).toEqual({ data: { pieceSell: { piece: { id: 'b' } } } });
      expect(await sell('x')).toEqual({
        data: {
          pieceSell: { __typename: 'NotFound', code: 'NOT_FOUND', message: 'There is no piece x.' },
        },
      });
      expect((await sell('')).errors).toMatchObject([
        {
          message: 'id must not be empty.',
          extensions: { code: 'BAD_USER_INPUT', field: 'input.id', value: '""' },
        },
      ]);
    }
  });

  test('pages follow each other without a gap', async () => {
    const query = `query($after: String) { pieces(first: 2, after: $after) {
      edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    const seen: string[][] = [];
    let after: string | undefined;
    for (let isMore = true; isMore;) {
      const { body } = await ask(query, { after });
      const { edges, pageInfo } = body.data.pieces;
      seen.push(edges.map((edge: { node: { id: string } }) => edge.node.id));
      expect(pageInfo.startCursor).toBe(edges[0].cursor);
      expect(pageInfo.hasPreviousPage).toBe(after !== undefined);
      after = pageInfo.endCursor;
      isMore = pageInfo.hasNextPage;
    }
    expect(seen).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });
});

const shortened = ({ authorization: value }: { authorization: string }) => ({
  authorization: value.slice(0, -6),
});

/** Announces a length and sends nothing: the answer must not wait for the body. */
function declaredLength(url: string, length: number, token: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': length,
        authorization: token,
      },
    });
    outgoing.on('response', (response) => {
      resolve(response.statusCode);
      outgoing.destroy();
    });
    outgoing.on('error', reject);
    outgoing.flushHeaders();
  });
}
