import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

describe('the safelist', () => {
  let folder: string;
  const env = (names: string[]) => ({
    ...complete,
    SAFELIST_MANIFESTS: names.map((name) => join(folder, name)).join(','),
  });
  const problemOf = (names: string[]) => {
    try {
      return readConfig(env(names)) && undefined;
    } catch (err) {
      return (err as ConfigError).problems.join('\n').replaceAll(`${folder}/`, '');
    }
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'manifests-'));
    const format = 'apollo-persisted-query-manifest';
    const listing = (id: string, body: string) => ({ id, body, name: 'Q', type: 'query' });
    const files = {
      shop: { format, version: 1, operations: [listing('a', '{ x }')] },
      till: { format, version: 1, operations: [listing('a', '{ x }'), listing('b', '{ y }')] },
      clash: { format, version: 1, operations: [listing('b', '{ z }')] },
      newer: { format, version: 2, operations: [] },
    };
    for (const [name, content] of Object.entries(files))
      await writeFile(join(folder, name), JSON.stringify(content));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is what all manifests list, and none by default', () => {
    expect(readConfig(complete).safelist).toBeUndefined();
    const operations = new Map([
      ['a', '{ x }'],
      ['b', '{ y }'],
    ]);
    expect(readConfig(env(['shop', 'till'])).safelist).toEqual({ operations, mode: 'enforce' });
    const reporting = readConfig({ ...env(['shop']), SAFELIST_MODE: 'report' });
    expect(reporting.safelist?.mode).toBe('report');
  });

  it.each([
    [['shop', 'gone'], 'gone is no apollo-persisted-query-manifest of version 1 that can be read'],
    [['newer'], 'newer is no apollo-persisted-query-manifest of version 1 that can be read'],
    [['till', 'clash'], 'clash: Q has an id that stands for another text'],
  ])('of %j does not start', (names, problem) => {
    expect(problemOf(names)).toBe(`SAFELIST_MANIFESTS: ${problem}`);
  });
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
