import { randomUUID } from 'node:crypto';
import { createDatabase } from '@onecount/db';
import { loadConfig, serviceEnv } from '@onecount/config';
import { migrateService } from '@onecount/local-stack';
import {
  createTransport,
  transportRefusal,
  transportSettings,
  type ReceivedMessage,
} from '@onecount/messaging';
import { certificateAuthority, type Certificate } from '@onecount/testing';
import { EntitySchema } from 'typeorm';
import { z } from 'zod';
import { startSecureKafka, type SecureKafka } from '../test/secure-kafka.ts';
import { startSecurePostgres, type SecurePostgres } from '../test/secure-postgres.ts';
import {
  killServices,
  readyReport,
  spawnService,
  startedService,
} from '../test/service-process.ts';
import { oauthClient, startTokenEndpoint } from '../test/token-endpoint.ts';

type Settings = Record<string, string>;
type Authority = Awaited<ReturnType<typeof certificateAuthority>>;

let authority: Authority;
let stranger: Authority;
let tokens: Awaited<ReturnType<typeof startTokenEndpoint>>;
let kafka: SecureKafka;
let postgres: SecurePostgres;
let own: Certificate;
let strange: Certificate;

beforeAll(async () => {
  [authority, stranger] = [await certificateAuthority(), await certificateAuthority()];
  own = await authority.issue('till');
  strange = await stranger.issue('till');
  tokens = await startTokenEndpoint('kafka');
  kafka = await startSecureKafka(authority, { jwksUrl: tokens.jwksUrl, audience: 'kafka' });
  postgres = await startSecurePostgres(authority);
  await migrateService('workshop', {
    role: postgres.role,
    ownerUrl: settingsOf({ DATABASE_URL: overTls(postgres.ownerUrl) }).DATABASE_URL,
  });
});

afterEach(killServices);

afterAll(async () => {
  tokens?.close();
  await kafka?.stop();
  await postgres?.stop();
  await authority?.remove();
  await stranger?.remove();
});

const settingsOf = (given: Settings) =>
  loadConfig(z.object(serviceEnv), {
    PORT: '0',
    DATABASE_URL: 'postgres://u@localhost/d',
    INTERNAL_TRUSTED_KEYS: '{"keys":[]}',
    KAFKA_BROKERS: kafka.saslBroker,
    KAFKA_TLS: 'true',
    KAFKA_TLS_CA_FILE: authority.caFile,
    ...given,
  });

const transportOf = (given: Settings) => ({
  ...transportSettings(settingsOf(given)),
  clientId: 'till',
  partitions: 1,
});

const user = (mechanism: string): Settings => ({
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: 'till',
  KAFKA_SASL_PASSWORD: `till-${mechanism}`,
});
const oauth = (): Settings => ({
  KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
  KAFKA_OAUTH_TOKEN_URL: tokens.tokenUrl,
  KAFKA_OAUTH_CLIENT_ID: oauthClient.id,
  KAFKA_OAUTH_CLIENT_SECRET: oauthClient.secret,
});
const certificate = ({ certFile, keyFile }: Certificate): Settings => ({
  KAFKA_BROKERS: kafka.certificateBroker,
  KAFKA_TLS_CERT_FILE: certFile,
  KAFKA_TLS_KEY_FILE: keyFile,
});

describe('Kafka over TLS', () => {
  test.each<[string, () => Settings]>([
    ['PLAIN', () => user('PLAIN')],
    ['SCRAM-SHA-256', () => user('SCRAM-SHA-256')],
    ['SCRAM-SHA-512', () => user('SCRAM-SHA-512')],
    ['OAUTHBEARER', oauth],
    ['a certificate of its own', () => certificate(own)],
  ])('%s: a message goes out and comes back', async (_, login) => {
    const transport = await createTransport(transportOf(login()));
    const name = `secure.${randomUUID()}`;
    await transport.ensureTopics([{ name, partitions: 1 }]);
    await transport.publish([{ topic: name, key: 'k', headers: {}, value: 'sold' }]);
    const arrived = Promise.withResolvers<ReceivedMessage>();
    const onMessages = async (messages: ReceivedMessage[]) => {
      arrived.resolve(messages[0]!);
      return messages.length;
    };
    await transport.subscribe({ group: name, topics: [name], onMessages });
    expect((await arrived.promise).value).toBe('sold');
    await transport.close();
  });

  test('one token serves all connections of a process', async () => {
    const before = tokens.tokensGiven();
    const transport = await createTransport(transportOf(oauth()));
    await transport.health();
    await transport.publish([]);
    await transport.lag('nobody', []).catch(() => undefined);
    expect(tokens.tokensGiven() - before).toBe(1);
    await transport.close();
  });

  test.each<[string, () => Settings, RegExp]>([
    [
      'a wrong password',
      () => ({ ...user('SCRAM-SHA-512'), KAFKA_SASL_PASSWORD: 'x' }),
      /SASL SCRAM SHA512 authentication failed/,
    ],
    [
      'a wrong plain password',
      () => ({ ...user('PLAIN'), KAFKA_SASL_PASSWORD: 'x' }),
      /SASL PLAIN authentication failed/,
    ],
    [
      'a wrong client secret',
      () => ({ ...oauth(), KAFKA_OAUTH_CLIENT_SECRET: 'x' }),
      /gives no token \(HTTP 401\)/,
    ],
    [
      'another authority',
      () => ({ ...user('PLAIN'), KAFKA_TLS_CA_FILE: stranger.caFile }),
      /certificate/,
    ],
    ['no authority', () => ({ ...user('PLAIN'), KAFKA_TLS_CA_FILE: '' }), /certificate/],
    ['a certificate of somebody else', () => certificate(strange), /certificate/],
  ])('%s: a reason and no attempt more', async (_, given, reason) => {
    expect(await transportRefusal(transportOf(given()))).toMatch(reason);
  });

  test('a broker that is away refuses nobody', async () => {
    const away = transportOf({ ...user('PLAIN'), KAFKA_BROKERS: '127.0.0.1:9' });
    expect(await transportRefusal(away)).toBeUndefined();
  });
});

