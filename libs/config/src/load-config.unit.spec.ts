import { z } from 'zod';
import { ConfigError, jwkJson, loadConfig, serviceEnv } from './index.ts';

const key = { kty: 'OKP', crv: 'Ed25519', kid: 'pos', x: 'x', d: 'very-secret' };
const good = {
  PORT: '4000',
  DATABASE_URL: 'postgres://service:pw@127.0.0.1:5432/onecount_pos',
  KAFKA_BROKERS: 'one:9092, two:9092',
  INTERNAL_TRUSTED_KEYS: JSON.stringify({ keys: [{ ...key, d: undefined }] }),
};
const schema = z.object(serviceEnv);

function problemsOf(env: Record<string, string | undefined>, of: z.ZodObject = schema) {
  try {
    loadConfig(of, env);
    return [];
  } catch (err) {
    return (err as ConfigError).problems;
  }
}

test('a complete environment is read with its defaults', () => {
  expect(loadConfig(schema, good)).toEqual({
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: 4000,
    LOG_LEVEL: 'info',
    DATABASE_URL: good.DATABASE_URL,
    DATABASE_POOL_MAX: 10,
    TIMEOUT_FACTOR: 1,
    KAFKA_BROKERS: ['one:9092', 'two:9092'],
    KAFKA_TLS: false,
    KAFKA_PARTITIONS: 24,
    KAFKA_SESSION_TIMEOUT_MS: 10_000,
    TOPIC_PREFIX: '',
    INTERNAL_TRUSTED_KEYS: { keys: [{ kty: 'OKP', crv: 'Ed25519', kid: 'pos', x: 'x' }] },
    INTROSPECTION: false,
  });
});

test('all problems are reported at once, one per line', () => {
  const env = {
    PORT: 'http',
    DATABASE_URL: 'mysql://x',
    FAILPOINT_DIR: '/tmp/x',
    KAFKA_BROKERS: '',
  };
  const problems = problemsOf(env);
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'PORT',
    'DATABASE_URL',
    'INTERNAL_TRUSTED_KEYS',
    'KAFKA_BROKERS',
    'FAILPOINT_DIR',
  ]);
  expect(problems[2]).toBe('INTERNAL_TRUSTED_KEYS: is required');
  expect(new ConfigError([...problems]).message.split('\n')).toHaveLength(5);
});

test.each([
  ['both transports', { EVENT_LOG_URL: 'postgres://log/x' }, /either this or KAFKA_BROKERS/],
  ['an empty broker', { KAFKA_BROKERS: 'one:9092,,,' }, /^KAFKA_BROKERS/],
  ['a failpoint folder in production', { FAILPOINT_DIR: '/tmp' }, /^FAILPOINT_DIR: is refused/],
  [
    'a mode that falls back',
    { DATABASE_URL: 'postgres://u@d/x?sslmode=prefer' },
    /^DATABASE_URL: has another sslmode/,
  ],
  [
    'an authority that is not there',
    { DATABASE_URL: 'postgres://u@d/x?sslmode=verify-ca&sslrootcert=/no' },
    /^DATABASE_URL: has a sslrootcert that/,
  ],
  [
    'a name to verify that is an address',
    { DATABASE_URL: 'postgres://u@[::1]/x?sslmode=verify-full' },
    /^DATABASE_URL: .* where a name is needed/,
  ],
  [
    'an authority without a mode',
    { DATABASE_URL: 'postgres://u@d/x?sslrootcert=/no' },
    /^DATABASE_URL: has sslrootcert without sslmode/,
  ],
  [
    'verify-ca without an authority',
    { DATABASE_URL: 'postgres://u@d/x?sslmode=verify-ca' },
    /^DATABASE_URL: .* without sslrootcert/,
  ],
  [
    'a login without a password',
    { KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256', KAFKA_SASL_USERNAME: 'u' },
    /^KAFKA_SASL_PASSWORD: is required with KAFKA_SASL_MECHANISM SCRAM-SHA-256/,
  ],
  [
    'a readable password on the network',
    { KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' },
    /^KAFKA_SASL_MECHANISM: PLAIN without KAFKA_TLS/,
  ],
  [
    'a file that is no PEM',
    { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: import.meta.filename },
    /^KAFKA_TLS_CA_FILE: names no PEM file/,
  ],
  ['a trusted key without kid', { INTERNAL_TRUSTED_KEYS: '{"keys":[{"kty":"OKP"}]}' }, /JWK set/],
])('%s: refused', (_, change, message) => {
  expect(problemsOf({ ...good, ...change })).toEqual([expect.stringMatching(message)]);
});

test('a URL with sslmode means to pg what it means to psql', () => {
  const url = 'postgres://u:pw@db/x?sslmode=require';
  const { DATABASE_URL } = loadConfig(schema, { ...good, DATABASE_URL: url });
  expect(DATABASE_URL).toBe(`${url}&uselibpqcompat=true`);
});

test('failpoints are accepted outside production', () => {
  expect(problemsOf({ ...good, NODE_ENV: 'test', FAILPOINT_DIR: '/tmp' })).toEqual([]);
});

test('no value appears in a problem, whatever is wrong with it', () => {
  const own = z.object({ SIGNING_KEY: jwkJson, ...serviceEnv });
  const env = {
    SIGNING_KEY: `{"d":"${key.d}"`,
    DATABASE_URL: 'postgresx://user:hunter2@db/x',
    INTERNAL_TRUSTED_KEYS: `"${key.d}"`,
    NODE_ENV: 'hunter2',
    PORT: 'hunter2',
  };
  const text = problemsOf(env, own).join('\n');
  expect(text).not.toMatch(/hunter2|very-secret/);
  expect(text.split('\n')).toHaveLength(6);
});

test('a private key is read from JSON', () => {
  const own = z.object({ SIGNING_KEY: jwkJson });
  expect(loadConfig(own, { SIGNING_KEY: JSON.stringify(key) })).toEqual({ SIGNING_KEY: key });
});
