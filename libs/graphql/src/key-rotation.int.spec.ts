import {
  createInternalTokenSigner,
  createInternalTokenVerifier,
  generateSigningKey,
  type InternalTokenSigner,
  type SigningKey,
} from '@onecount/identity';
import { createLogger } from '@onecount/telemetry';
import { createSubgraphServer } from './index.ts';

const typeDefs = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])
  type Query {
    name: String! @scopes(anyOf: ["repair:read"])
  }
`;
const tenantId = '01900000-0000-7000-8000-00000000000a';

/** One process of a service that trusts these keys. */
async function startReplica(keys: SigningKey[]) {
  const trustedJwks = { keys: keys.map(({ publicJwk }) => publicJwk) };
  const server = await createSubgraphServer({
    name: 'workshop',
    typeDefs: [typeDefs],
    resolvers: { Query: { name: () => 'workshop' } },
    verifyInternalToken: createInternalTokenVerifier({ audience: 'workshop', trustedJwks }),
    log: createLogger({ service: 'workshop', level: 'silent' }),
  });
  return { url: await server.listen({ host: '127.0.0.1', port: 0 }), close: () => server.close() };
}
type Replica = Awaited<ReturnType<typeof startReplica>>;

const callerWith = ({ privateJwk }: SigningKey) =>
  createInternalTokenSigner({ service: 'gateway', privateJwk });

async function statusOf(replica: Replica, caller: InternalTokenSigner, request: number) {
  const scopes = ['repair:read'];
  // Subjects that change: a token that is kept would hide a key that is no longer trusted.
  const who = { audience: 'workshop', tenantId, subject: `s${request}`, scopes };
  const response = await fetch(`${replica.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await caller.tokenFor(who)}`,
    },
    body: JSON.stringify({ query: '{ name }' }),
  });
  await response.text();
  return response.status;
}

/** Two processes on each side; asks from every caller to every replica all the time. */
async function startLoad(keys: { old: SigningKey; trusted: SigningKey[] }) {
  const replicas = [await startReplica(keys.trusted), await startReplica(keys.trusted)];
  const callers = [callerWith(keys.old), callerWith(keys.old)];
  const statuses = new Map<number, number>();
  let asked = 0;
  let isOver = false;
  const ask = async (at: number): Promise<void> => {
    while (!isOver) {
      asked += 1;
      const status = await statusOf(replicas[at % 2]!, callers[at >> 1]!, asked);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const running = [0, 1, 2, 3].map(ask);
  /** Resolves when each pair of sides has answered often since. */
  const served = async () => {
    const end = asked + 200;
    while (asked < end) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    async trust(trusted: SigningKey[]) {
      for (const at of [0, 1]) {
        const leaving = replicas[at]!;
        replicas[at] = await startReplica(trusted);
        await served();
        await leaving.close();
      }
    },
    async sign(key: SigningKey) {
      for (const at of [0, 1]) {
        callers[at] = callerWith(key);
        await served();
      }
    },
    async end() {
      isOver = true;
      await Promise.all(running);
      await Promise.all(replicas.map((replica) => replica.close()));
      return Object.fromEntries(statuses);
    },
  };
}

test('a key is replaced under load without a refused request: trust both, sign with the new one, trust it alone', async () => {
  const [old, next] = [await generateSigningKey('gateway'), await generateSigningKey('gateway.2')];
  const load = await startLoad({ old, trusted: [old] });
  await load.trust([old, next]);
  await load.sign(next);
  await load.trust([next]);
  const statuses = await load.end();
  expect(Object.keys(statuses)).toEqual(['200']);
  expect(statuses[200]).toBeGreaterThan(1000);
});

test('without the overlap it would be seen: requests are refused', async () => {
  const [old, next] = [await generateSigningKey('gateway'), await generateSigningKey('gateway.2')];
  const load = await startLoad({ old, trusted: [old] });
  await load.trust([next]);
  await load.sign(next);
  expect(Object.keys(await load.end())).toEqual(['200', '401']);
});
