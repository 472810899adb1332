import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createLogger } from '@onecount/telemetry';
import { sample } from '@onecount/testing';
import fc from 'fast-check';
import fastify from 'fastify';
import { buildSchema, parse, validate } from 'graphql';
import { createOperations, type GeneratedOperation } from '../../test/generated-operation.ts';
import { createStandIns, type Asked } from '../../test/stand-in-subgraphs.ts';
import { startApollo } from '../graph/apollo.ts';
import { createFederatedGateway } from '../graph/federated-gateway.ts';
import { addGraphqlRoute } from '../http/graphql.route.ts';

const read = (file: string) => readFileSync(path.join(import.meta.dirname, '../..', file), 'utf8');
const supergraphSdl = read('supergraph.graphql');
const schema = buildSchema(read('api.graphql'));
const log = createLogger({ service: 'gateway', level: 'silent' });
const generate = createOperations(schema, ['Variant', 'SerialUnit']);
const standIns = createStandIns(supergraphSdl);

async function startGateway(hasOwnExecutor: boolean) {
  const { dataSources } = standIns;
  const gateway = createFederatedGateway({
    supergraphSdl,
    fieldScopes: {},
    dataSources,
    log,
    hasOwnExecutor,
  });
  const apollo = await startApollo({
    gateway,
    hasIntrospection: false,
    hasAutomaticPersistedQueries: true,
    log,
  });
  const app = fastify({ forceCloseConnections: true });
  const identity = {
    tenantId: 't',
    subject: 's',
    scopes: new Set<string>(),
    expiresAt: new Date(),
  };
  const verify = async () => identity;
  addGraphqlRoute(app, {
    apollo,
    gateway,
    verify,
    hasIntrospection: false,
    sendExplorer: undefined,
    fairLimit: null,
    safelist: undefined,
    log,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, close: () => Promise.all([app.close(), apollo.stop()]) };
}

let ours: Awaited<ReturnType<typeof startGateway>>;
let reference: Awaited<ReturnType<typeof startGateway>>;
beforeAll(async () => {
  ours = await startGateway(true);
  reference = await startGateway(false);
});
afterAll(() => Promise.all([ours.close(), reference.close()]));

type Answer = { data?: unknown; errors?: object[] };

/** What a client sees, byte for byte in the data, and what subgraphs were asked; of parallel fetches no order is promised. */
async function ask({ url }: typeof ours, { text, variables }: GeneratedOperation) {
  standIns.asked.length = 0;
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer t',
      'content-type': 'application/json',
      'x-request-id': 'r-1',
    },
    body: JSON.stringify({ query: text, variables }),
  });
  const { data, errors, ...rest } = (await response.json()) as Answer;
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    data: JSON.stringify(data),
    errors: errors?.map((error) => JSON.stringify(error)).sort(),
    rest,
    asked: standIns.asked.map(({ subgraph, request }) => `${subgraph} ${request}`).sort(),
    executors: new Set(standIns.asked.map((one: Asked) => one.by)),
  };
}

// The reference says of a fetch that fails whole what, we say where too.
function withoutAddedPaths(ours: string[] | undefined, reference: string[] | undefined) {
  const bare = (text: string) => {
    const { path: _path, ...error } = JSON.parse(text) as { path?: unknown };
    return JSON.stringify(error);
  };
  return ours?.map((text) => (reference?.includes(bare(text)) ? bare(text) : text)).sort();
}

const count = { operations: 0, answered: 0, hops: 0, byOurs: 0, byReference: 0 };

async function compare(operation: GeneratedOperation): Promise<void> {
  const { executors: _reference, ...expected } = await ask(reference, operation);
  // First through ApolloServer, then as a known operation.
  for (let round = 0; round < 2; round += 1) {
    const { executors, ...actual } = await ask(ours, operation);
    expect({ ...actual, errors: withoutAddedPaths(actual.errors, expected.errors) }).toEqual(
      expected,
    );
    if (executors.has('ours')) count.byOurs += 1;
    if (executors.has('reference')) count.byReference += 1;
  }
  count.operations += 1;
  if (expected.data && !expected.errors) count.answered += 1;
  if (expected.asked.some((one) => one.includes('representations'))) count.hops += 1;
}

test('generated operations are answered as by @apollo/gateway, and ask subgraphs the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), fc.nat(), async (g, seed) => {
      const operation = generate(g);
      fc.pre(validate(schema, parse(operation.text)).length === 0);
      standIns.seed.now = seed;
      await compare(operation);
    }),
    { ...sample({ runs: 150, full: 2_000 }), maxSkipsPerRun: 100, endOnFailure: true },
  );
  // What was tried is not all refused, not all of one subgraph, and ours.
  expect(count.answered).toBeGreaterThan(count.operations / 4);
  expect(count.hops).toBeGreaterThan(count.operations / 20);
  expect(count.byOurs).toBeGreaterThan(count.byReference * 20);
});
