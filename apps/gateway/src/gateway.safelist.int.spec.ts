import { hash } from 'node:crypto';
import { createLogger, metrics, type Logger } from '@onecount/telemetry';
import { ask, seen, startGraph } from '../test/graph.ts';
import type { SafelistOptions } from './safelist/safelist.ts';

const page =
  'query Page($n: Int!) {\n  variants(first: $n) {\n    ...Card\n  }\n}\n\nfragment Card on Variant {\n  id\n}';
const receive =
  'mutation Receive {\n  stockReceive(id: "safe", quantity: 1) {\n    quantity\n  }\n}';
const operations = new Map([
  [hash('sha256', page), page],
  ['receive-1', receive],
]);
const variables = { n: 2 };
const twoVariants = { data: { variants: [{ id: 'v0' }, { id: 'v1' }] } };

const warned: unknown[][] = [];
const log: Logger = createLogger({ service: 'gateway', level: 'silent' });
jest.spyOn(log, 'warn').mockImplementation((...line: unknown[]) => void warned.push(line));

const start = (mode: SafelistOptions['mode']) =>
  startGraph({ gateway: { log, safelist: { operations, mode } } });
type Graph = Awaited<ReturnType<typeof startGraph>>;

const post = (graph: Graph, body: object) =>
  ask(graph.graphqlUrl, '', { raw: JSON.stringify(body) });
const get = async (graph: Graph, parameters: Record<string, string>) => {
  const url = `${graph.graphqlUrl}?${new URLSearchParams(parameters)}`;
  const answer = await fetch(url, { headers: { authorization: 'Bearer a' } });
  return { status: answer.status, body: (await answer.json()) as unknown };
};
const byId = (sha256Hash: unknown) => ({ persistedQuery: { version: 1, sha256Hash } });
const refusal = (code: string) => [expect.objectContaining({ extensions: { code } })];
const counted = async (listed: boolean) => {
  const { values } = await metrics
    .getSingleMetric('onecount_gateway_safelist_requests_total')!
    .get();
  return values.find(({ labels }) => labels['listed'] === String(listed))?.value ?? 0;
};

beforeEach(() => {
  seen.length = 0;
  warned.length = 0;
});