const overTls = (url: string, mode = 'verify-full', ca = authority.caFile) => {
  const changed = new URL(url);
  changed.hostname = 'localhost';
  changed.search = `sslmode=${mode}&sslrootcert=${encodeURIComponent(ca)}`;
  return changed.href;
};

const everySession = new EntitySchema<{ id: number }>({
  name: 'session',
  columns: { id: { type: 'int', primary: true } },
});

async function encryption(url: string, entities = false) {
  const { DATABASE_URL } = settingsOf({ DATABASE_URL: url });
  const db = await createDatabase({
    url: DATABASE_URL,
    applicationName: 'secure',
    poolMax: 1,
    entities: entities ? [everySession] : [],
    onPoolError: () => undefined,
  });
  const own = 'SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
  try {
    return await db.asSystem(
      'monitor',
      async (tx) => (await tx.query<{ version: string }>(own))[0],
    );
  } finally {
    await db.close();
  }
}

describe('PostgreSQL over TLS', () => {
  test.each(['require', 'verify-ca', 'verify-full'])(
    'sslmode=%s, with and without TypeORM',
    async (mode) => {
      const url = overTls(postgres.url, mode);
      expect(await encryption(url)).toEqual({ version: 'TLSv1.3' });
      expect(await encryption(url, true)).toEqual({ version: 'TLSv1.3' });
    },
  );

  test('verify-full alone insists on the name, both verify modes on the authority, require on neither', async () => {
    const tried = (mode: string, ca?: string) => encryption(overTls(postgres.url, mode, ca));
    await postgres.present('elsewhere');
    await expect(tried('verify-full')).rejects.toThrow(/Hostname\/IP does not match/);
    expect(await tried('verify-ca')).toEqual({ version: 'TLSv1.3' });
    await postgres.present('localhost');
    await expect(tried('verify-ca', stranger.caFile)).rejects.toThrow(/certificate/);
    const unchecked = new URL(postgres.url);
    unchecked.search = 'sslmode=require';
    expect(await encryption(unchecked.href)).toEqual({ version: 'TLSv1.3' });
  });
});

describe('a service', () => {
  const env = (given: Settings): Settings => ({
    NODE_ENV: 'test',
    PORT: '0',
    TOPIC_PREFIX: 'secure.',
    KAFKA_PARTITIONS: '1',
    INTERNAL_TRUSTED_KEYS: '{"keys":[]}',
    DATABASE_URL: overTls(postgres.url),
    KAFKA_BROKERS: kafka.saslBroker,
    KAFKA_TLS: 'true',
    KAFKA_TLS_CA_FILE: authority.caFile,
    ...user('SCRAM-SHA-512'),
    ...given,
  });

  test('is ready with both', async () => {
    const { url } = await startedService(env({}));
    const { status, parts } = await readyReport(url);
    expect({ status, parts }).toMatchObject({
      status: 'ready',
      parts: { messaging: { status: 'ok' } },
    });
  });

  const notAccepted = 'do not accept each other';
  test.each<[string, () => Settings, string]>([
    [
      'a wrong password of Kafka',
      () => ({ KAFKA_SASL_PASSWORD: 'x' }),
      `Kafka and this service ${notAccepted}: SASL SCRAM SHA512 authentication failed`,
    ],
    [
      'a wrong authority for Kafka',
      () => ({ KAFKA_TLS_CA_FILE: stranger.caFile }),
      `Kafka and this service ${notAccepted}: `,
    ],
    [
      'a wrong password of PostgreSQL',
      () => ({ DATABASE_URL: overTls(postgres.url).replace(/:[^:@]+@/, ':x@') }),
      `the database and this service ${notAccepted}: password authentication failed`,
    ],
    [
      'a wrong authority for PostgreSQL',
      () => ({ DATABASE_URL: overTls(postgres.url, 'verify-full', stranger.caFile) }),
      `the database and this service ${notAccepted}: `,
    ],
    [
      'no TLS to a PostgreSQL that wants it',
      () => ({ DATABASE_URL: postgres.url }),
      `the database and this service ${notAccepted}: no pg_hba.conf entry`,
    ],
  ])('%s: one line, and it ends with 1', async (_, given, line) => {
    const { lines, exitCode } = spawnService(env(given()));
    expect(await exitCode).toBe(1);
    expect(lines.map(({ level }) => level)).toEqual(['fatal']);
    expect(lines[0]?.msg).toContain(`could not start: ${line}`);
  });
});
