import { ConfigError } from '@onecount/config';
import { readConfig } from './config.ts';

const url = 'http://127.0.0.1:4001';
const complete = {
  PORT: '4000',
  OIDC_ISSUER: 'http://127.0.0.1:4999',
  OIDC_JWKS_URL: 'http://127.0.0.1:4999/jwks.json',
  INTERNAL_SIGNING_KEY: '{"kty":"OKP","crv":"Ed25519","x":"a","d":"b"}',
  CATALOG_URL: url,
  INVENTORY_URL: url,
  POS_URL: url,
  WORKSHOP_URL: url,
  PASSPORT_URL: url,
  STOREFRONT_SYNC_URL: 'http://sync:4006',
};

it('is closed by default and gives each subgraph its address and time', () => {
  const config = readConfig({ ...complete, POS_TIMEOUT_MS: '20000' });
  expect(config).toMatchObject({
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    INTROSPECTION: false,
    EXPLORER: false,
  });
  expect(config.subgraphs).toHaveLength(6);
  expect(config.subgraphs).toContainEqual({ name: 'pos', url, timeoutMs: 20_000 });
  expect(config.subgraphs).toContainEqual({
    name: 'storefront-sync',
    url: 'http://sync:4006',
    timeoutMs: 10_000,
  });
});

it('has fair shares unless they are switched off, and a time limit for slow requests', () => {
  const env = { ...complete, CALLER_COST_PER_SECOND: '20', REQUEST_TIMEOUT_MS: '2000' };
  expect(readConfig(env)).toMatchObject({
    fairLimits: { caller: { perSecond: 20, burst: 100 }, tenant: { perSecond: 1_000 } },
    serverLimits: { requestMsMax: 2_000, headersMsMax: 667, connectionsMax: 2_000 },
  });
  expect(readConfig({ ...complete, FAIR_LIMITS: 'false' }).fairLimits).toBeNull();
});

it('names every problem at once and no secret', () => {
  const read = () =>
    readConfig({ PORT: 'x', INTERNAL_SIGNING_KEY: '{"kty":"OKP","d":', CATALOG_URL: 'catalog' });
  expect(read).toThrow(ConfigError);
  try {
    read();
  } catch (err) {
    const { problems } = err as ConfigError;
    const names = problems.map((problem) => problem.split(':')[0]).sort();
    expect(names).toEqual([
      'CATALOG_URL',
      'INTERNAL_SIGNING_KEY',
      'INVENTORY_URL',
      'OIDC_ISSUER',
      'OIDC_JWKS_URL',
      'PASSPORT_URL',
      'PORT',
      'POS_URL',
      'STOREFRONT_SYNC_URL',
      'WORKSHOP_URL',
    ]);
  }
});
