import { ask, seen, startGraph, tenantA, tenantB } from '../test/graph.ts';

let graph: Awaited<ReturnType<typeof startGraph>>;
beforeAll(async () => {
  graph = await startGraph({ gateway: { corsOrigins: ['https://shop.example'] } });
});
afterAll(() => graph.close());
beforeEach(() => seen.splice(0));

describe('an answer', () => {
  it('joins what two subgraphs know', async () => {
    const query = '{ variants(first: 2) { id title price { amount } stock { available } } }';
    const { status, body } = await ask(graph.graphqlUrl, query);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        variants: [
          { id: 'v0', title: 'Brooch v0', price: { amount: '12.50' }, stock: { available: 1 } },
          { id: 'v1', title: 'Brooch v1', price: { amount: '12.50' }, stock: { available: 1 } },
        ],
      },
    });
    expect(seen.map((one) => one.subgraph)).toEqual(['catalog', 'inventory']);
  });

  it('of a mutation goes through every subgraph that its selection names, back and forth', async () => {
    const query = `mutation { stockReceive(id: "m1", quantity: 3) {
      quantity variant { id title stock { available levels { locationCode } } } } }`;
    const { body } = await ask(graph.graphqlUrl, query);
    const stock = { available: 3, levels: [{ locationCode: 'HQ' }] };
    expect(body).toEqual({
      data: {
        stockReceive: { quantity: 3, variant: { id: 'm1', title: 'Brooch m1', stock } },
      },
    });
  });

  it('of several mutations keeps their order over subgraphs, each seeing the one before', async () => {
    const query = `mutation {
      a: stockReceive(id: "m2", quantity: 1) { variant { title stock { available } } }
      b: variantRename(id: "m2", title: "Ring") { ...on VariantRenameSuccess { variant { title stock { available } } } }
      c: stockReceive(id: "m2", quantity: 1) { variant { title stock { available } } } }`;
    const { body } = await ask(graph.graphqlUrl, query);
    expect(body.errors).toBeUndefined();
    expect(body.data).toMatchObject({
      b: { variant: { title: 'Ring' } },
      c: { variant: { title: 'Ring', stock: { available: 2 } } },
    });
    const mutations = seen.filter((one) => one.representations === 0);
    expect(mutations.map((one) => one.subgraph)).toEqual(['inventory', 'catalog', 'inventory']);
  });

  it('carries a refusal of the business as data', async () => {
    const query = `mutation { variantRename(id: "gone", title: "x") {
      __typename ...on UserError { code message } ...on NotFound { kind id } } }`;
    expect((await ask(graph.graphqlUrl, query)).body).toEqual({
      data: {
        variantRename: {
          __typename: 'NotFound',
          code: 'NOT_FOUND',
          message: 'No such variant.',
          kind: 'Variant',
          id: 'gone',
        },
      },
    });
  });

  it('asks for more entities than a subgraph takes at once in pieces, errors at their place', async () => {
    const query = '{ variants(first: 1100) { id reserved } }';
    const { body } = await ask(graph.graphqlUrl, query);
    const pieces = seen.filter((one) => one.subgraph === 'inventory');
    expect(pieces.map((one) => one.representations).sort()).toEqual([100, 500, 500]);
    const variants = body.data?.['variants'] as { id: string; reserved: number | null }[];
    expect(variants).toHaveLength(1100);
    expect(variants[1099]).toEqual({ id: 'v1099', reserved: 1099 });
    expect(variants[510]).toEqual({ id: 'v510', reserved: null });
    expect(body.errors).toMatchObject([
      {
        path: ['variants', 510, 'reserved'],
        extensions: { code: 'BAD_USER_INPUT', subgraph: 'inventory' },
      },
    ]);
  });

  it('to a persisted query needs its text once', async () => {
    const query = '{ stockTotal }';
    const hash = (await import('node:crypto')).hash('sha256', query);
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
    const send = (body: object) => ask(graph.graphqlUrl, '', { raw: JSON.stringify(body) });
    const unknown = await send({ extensions });
    expect(unknown.body.errors?.[0]?.extensions['code']).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await send({ query, extensions })).body.data).toEqual({ stockTotal: 42 });
    expect((await send({ extensions })).body.data).toEqual({ stockTotal: 42 });
    const wrong = await send({ query: '{ whoAmI }', extensions });
    expect(wrong.status).toBe(400);
  });
});

