import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { isRefusal, refuse } from '@onecount/refusal';
import { createDatabase, type Database, type Tx } from './index.ts';
import { addBrooch, createBrooch, names } from '../test/brooch.ts';
import { scratchDatabase, type ScratchDatabase } from '../test/scratch-database.ts';

const tenantA = '01900000-0000-7000-8000-00000000000a';

let scratch: ScratchDatabase;
let wire: CountingProxy;
let db: Database;
beforeAll(async () => {
  scratch = await scratchDatabase([createBrooch]);
  wire = await countingProxy(new URL(scratch.url));
  db = await createDatabase({
    url: wire.url,
    applicationName: 'round-trips',
    poolMax: 1,
    onPoolError: () => undefined,
  });
});
afterAll(async () => {
  await db.close();
  wire.close();
  await scratch.drop();
});
beforeEach(() => scratch.admin('TRUNCATE brooch'));

describe('what a transaction sends', () => {
  test('BEGIN goes with the first statement, COMMIT by itself', async () => {
    await db.inTransaction(tenantA, names);
    expect(await wire.during(() => db.inTransaction(tenantA, names))).toBe(2);
    const twice = async (tx: Tx) => [...(await names(tx)), ...(await names(tx))];
    expect(await wire.during(() => db.inTransaction(tenantA, twice))).toBe(3);
  });

  test('a read of one statement is one message', async () => {
    await db.inTransaction(tenantA, (tx) => addBrooch(tx, 'Swallow'));
    await db.readOne(tenantA, names);
    expect(await wire.during(() => db.readOne(tenantA, names))).toBe(1);
    expect(await db.readOne(tenantA, names)).toEqual(['Swallow']);
  });
});

describe('a read of one statement', () => {
  test('refuses a second one and leaves the connection in order', async () => {
    const asked = db.readOne(tenantA, async (tx) => [await names(tx), await names(tx)]);
    await expect(asked).rejects.toThrow('a second statement');
    expect(await db.readOne(tenantA, names)).toEqual([]);
  });

  test('cannot write, and tells the error of its statement', async () => {
    const written = db.readOne(tenantA, (tx) => addBrooch(tx, 'Swallow'));
    await expect(written).rejects.toMatchObject({ code: '25006' });
    expect(await db.readOne(tenantA, names)).toEqual([]);
  });

  test('may ask nothing', async () => {
    expect(await db.readOne(tenantA, async () => 'nothing')).toBe('nothing');
    expect(await db.readOne(tenantA, names)).toEqual([]);
  });
});

test('work that ends before its BEGIN was answered is rolled back, and the next has a clean connection', async () => {
  const refused = await db.inTransaction(tenantA, async (tx) => {
    void tx.query('SELECT pg_sleep(0.01)').catch(() => undefined);
    return refuse('Closed', 'CLOSED', 'The shop is closed.');
  });
  expect(isRefusal(refused)).toBe(true);
  const thrown = db.inTransaction(tenantA, async () => Promise.reject(new Error('at once')));
  await expect(thrown).rejects.toThrow('at once');
  await db.inTransaction(tenantA, (tx) => addBrooch(tx, 'Robin'));
  expect(await db.readOne(tenantA, names)).toEqual(['Robin']);
});

type CountingProxy = {
  url: string;
  /** How many pieces of data the client sent meanwhile; each small write is one. */
  during(work: () => Promise<unknown>): Promise<number>;
  close(): void;
};

async function countingProxy(target: URL): Promise<CountingProxy> {
  let sent = 0;
  const server: Server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    client.on('data', () => (sent += 1));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.setNoDelay(true).pipe(other);
      one.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    async during(work) {
      const before = sent;
      await work();
      return sent - before;
    },
    close: () => void server.close(),
  };
}
