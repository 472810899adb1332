import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createDevelopmentIssuer,
  generateSigningKey,
  type DevelopmentIssuer,
} from '@onecount/identity';
import { eventually } from '@onecount/testing';
import { ask, tenantA } from '../test/graph.ts';

// The process as it runs in production: main.ts, its environment, its signals.
let folder: string;
let issuer: DevelopmentIssuer;
let subgraph: Server;
let waiting: ServerResponse[];
let children: ChildProcess[];
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'onecount-gateway-'));
  const keyFile = path.join(folder, 'issuer.json');
  issuer = await createDevelopmentIssuer({ keyFile, port: 0, nodeEnv: 'test' });
  subgraph = createServer((request, response) => {
    if (request.url === '/health/ready') response.end('{}');
    else waiting.push(response);
  });
  await new Promise<void>((resolve) => subgraph.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}`;
  const names = ['CATALOG', 'INVENTORY', 'POS', 'WORKSHOP', 'PASSPORT', 'STOREFRONT_SYNC'];
  env = {
    PATH: process.env['PATH'] ?? '',
    PORT: '0',
    NODE_COMPILE_CACHE: folder,
    SUBGRAPH_TIMEOUT_MS: '600000',
    POS_TIMEOUT_MS: '600000',
    DRAIN_TIMEOUT_MS: '600000',
    OIDC_ISSUER: issuer.issuer,
    OIDC_JWKS_URL: issuer.jwksUrl,
    INTERNAL_SIGNING_KEY: JSON.stringify((await generateSigningKey()).privateJwk),
    ...Object.fromEntries(names.map((name) => [`${name}_URL`, url])),
  };
});
afterAll(async () => {
  await issuer.close();
  subgraph.closeAllConnections();
  subgraph.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  waiting = [];
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

type Line = { msg: string; level: string; url?: string };

async function start(changes: Record<string, string> = {}) {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts')], {
    env: { ...env, ...changes },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines: Line[] = [];
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const listening = new Promise<string | undefined>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter(Boolean)) lines.push(JSON.parse(line) as Line);
      const url = lines.find((line) => line.msg === 'listening')?.url;
      if (url) resolve(url);
    });
    void ended.then(() => resolve(undefined));
  });
  return { child, lines, ended, url: await listening };
}

const untilAsked = () => eventually(() => waiting.length > 0);

it('answers what has begun after SIGTERM, takes nothing new, and ends with 0', async () => {
  const gateway = await start();
  const token = await issuer.mint({ tenantId: tenantA, subject: 'x', scopes: ['catalog:read'] });
  const query = '{ product(handle: "brooch") { title } }';
  const answer = ask(`${gateway.url}/graphql`, query, { token });
  await untilAsked();
  gateway.child.kill('SIGTERM');
  await untilRefused(`${gateway.url}/health/live`);
  waiting[0]!.end('{"data":{"product":{"title":"Estate brooch"}}}');
  expect((await answer).body).toEqual({ data: { product: { title: 'Estate brooch' } } });
  expect(await gateway.ended).toBe(0);
});

it('says in one fatal line why it cannot listen, and by its exit code that the port is taken', async () => {
  const first = await start();
  const second = await start({ PORT: new URL(first.url!).port });
  expect(await second.ended).toBe(98);
  const fatal = second.lines.filter(({ level }) => level === 'fatal');
  expect(fatal.map(({ msg }) => msg)).toEqual([
    expect.stringMatching(/^could not start: .*EADDRINUSE/),
  ]);
});

it('does not wait for ever for what never ends', async () => {
  const gateway = await start({ DRAIN_TIMEOUT_MS: '300' });
  const token = await issuer.mint({ tenantId: tenantA, subject: 'x', scopes: ['catalog:read'] });
  ask(`${gateway.url}/graphql`, '{ product(handle: "x") { title } }', { token }).catch(() => {});
  await untilAsked();
  gateway.child.kill('SIGTERM');
  expect(await gateway.ended).toBe(1);
});

it('ends when the process that started it is gone', async () => {
  const parent = spawn('sleep', ['60']);
  children.push(parent);
  const gateway = await start({ ONECOUNT_PARENT_PID: String(parent.pid) });
  parent.kill('SIGKILL');
  expect(await gateway.ended).toBe(0);
});

it('says everything that is wrong with its settings, one line each, and ends with 1', async () => {
  const gateway = await start({ PORT: 'x', CATALOG_URL: '', INTERNAL_SIGNING_KEY: 'secret' });
  expect(await gateway.ended).toBe(1);
  expect(gateway.lines.map((line) => `${line.level} ${line.msg.split(':')[0]}`).sort()).toEqual([
    'fatal CATALOG_URL',
    'fatal INTERNAL_SIGNING_KEY',
    'fatal PORT',
  ]);
  expect(JSON.stringify(gateway.lines)).not.toContain('secret');
});

const untilRefused = (url: string) =>
  eventually(() =>
    fetch(url).then(
      () => false,
      () => true,
    ),
  );
