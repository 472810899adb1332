import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ask, seen, startGraph } from '../test/graph.ts';

// Slips of newcomers, in the real graph: each is told what is wrong, as the same value is in a variable, and nothing runs.

const supergraphSdl = readFileSync(path.join(import.meta.dirname, '../supergraph.graphql'), 'utf8');
const [, names] = /enum join__Graph {([^}]*)}/.exec(supergraphSdl)!;
const subgraphs = [...names!.matchAll(/name: "([^"]+)"/g)].map(([, name]) => ({
  name: name!,
  url: 'http://127.0.0.1:1',
  timeoutMs: 600_000,
}));

let graph: Awaited<ReturnType<typeof startGraph>>;
beforeAll(async () => {
  graph = await startGraph({ gateway: { supergraphSdl, subgraphs, fieldScopes: {} } });
});
afterAll(() => graph.close());

const saleOpen = (currencyCode: string) =>
  `mutation { saleOpen(input: { idempotencyKey: "c", channel: WEB, locationCode: "HQ", currencyCode: ${currencyCode} }) {
    __typename } }`;
const productCreate = (amount: string) =>
  `mutation { productCreate(input: { idempotencyKey: "d", title: "x",
    variants: [{ price: { amount: ${amount}, currencyCode: "USD" } }] }) { __typename } }`;

it.each([
  [
    'a day for an instant',
    '{ stockItem(sku: "BAND-7") { stockAt(at: "2026-11-29") { onHand } } }',
    /2026-11-29/,
  ],
  [
    'an instant without a zone',
    '{ stockTotalsAt(at: "2026-11-29T10:00:00") { onHand } }',
    /2026-11-29T10:00:00/,
  ],
  ['no currency', saleOpen('"us"'), /us/],
  ['no decimal', productCreate('"abc"'), /abc/],
  ['a number for a decimal', productCreate('12.5'), /12\.5/],
])('%s', async (_, query, reason) => {
  const { status, body } = await ask(graph.graphqlUrl, query);
  expect([status, body.data]).toEqual([400, undefined]);
  expect(body.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  expect(body.errors![0]!.message).toMatch(reason);
  expect(seen).toEqual([]);
});
