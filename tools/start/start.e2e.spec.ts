import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@onecount/local-stack';
import { eventually } from '@onecount/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { allPids, alive, devFile, launch, runTool, type Launched } from './launched.ts';

const locationsQuery = '{ locations(first: 10) { nodes { code } } }';

async function ask(url: string, token: string, query: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

describe('npm start', () => {
  let home: string;
  let system: Launched;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'onecount-start-'));
    system = launch(home);
    await system.ready();
  });
  afterAll(async () => {
    await system.end('SIGTERM');
    await rm(home, { recursive: true, force: true });
  });

  test('says where everything is and writes the same to dev.json', async () => {
    const dev = await devFile(home);
    expect(Object.keys(dev)).toEqual(['graphqlUrl', 'services', 'postgres', 'kafka', 'tokens']);
    expect(Object.keys(dev.services)).toEqual([
      'gateway',
      'catalog',
      'inventory',
      'pos',
      'workshop',
      'passport',
      'storefront-sync',
    ]);
    expect(Object.keys(dev.tokens)).toEqual(['owner', 'cashier', 'publishable', 'otherTenant']);
    expect(system.output()).toContain(dev.graphqlUrl);
    expect(system.output()).toMatch(/ready in \d+\.\d s/);
  });

  test('both development tenants have their locations', async () => {
    const { graphqlUrl, tokens } = await devFile(home);
    for (const token of [tokens.owner, tokens.otherTenant]) {
      expect(await ask(graphqlUrl, token!, locationsQuery)).toMatchObject({
        data: {
          locations: {
            nodes: expect.arrayContaining([{ code: 'HQ' }, { code: 'GM' }, { code: 'HM' }]),
          },
        },
      });
    }
  });

  test('npm run token prints a token that the gateway takes', async () => {
    const { stdout, code } = await runTool('token', ['--scope', 'stock:read'], home);
    expect(code).toBe(0);
    const { graphqlUrl } = await devFile(home);
    expect(await ask(graphqlUrl, stdout.trim(), locationsQuery)).not.toHaveProperty('errors');
  });

  test('a second start in the same folder ends with one line', async () => {
    const { code, stderr } = await runTool('start', [], home);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Onecount already runs in [^\n]+ \(pid \d+\)\.\n$/);
  });

  test('npm run reset refuses while it runs', async () => {
    const { code, stderr } = await runTool('reset', ['--yes'], home);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Onecount runs in [^\n]+: stop it first\n$/);
    expect(existsSync(join(home, 'dev.json'))).toBe(true);
  });

  test('a service that is killed is started again and answers', async () => {
    const { services } = await devFile(home);
    const before = (await allPids(home))['workshop']!;
    process.kill(before, 'SIGKILL');
    const after = await eventually(async () => {
      const pid = (await allPids(home))['workshop'];
      return pid !== before && pid;
    });
    expect(after).not.toBe(before);
    await eventually(() => fetch(`${services['workshop']}/health/ready`).then(({ ok }) => ok));
  });

  test('PostgreSQL that is killed is started again, and the data is there', async () => {
    process.kill((await allPids(home))['postgres']!, 'SIGKILL');
    const { graphqlUrl, tokens } = await devFile(home);
    await eventually(
      async () =>
        expect(await ask(graphqlUrl, tokens.owner!, locationsQuery)).not.toHaveProperty('errors') ??
        true,
      { intervalMs: 200 },
    );
  });

  test('after kill -9 of the launcher nothing is left, and the next start finds the data', async () => {
    const pids = Object.values(await allPids(home));
    await system.end('SIGKILL');
    await eventually(async () => (await alive(pids)).length === 0, {
      what: 'the end of everything that the launcher had started',
    });
    system = launch(home);
    await system.ready();
    const { graphqlUrl, tokens } = await devFile(home);
    expect(await ask(graphqlUrl, tokens.owner!, locationsQuery)).toMatchObject({
      data: { locations: { nodes: expect.arrayContaining([{ code: 'HQ' }]) } },
    });
  });

  test('Ctrl-C ends everything', async () => {
    const pids = Object.values(await allPids(home));
    expect(pids.length).toBeGreaterThanOrEqual(8);
    expect(await system.end('SIGINT')).toBe(130);
    expect(await alive(pids)).toEqual([]);
    expect(existsSync(join(home, 'dev.json'))).toBe(false);
  });

  test('npm run reset removes what a stopped system left', async () => {
    const { code } = await runTool('reset', ['--yes'], home);
    expect(code).toBe(0);
    expect(existsSync(home)).toBe(false);
  });
});

describe('npm start that cannot', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onecount-cannot-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('names the variable of a port that is in use', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const env = { POS_PORT: String(port) };
    const { code, stderr } = await runTool('start', [], join(folder, 'port'), env);
    server.close();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `POS_PORT: port ${port} on 127.0.0.1 is in use.\n`,
    });
  });

  test('names a variable that is no port', async () => {
    const env = { KAFKA_PORT: 'http' };
    expect(await runTool('start', [], join(folder, 'number'), env)).toMatchObject({
      code: 1,
      stderr: 'KAFKA_PORT: is not a port (1 to 65535).\n',
    });
  });

  test('names a folder that cannot be written', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(await runTool('start', [], join(file, 'home'))).toMatchObject({
      code: 1,
      stderr: `The data folder ${join(file, 'home')} cannot be written (ENOTDIR).\n`,
    });
  });

  test('npm run token without a running system says how to get one', async () => {
    expect(await runTool('token', [], join(folder, 'none'))).toMatchObject({
      code: 1,
      stderr: 'No system runs here: npm start\n',
    });
  });
});
