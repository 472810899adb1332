import { createDevelopmentMint, DevelopmentIssuerRefused } from '@onecount/identity';
import { nodeEnv, startConfig } from './config.ts';

it('mints no tokens where NODE_ENV says production', async () => {
  const mint = (env: Record<string, string>) =>
    createDevelopmentMint({ keyFile: '/nowhere', issuer: 'http://x', nodeEnv: nodeEnv(env) });
  await expect(mint({ NODE_ENV: 'production' })).rejects.toThrow(DevelopmentIssuerRefused);
  expect(nodeEnv({})).toBe('development');
});

it('passes settings of services on, those of a front end among them, and nothing else', () => {
  const env = {
    CORS_ORIGINS: 'https://shop.example',
    FAIR_LIMITS: 'false',
    LOG_LEVEL: '',
    HOME: '/x',
  };
  expect(startConfig(env).env).toEqual({
    CORS_ORIGINS: 'https://shop.example',
    FAIR_LIMITS: 'false',
  });
});

test('servers that already run are reached as the settings say, and what is wrong is one line', () => {
  const tls = { KAFKA_TLS: 'true', KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_USERNAME: 'till' };
  const brokers = { KAFKA_BROKERS: 'a:1, b:2', ...tls, KAFKA_SASL_PASSWORD: 'x' };
  const POSTGRES_URL = 'postgres://root:x@db.example/postgres?sslmode=require';
  expect(startConfig({ ...brokers, POSTGRES_URL })).toMatchObject({
    kafkaBrokers: ['a:1', 'b:2'],
    postgresUrl: `${POSTGRES_URL}&uselibpqcompat=true`,
    env: { ...tls, KAFKA_SASL_PASSWORD: 'x' },
  });
  // A broker that is started here is a plain one.
  expect(startConfig(tls).env).toEqual({});
  expect(() => startConfig({ KAFKA_BROKERS: 'a:1', ...tls })).toThrow(
    /^KAFKA_SASL_PASSWORD: is required/,
  );
  expect(() => startConfig({ POSTGRES_URL: 'x' })).toThrow(/^POSTGRES_URL: is not/);
});

test('production is refused in one line, whatever else is set', () => {
  expect(() => startConfig({ NODE_ENV: 'production', EVENT_LOG: 'x' })).toThrow(
    /^NODE_ENV=production: npm start runs a development system/,
  );
});
