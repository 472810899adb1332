import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  migrateService,
  provisionDatabases,
  startKafka,
  startPostgres,
  type Kafka,
  type Postgres,
} from '@onecount/local-stack';
import { eventually } from '@onecount/testing';
import {
  killServices,
  readyReport,
  startedService,
  type ServiceProcess,
} from '../test/service-process.ts';

let folder: string;
let postgres: Postgres;
let kafka: Kafka | undefined;
let env: Record<string, string>;
let eventLogUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onecount-outage-'));
  const dataDir = join(folder, 'postgres');
  postgres = await startPostgres({ dataDir, password: 'test', isDurable: false });
  const { workshop } = await provisionDatabases({
    adminUrl: postgres.adminUrl(),
    services: ['workshop'],
    passwordOf: (role) => `test-${role}`,
  });
  const { url, ownerUrl, role } = workshop!;
  await migrateService('workshop', { ownerUrl, role });
  eventLogUrl = ownerUrl;
  env = { NODE_ENV: 'test', PORT: '0', DATABASE_URL: url, INTERNAL_TRUSTED_KEYS: '{"keys":[]}' };
});

afterEach(killServices);

afterAll(async () => {
  await kafka?.stop();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

async function failuresCounted({ url }: ServiceProcess, dependency: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const of = new RegExp(
    `^onecount_outage_failures_total\\{dependency="${dependency}".*\\} (.*)$`,
    'm',
  );
  return Number(of.exec(text)?.[1] ?? 0);
}

/** Takes the server away until many failures are counted; what is logged until the outage is over. */
async function throughOutage(
  service: ServiceProcess,
  of: { dependency: string; server: Postgres | Kafka; failuresMin: number },
): Promise<ServiceProcess['lines']> {
  const { dependency, server, failuresMin } = of;
  await readyReport(service.url);
  const before = service.lines.length;
  await server.kill();
  await eventually(async () => (await failuresCounted(service, dependency)) >= failuresMin);
  await server.start();
  await eventually(() => service.lines.some(({ msg }) => msg === `${dependency} is back`));
  return service.lines.slice(before).filter(({ level }) => level !== 'info');
}

describe('an outage', () => {
  test('of PostgreSQL has two lines in the log, whatever repeats by itself meanwhile', async () => {
    const service = await startedService({ ...env, EVENT_LOG_URL: eventLogUrl });
    const of = { dependency: 'PostgreSQL', server: postgres, failuresMin: 30 };
    const lines = await throughOutage(service, of);
    expect(lines.map(({ msg }) => msg)).toEqual([
      'PostgreSQL is away; failures are counted until it is back',
      'PostgreSQL is back',
    ]);
    expect(lines[1]!.failures).toBe(await failuresCounted(service, 'PostgreSQL'));
    expect(lines[1]!.seconds).toBeGreaterThan(1);
  });

  test('of Kafka has two lines in the log, whatever its client says meanwhile', async () => {
    kafka = await startKafka({ dataDir: join(folder, 'kafka') });
    const service = await startedService({ ...env, KAFKA_BROKERS: kafka.brokers.join(',') });
    const lines = await throughOutage(service, {
      dependency: 'Kafka',
      server: kafka,
      failuresMin: 10,
    });
    expect(lines.map(({ msg }) => msg)).toEqual([
      'Kafka is away; failures are counted until it is back',
      'Kafka is back',
    ]);
    expect(lines[1]!.failures).toBe(await failuresCounted(service, 'Kafka'));
  });
});
