import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTransport } from '@onecount/messaging';
import { subgraphs } from '@onecount/local-stack';
import { eventually } from '@onecount/testing';
import { temporaryHome } from '../temporary-home.ts';
import { undrained } from '../verify/drain.ts';
import { openSources } from '../verify/sources.ts';
import { findViolations } from '../verify/verify.ts';
import { startArchivedPostgres, type ArchivedPostgres } from './support/archived-postgres.ts';
import { startTestSystem, type TestSystem } from './support/test-system.ts';

/**
 * docs/backup.md as a drill. Catalog has a server of its own, the other services share one; the log has none of
 * theirs and lives on, as Kafka does.
 */
const others = subgraphs.filter((name) => name !== 'catalog');

let test_: TestSystem;
let folder: { path: string; remove(): Promise<void> };
let catalog: ArchivedPostgres;
let shared: ArchivedPostgres;
let registerId: string;
let sku: string;
let sold = 0;

beforeAll(async () => {
  folder = await temporaryHome('restore');
  [catalog, shared] = await Promise.all([
    startArchivedPostgres(join(folder.path, 'catalog'), ['catalog']),
    startArchivedPostgres(join(folder.path, 'shared'), others),
  ]);
  const serverOf = (name: (typeof subgraphs)[number]) => (name === 'catalog' ? catalog : shared);
  const each = <T>(of: (name: (typeof subgraphs)[number]) => T) =>
    Object.fromEntries(subgraphs.map((name) => [name, of(name)])) as Record<
      (typeof subgraphs)[number],
      T
    >;
  test_ = await startTestSystem({
    envOf: each((name) => ({ DATABASE_URL: serverOf(name).databases[name]!.url })),
    databaseUrls: each((name) => serverOf(name).adminUrl(name)),
  });
  registerId = await test_.shop.openRegister();
  const piece = { tracking: 'QUANTITY', quantity: 100 } as const;
  ({ sku } = await test_.shop.createPiece(piece));
});
afterAll(async () => {
  await test_?.stop();
  await Promise.all([catalog?.stop(), shared?.stop()]);
  await folder?.remove();
});

async function sell(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const outcome = await test_.shop.buy({ channel: 'COUNTER', registerId, sku });
    expect(outcome.__typename).toBe('SaleCommitSuccess');
    sold += 1;
  }
}

async function soldByCatalog(): Promise<number> {
  const text = 'SELECT coalesce(sum(quantity_sold), 0) AS sold FROM variant_sales';
  return Number((await test_.sources.rows('catalog', text))[0]!['sold']);
}

/** `npm run rewind`, as an operator runs it. */
async function rewind(service: string, since: Date, ...flags: string[]): Promise<string> {
  const program = join(__dirname, '../rewind/main.ts');
  const asked = ['--service', service, '--since', since.toISOString(), ...flags];
  const { PATH } = process.env;
  const env = { PATH, ...test_.system.kafka.env };
  return (await promisify(execFile)(process.execPath, [program, ...asked], { env })).stdout;
}

test('a service whose server is lost comes back from its backup and applies again what it lacks', async () => {
  await sell(3);
  await test_.drained();
  await catalog.baseBackup();
  const since = new Date();
  await sell(3);
  await test_.drained();
  await catalog.archived();
  await sell(2);
  await test_.drained();

  await catalog.lose();
  await test_.system.stopService('catalog');
  await sell(1);
  await catalog.restore();
  await test_.reopenSources();
  expect(await soldByCatalog()).toBe(6);

  const topic = 'onecount.pos.sale.v1';
  expect(await rewind('catalog', since, '--dry-run')).toContain(`${topic}: 5 messages would come`);
  expect(await rewind('catalog', since)).toContain(`${topic}: 5 messages come again`);
  await test_.system.startService('catalog');
  expect(await test_.violations()).toEqual([]);
  expect(await soldByCatalog()).toBe(sold);
});

test('a mistake in one database is undone by going back before it', async () => {
  await sell(2);
  await test_.drained();
  const instant = new Date();
  await test_.sources.rows('catalog', 'UPDATE variant_sales SET quantity_sold = 0');
  await sell(2);
  await test_.drained();
  expect(await soldByCatalog()).toBe(2);
  await catalog.archived();

  await test_.system.stopService('catalog');
  await catalog.restore(instant);
  await test_.reopenSources();
  expect(await soldByCatalog()).toBe(sold - 2);
  await rewind('catalog', instant);
  await test_.system.startService('catalog');
  expect(await test_.violations()).toEqual([]);
  expect(await soldByCatalog()).toBe(sold);
});

test('all databases go back to one instant, and the log is filled anew from their outboxes', async () => {
  await test_.drained();
  await Promise.all([shared.baseBackup(), catalog.baseBackup()]);
  // Not drained: at that instant some of it is on its way.
  await sell(4);
  const instant = new Date();
  const kept = sold;
  await sell(3);
  const { sku: lost } = await test_.shop.createPiece({});
  await Promise.all([shared.archived(), catalog.archived()]);

  await Promise.all(subgraphs.map((name) => test_.system.stopService(name)));
  await Promise.all([shared.restore(instant), catalog.restore(instant)]);
  await test_.reopenSources();
  for (const name of subgraphs)
    await test_.sources.rows(name, 'UPDATE outbox SET published_at = NULL');
  // What the old topics hold of the time that is undone, nobody reads any more.
  const topics = { TOPIC_PREFIX: 'restored.' };
  await Promise.all(subgraphs.map((name) => test_.system.startService(name, topics)));
  sold = kept;

  await sell(1);
  expect(await test_.shop.buy({ channel: 'COUNTER', registerId, sku: lost })).toMatchObject({
    code: 'NOT_FOUND',
  });
  await expectEveryPromise(topics.TOPIC_PREFIX);
  expect(await soldByCatalog()).toBe(sold);
});

async function expectEveryPromise(topicPrefix: string): Promise<void> {
  const { brokers, env } = test_.system.kafka;
  const eventLogUrl = env['EVENT_LOG_URL'];
  const log = brokers.length > 0 ? { brokers } : { eventLogUrl };
  const clientId = 'onecount-restored';
  const transport = await createTransport({ ...log, clientId, topicPrefix, partitions: 24 });
  const sources = openSources({ databaseUrls: test_.databaseUrls, transport });
  try {
    await eventually(async () => (await undrained(sources, transport)) === null);
    expect(await findViolations(sources)).toEqual([]);
  } finally {
    await sources.close();
    await transport.close();
  }
}