describe('a GET', () => {
  const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${graph.graphqlUrl}?${new URLSearchParams(parameters)}`, {
      headers: { authorization: 'Bearer a', ...headers },
    });

  it('answers a query with variables, and a known text by its hash', async () => {
    const query = 'query Q($id: ID!) { variant(id: $id) { title } }';
    const variables = JSON.stringify({ id: 'v1' });
    const answer = await get({ query, variables, operationName: 'Q' }, { accept: '*/*' });
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(await answer.json()).toEqual({ data: { variant: { title: 'Brooch v1' } } });
    const sha256Hash = (await import('node:crypto')).hash('sha256', query);
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash } });
    const unknown = (await (await get({ variables, extensions })).json()) as object;
    expect(unknown).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    await get({ query, variables, extensions });
    expect(await (await get({ variables, extensions })).json()).toEqual({
      data: { variant: { title: 'Brooch v1' } },
    });
  });

  it('runs no mutation, a known one neither, and needs a token', async () => {
    const query = 'mutation { stockReceive(id: "get", quantity: 1) { quantity } }';
    for (let round = 0; round < 2; round += 1) await ask(graph.graphqlUrl, query);
    seen.splice(0);
    const refused = await get({ query });
    expect([refused.status, refused.headers.get('allow'), seen]).toEqual([405, 'POST', []]);
    expect((await get({ query: '{ stockTotal }' }, { authorization: '' })).status).toBe(401);
    expect((await get({})).status).toBe(400);
  });
});

describe('identity', () => {
  it('reaches a subgraph as the token says, tenant and scopes', async () => {
    const a = await ask(graph.graphqlUrl, '{ whoAmI }', { token: 'a|catalog:read' });
    const b = await ask(graph.graphqlUrl, '{ whoAmI }', { token: 'b|catalog:read' });
    expect(a.body.data).toEqual({ whoAmI: `${tenantA} user-a gateway catalog:read` });
    expect(b.body.data).toEqual({ whoAmI: `${tenantB} user-b gateway catalog:read` });
  });

  it('cannot be a service, whatever scope and header the client brings', async () => {
    const headers = { 'x-internal-token': 'x', 'x-tenant-id': tenantB, 'x-service': 'pos' };
    const token = 'a|catalog:read,service:pos';
    const refused = await ask(graph.graphqlUrl, '{ onlyForPos }', { token, headers });
    expect(refused.body).toMatchObject({
      data: { onlyForPos: null },
      errors: [{ extensions: { code: 'FORBIDDEN', subgraph: 'catalog' }, path: ['onlyForPos'] }],
    });
    const who = await ask(graph.graphqlUrl, '{ whoAmI }', { token, headers });
    expect(who.body.data).toEqual({ whoAmI: `${tenantA} user-a gateway catalog:read` });
  });
});

describe('headers', () => {
  it('of the client stay at the gateway, except its request id and trace', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const answer = await ask(graph.graphqlUrl, '{ stockTotal }', {
      headers: {
        cookie: 'session=1',
        'x-forwarded-for': '1.2.3.4',
        'x-request-id': 'req-7',
        traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
        'apollo-federation-include-trace': 'ftv1',
      },
    });
    const headers = seen[0]?.headers ?? {};
    expect(Object.keys(headers).sort()).toEqual([
      'accept',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
      'traceparent',
      'x-request-id',
    ]);
    expect(headers['x-request-id']).toBe('req-7');
    expect(headers['traceparent']).toMatch(
      new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`),
    );
    expect(headers.authorization).not.toBe('Bearer a');
    expect(answer.headers.get('x-request-id')).toBe('req-7');
    expect(answer.text).not.toContain('ftv1');
  });

  it('replaces a request id that could forge a log line', async () => {
    const answer = await ask(graph.graphqlUrl, '{ stockTotal }', {
      headers: { 'x-request-id': 'a"b {"level":"fatal"}' },
    });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('let configured origins in and no other', async () => {
    const preflight = (origin: string) =>
      fetch(graph.graphqlUrl, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': named,
        },
      });
    const named = 'authorization,content-type,apollographql-client-name,tracestate,baggage';
    const ours = await preflight('https://shop.example');
    expect(ours.status).toBe(204);
    expect(ours.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(ours.headers.get('access-control-allow-headers')).toBe(named);
    expect(ours.headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(ours.headers.get('access-control-allow-credentials')).toBeNull();
    const other = await preflight('https://elsewhere.example');
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    expect(other.headers.get('vary')).toBe('Origin, Access-Control-Request-Headers');
  });
});

describe('health', () => {
  it('is ready with every subgraph', async () => {
    const answer = await fetch(`${graph.url}/health/ready`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'ready', subgraphs: { catalog: { status: 'up' }, inventory: { status: 'up' } } },
    ]);
    expect((await fetch(`${graph.url}/health/live`)).status).toBe(200);
  });

  it('shows its metrics', async () => {
    await ask(graph.graphqlUrl, '{ stockTotal }');
    const text = await (await fetch(`${graph.url}/metrics`)).text();
    expect(text).toMatch(
      /onecount_gateway_subgraph_seconds_count\{subgraph="inventory",outcome="ok"\} \d+/,
    );
    expect(text).toMatch(/onecount_gateway_request_seconds_count\{status="200"\} \d+/);
  });
});
