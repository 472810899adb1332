import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { eventually } from '@onecount/testing';
import { ask, startGraph } from '../test/graph.ts';
import { defaultServerLimits } from './http/server-limits.ts';
import { defaultFairLimits } from './limit/request-cost.ts';

const page =
  'query ($n: Int!) { variants(first: $n) { id title stock { available levels(first: 15) { locationCode onHand } } } }';
const till = 'mutation { stockReceive(id: "till", quantity: 1) { quantity } }';
type Graph = Awaited<ReturnType<typeof startGraph>>;

// 24 readers of one tenant, each of whom asks for a large page, again and again.
function startFlood({ graphqlUrl }: Graph) {
  let isOver = false;
  let answered = 0;
  const reader = async () => {
    while (!isOver) {
      await ask(graphqlUrl, page, { token: 'a', variables: { n: 400 } });
      answered += 1;
    }
  };
  const readers = Array.from({ length: 24 }, reader);
  return {
    untilItRuns: () => eventually(() => answered > 0),
    async stop() {
      isOver = true;
      await Promise.all(readers);
    },
  };
}

async function medianOfTill({ graphqlUrl }: Graph): Promise<number> {
  const times: number[] = [];
  for (let sale = 0; sale < 5; sale += 1) {
    const startedAt = performance.now();
    const { body } = await ask(graphqlUrl, till, { token: 'b' });
    expect(body.errors).toBeUndefined();
    times.push(performance.now() - startedAt);
  }
  return times.sort((one, other) => one - other)[2]!;
}

async function tillDuringFlood(fairLimits: typeof defaultFairLimits | null): Promise<number> {
  const graph = await startGraph({ gateway: { fairLimits } });
  try {
    await medianOfTill(graph);
    const flood = startFlood(graph);
    await flood.untilItRuns();
    const median = await medianOfTill(graph);
    await flood.stop();
    return median;
  } finally {
    await graph.close();
  }
}

it("one tenant's flood of large pages does not slow another tenant's till", async () => {
  // By ratio, in one process and one run: with shares the till waits for one page, without for all of them.
  const withShares = await tillDuringFlood(defaultFairLimits);
  const without = await tillDuringFlood(null);
  expect(withShares).toBeLessThan(without / 3);
});

it('a caller that has had its share is told when to come again, and nothing has run', async () => {
  const caller = { runningMax: 32, perSecond: 0.05, burst: 8.5 };
  const graph = await startGraph({ gateway: { fairLimits: { ...defaultFairLimits, caller } } });
  try {
    // A new text costs eight.
    const first = await ask(graph.graphqlUrl, till, { token: 'a' });
    const second = await ask(graph.graphqlUrl, till, { token: 'a' });
    const third = await ask(graph.graphqlUrl, till, { token: 'a' });
    expect([first, second, third].map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(10);
    expect(third.body).toEqual({
      errors: [
        {
          message: 'This caller or its tenant has had its share of the gateway.',
          extensions: { code: 'RATE_LIMITED' },
        },
      ],
    });
    expect((await ask(graph.graphqlUrl, till, { token: 'b' })).status).toBe(200);
  } finally {
    await graph.close();
  }
});

describe('a connection that is not used', () => {
  const open = async (graph: Graph, text: string): Promise<Socket> => {
    const socket = connect(Number(new URL(graph.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(text);
    return socket.resume();
  };
  const head =
    'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n';
  const limits = { ...defaultServerLimits, requestMsMax: 300, headersMsMax: 200 };

  it.each([
    ['that says nothing', ''],
    ['whose headers do not end', 'POST /graphql HTTP/1.1\r\nhost: x\r\n'],
    ['whose body does not end, without a token', `${head}\r\n{`],
    ['whose body does not end, with one', `${head}authorization: Bearer a\r\n\r\n{`],
  ])('%s is closed', async (_how, text) => {
    const graph = await startGraph({ gateway: { serverLimits: limits } });
    const socket = await open(graph, text);
    await once(socket, 'close');
    await graph.close();
  });

  it('is not opened beyond the cap', async () => {
    const graph = await startGraph({
      gateway: {
        serverLimits: { ...defaultServerLimits, connectionsMax: 1 },
        liveLimits: { connectionsMax: 1, tenantConnectionsMax: 1 },
      },
    });
    const kept = [await open(graph, ''), await open(graph, '')];
    const refused = await open(graph, '');
    await once(refused, 'close');
    expect(kept.map(({ closed }) => closed)).toEqual([false, false]);
    for (const socket of kept) socket.destroy();
    await graph.close();
  });
});