describe('with a safelist', () => {
  let graph: Graph;
  beforeAll(async () => void (graph = await start('enforce')));
  afterAll(() => graph.close());

  it('a listed operation runs by its id, by POST and by GET', async () => {
    const extensions = byId(hash('sha256', page));
    expect((await post(graph, { extensions, variables })).body).toEqual(twoVariants);
    const parameters = { extensions: JSON.stringify(extensions), variables: '{"n":2}' };
    expect(await get(graph, parameters)).toEqual({ status: 200, body: twoVariants });
  });

  it.each([
    ['as it is listed', page],
    [
      'spelt otherwise',
      'fragment Card on Variant{id},query Page($n:Int!){variants(first:$n){...Card}}',
    ],
  ])('its text %s runs, by POST and by GET', async (_how, query) => {
    // A second time it is a known operation, and answered the same.
    for (let time = 0; time < 2; time += 1)
      expect((await post(graph, { query, variables, operationName: 'Page' })).body).toEqual(
        twoVariants,
      );
    expect(await get(graph, { query, variables: '{"n":2}' })).toEqual({
      status: 200,
      body: twoVariants,
    });
  });

  it('a text counts more than the id beside it, as clients of automatic persisted queries send them', async () => {
    const extensions = byId(hash('sha256', 'something else'));
    expect((await post(graph, { query: page, extensions, variables })).body).toEqual(twoVariants);
    const unlisted = { query: '{ stockTotal }', extensions: byId('receive-1') };
    expect((await post(graph, unlisted)).status).toBe(403);
    expect(seen.map(({ subgraph }) => subgraph)).toEqual(['catalog']);
  });

  it.each<[string, object, number, string]>([
    ['an unlisted text', { query: '{ stockTotal }' }, 403, 'QUERY_NOT_IN_SAFELIST'],
    [
      'a listed text with a field more',
      { query: page.replace('id', 'id title') },
      403,
      'QUERY_NOT_IN_SAFELIST',
    ],
    [
      'a listed text with an operation more',
      { query: `${page} { stockTotal }`, operationName: 'Page' },
      403,
      'QUERY_NOT_IN_SAFELIST',
    ],
    ['what is no GraphQL', { query: '{{{' }, 403, 'QUERY_NOT_IN_SAFELIST'],
    ['introspection', { query: '{ __schema { types { name } } }' }, 403, 'QUERY_NOT_IN_SAFELIST'],
    ['an unlisted id', { extensions: byId('0'.repeat(64)) }, 404, 'PERSISTED_QUERY_NOT_IN_LIST'],
    [
      'the name of a property as id',
      { extensions: byId('constructor') },
      404,
      'PERSISTED_QUERY_NOT_IN_LIST',
    ],
    ['a list of ids', { extensions: byId(['receive-1']) }, 404, 'PERSISTED_QUERY_NOT_IN_LIST'],
    ['a list of requests', [{ query: page, variables }], 400, 'BAD_REQUEST'],
    ['nothing', {}, 400, 'BAD_REQUEST'],
  ])('%s is refused and reaches no subgraph', async (_what, body, status, code) => {
    const answer = await post(graph, body);
    expect([answer.status, answer.body.errors?.[0]?.extensions['code']]).toEqual([status, code]);
    expect(seen).toEqual([]);
  });

  it('no text becomes known by being sent with its hash', async () => {
    const query = '{ stockTotal }';
    const extensions = byId(hash('sha256', query));
    await post(graph, { query, extensions });
    expect((await post(graph, { extensions })).body.errors).toEqual(
      refusal('PERSISTED_QUERY_NOT_IN_LIST'),
    );
  });

  it('a listed mutation runs by POST only, and needs its token as ever', async () => {
    const extensions = JSON.stringify(byId('receive-1'));
    expect((await get(graph, { extensions })).status).toBe(405);
    const raw = JSON.stringify({ extensions: byId('receive-1') });
    expect((await ask(graph.graphqlUrl, '', { raw, token: null })).status).toBe(401);
    expect(seen).toEqual([]);
    expect((await post(graph, { extensions: byId('receive-1') })).body).toEqual({
      data: { stockReceive: { quantity: 1 } },
    });
  });

  it('logs what it refuses once, without its text, and counts every request', async () => {
    const [listed, unlisted] = [await counted(true), await counted(false)];
    const query = 'query Secret { variant(id: "a person") { id } }';
    for (let time = 0; time < 3; time += 1) await post(graph, { query });
    await post(graph, { query: page, variables });
    expect(warned).toEqual([
      [
        { operation: 'Secret', sha256: hash('sha256', query) },
        'an operation that is not in the safelist was refused',
      ],
    ]);
    expect([await counted(true), await counted(false)]).toEqual([listed + 1, unlisted + 3]);
  });
});

describe('with a safelist that only reports', () => {
  let graph: Graph;
  beforeAll(async () => void (graph = await start('report')));
  afterAll(() => graph.close());

  it('everything runs, automatic persisted queries too, and what is not listed is told', async () => {
    const query = 'query Total { stockTotal }';
    const extensions = byId(hash('sha256', query));
    expect((await post(graph, { extensions })).body.errors).toEqual(
      refusal('PERSISTED_QUERY_NOT_FOUND'),
    );
    expect((await post(graph, { query, extensions })).body).toEqual({ data: { stockTotal: 42 } });
    expect((await post(graph, { extensions })).body).toEqual({ data: { stockTotal: 42 } });
    const told = 'an operation that is not in the safelist would be refused';
    expect(warned).toContainEqual([{ operation: 'Total', sha256: hash('sha256', query) }, told]);
    expect((await post(graph, { extensions: byId('receive-1') })).body).toEqual({
      data: { stockReceive: { quantity: 1 } },
    });
  });
});
