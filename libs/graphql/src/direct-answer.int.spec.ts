import { ApolloServer } from '@apollo/server';
import { batches, startGallery, type GalleryToken } from '../test/gallery.ts';

let gallery: Awaited<ReturnType<typeof startGallery>>;
const pipeline = jest.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');
beforeAll(async () => void (gallery = await startGallery()));
afterAll(() => gallery.close());

type Request = {
  body: Record<string, unknown>;
  headers?: Record<string, string>;
  of?: GalleryToken;
};

async function ask({ body, headers, of }: Request) {
  const response = await fetch(`${gallery.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await gallery.token(of)}`,
      'x-request-id': 'r-1',
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const { 'content-type': type, 'content-length': length } = Object.fromEntries(response.headers);
  return { status: response.status, type, length, text };
}

// Named extensions, even none of them, are ApolloServer's: the same request goes the long way.
const theLongWay = ({ body, ...rest }: Request) =>
  ask({ body: { ...body, extensions: {} }, ...rest });

/** The request's answer when its text is known, and how often ApolloServer was asked for it. */
async function askKnown(request: Request) {
  for (let round = 0; round < 2; round += 1) await ask(request);
  pipeline.mockClear();
  batches.length = 0;
  gallery.lines.length = 0;
  const answer = await ask(request);
  return { answer, asked: pipeline.mock.calls.length, loads: batches.length, logged: logged() };
}

const logged = () => gallery.lines.map(({ level, msg, requestId }) => ({ level, msg, requestId }));

const sell = `mutation($input: PieceSellInput!) { pieceSell(input: $input) {
  ... on PieceSellSuccess { piece { id title } } ... on UserError { __typename code message } } }`;
const input = { idempotencyKey: 'k', id: 'a', price: { amount: '12.50', currencyCode: 'EUR' } };
const entities =
  'query($r: [_Any!]!) { _entities(representations: $r) { ... on Piece { id stock } } }';
const many = (count: number, id = 'a') =>
  Array.from({ length: count }, () => ({ __typename: 'Piece', id }));
const page = 'query Page($f: Int) { pieces(first: $f) { nodes { id title madeAt size } } }';

describe('a known text is answered without ApolloServer as ApolloServer answers it', () => {
  test.each<[string, Request]>([
    ['a field', { body: { query: '{ whoAmI }' } }],
    ['a page', { body: { query: page, variables: { f: 3 } } }],
    ['one operation of two', { body: { query: `${page} query B { whoAmI }`, operationName: 'B' } }],
    [
      'the other of the two',
      { body: { query: `${page} query B { whoAmI }`, operationName: 'Page' } },
    ],
    ['nothing found', { body: { query: '{ piece(id: "x") { id } }', variables: null } }],
    ['a mutation', { body: { query: sell, variables: { input } } }],
    ['a refusal', { body: { query: sell, variables: { input: { ...input, id: 'x' } } } }],
    ['entities', { body: { query: entities, variables: { r: many(500) } } }],
    [
      'a caller without scopes on an open field',
      { body: { query: '{ __typename }' }, of: { scopes: [] } },
    ],
    ['any type accepted', { body: { query: '{ whoAmI }' }, headers: { accept: '*/*' } }],
  ])('%s', async (_what, request) => {
    const { answer, asked, logged: lines } = await askKnown(request);
    expect([asked, lines]).toEqual([0, []]);
    expect(answer).toEqual(await theLongWay(request));
    expect(answer.status).toBe(200);
  });
});

describe('what a known text is refused, or fails with, ApolloServer says', () => {
  test.each<[string, Request, string]>([
    ['a scope that is missing', { body: { query: '{ whoAmI }' }, of: { scopes: [] } }, 'FORBIDDEN'],
    ['a field that is forbidden', { body: { query: '{ piece(id: "a") { cost } }' } }, 'FORBIDDEN'],
    ['a field that fails', { body: { query: '{ broken whoAmI }' } }, 'INTERNAL_SERVER_ERROR'],
    ['null where none may be', { body: { query: '{ brokenMust }' } }, 'INTERNAL_SERVER_ERROR'],
    [
      'an entity that fails',
      { body: { query: entities, variables: { r: many(2, 'c') } } },
      'INTERNAL',
    ],
    [
      'variables of another type',
      { body: { query: page, variables: { f: 'x' } } },
      'BAD_USER_INPUT',
    ],
    ['a variable left out', { body: { query: sell } }, 'BAD_USER_INPUT'],
    [
      'an argument out of range',
      { body: { query: page, variables: { f: 101 } } },
      'BAD_USER_INPUT',
    ],
    [
      'a mutation that throws',
      { body: { query: sell, variables: { input: { ...input, id: '' } } } },
      'BAD',
    ],
    ['501 entities', { body: { query: entities, variables: { r: many(501) } } }, 'LIMIT_EXCEEDED'],
    ['an unknown operation', { body: { query: page, operationName: 'B' } }, 'OPERATION_RESOLUTION'],
    ['an empty name', { body: { query: '{ whoAmI }', operationName: '' } }, 'OPERATION_RESOLUTION'],
    ['a name that is a number', { body: { query: '{ whoAmI }', operationName: 1 } }, 'BAD_REQUEST'],
    ['variables as a list', { body: { query: '{ whoAmI }', variables: [1] } }, 'BAD_REQUEST'],
    ['variables as a text', { body: { query: '{ whoAmI }', variables: '{}' } }, 'BAD_REQUEST'],
  ])('%s', async (_what, request, code) => {
    const known = await askKnown(request);
    expect(known.answer.text).toContain(`"code":"${code}`);
    expect(known.asked).toBe(1);
    batches.length = 0;
    gallery.lines.length = 0;
    expect(known.answer).toEqual(await theLongWay(request));
    expect([known.loads, known.logged]).toEqual([batches.length, logged()]);
  });

  test('a media type that only ApolloServer negotiates', async () => {
    for (const accept of [
      'application/graphql-response+json',
      'text/html',
      'application/json;q=0.5',
    ]) {
      const request = { body: { query: '{ whoAmI }' }, headers: { accept } };
      const { answer, asked } = await askKnown(request);
      expect(asked).toBe(1);
      expect(answer).toEqual(await theLongWay(request));
    }
  });
});

test('a text that has become known is still answered only to who has a token for it', async () => {
  await askKnown({ body: { query: '{ whoAmI }' } });
  const refused = await ask({
    body: { query: '{ whoAmI }' },
    headers: { authorization: 'Bearer x' },
  });
  expect(refused.status).toBe(401);
  const other = await ask({ body: { query: '{ whoAmI }' }, of: { tenantId: 'tenant-b' } });
  expect(JSON.parse(other.text)).toEqual({ data: { whoAmI: 'tenant-b' } });
});

test('a text too long to be kept is answered all the same', async () => {
  const query = `{ whoAmI } #${'x'.repeat(20_000)}`;
  const { answer, asked } = await askKnown({ body: { query } });
  expect([answer.text, asked]).toEqual(['{"data":{"whoAmI":"tenant-a"}}', 1]);
});
