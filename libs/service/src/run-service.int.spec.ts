import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInternalTokenSigner, generateSigningKey, type SigningKey } from '@onecount/identity';
import {
  testDatabase,
  testTransport,
  type TestDatabase,
  type TestTransport,
} from '@onecount/testing';
import {
  killServices,
  readyReport,
  spawnService,
  startedService,
} from '../test/service-process.ts';

let database: TestDatabase;
let transport: TestTransport;
let env: Record<string, string>;
let gateway: SigningKey;
let operator: SigningKey;

beforeAll(async () => {
  database = await testDatabase('workshop');
  transport = await testTransport('embedded');
  gateway = await generateSigningKey('gateway');
  operator = await generateSigningKey('operator');
  env = {
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: database.url,
    INTERNAL_TRUSTED_KEYS: JSON.stringify({ keys: [gateway.publicJwk, operator.publicJwk] }),
    ...transport.env,
  };
});

afterEach(killServices);

afterAll(async () => {
  await transport.close();
  await database.drop();
});

const started = (settings: Record<string, string> = {}) => startedService({ ...env, ...settings });
const spawned = (settings: Record<string, string | undefined>) =>
  spawnService({ ...env, ...settings });

describe('a service process', () => {
  test('reports its parts, its metrics and nothing without a token, in little memory', async () => {
    const { url } = await started();
    expect(await readyReport(url)).toEqual({
      code: 200,
      service: 'workshop',
      status: 'ready',
      parts: {
        database: { status: 'ok' },
        messaging: { status: 'ok' },
        consumer: { status: 'ok' },
        service: { status: 'ok' },
      },
    });
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'live' });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('process_resident_memory_bytes');
    expect((await fetch(`${url}/graphql`, { method: 'POST' })).status).toBe(401);
    const { rssMb } = (await (await fetch(`${url}/memory`)).json()) as { rssMb: number };
    expect(rssMb).toBeLessThan(150);
  });

  test("shows its dead events to the operator's key alone", async () => {
    const { url } = await started();
    const asked = async (service: string, { privateJwk }: SigningKey) => {
      const signer = createInternalTokenSigner({ service, privateJwk });
      const scopes = ['admin', 'service:operator'];
      const who = { audience: 'workshop', tenantId: randomUUID(), subject: 'somebody', scopes };
      const headers = { authorization: `Bearer ${await signer.tokenFor(who)}` };
      return fetch(`${url}/dead-events`, { headers });
    };
    expect((await fetch(`${url}/dead-events`)).status).toBe(401);
    expect((await fetch(`${url}/dead-events/replay`, { method: 'POST' })).status).toBe(401);
    expect((await asked('gateway', gateway)).status).toBe(403);
    const shown = await asked('operator', operator);
    expect(await shown.json()).toEqual({ total: 0, deadEvents: [] });
  });

  test('lets a running request finish when it is asked to end, then leaves with 0', async () => {
    const { child, url, lines, exitCode } = await started();
    await readyReport(url);
    const slow = fetch(`${url}/slow`).then((response) => response.json());
    const isAccepted = fetch(`${url}/health/live`);
    await isAccepted;
    child.kill('SIGTERM');
    expect(await slow).toEqual({ isDone: true });
    expect(await exitCode).toBe(0);
    expect(lines.map((line) => line.msg)).toEqual(['listening', 'draining', 'drained']);
  });

  test('drains when the process that started it is gone', async () => {
    const launcher = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const { url, exitCode } = await started({ ONECOUNT_PARENT_PID: String(launcher.pid) });
    await readyReport(url);
    launcher.kill('SIGKILL');
    expect(await exitCode).toBe(0);
  });

  test('ends with 1 and the reason in the log when something is thrown that nobody catches', async () => {
    const { url, lines, exitCode } = await started();
    await fetch(`${url}/crash`).catch(() => undefined);
    expect(await exitCode).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      level: 'fatal',
      msg: 'crashed',
      err: { message: 'nobody catches this' },
    });
  });

  test('says in one line that the database cannot be reached, and ends with 1', async () => {
    const nobody = 'postgres://u:secret@127.0.0.1:1/none';
    const { lines, exitCode } = spawned({ DATABASE_URL: nobody });
    expect(await exitCode).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'fatal' });
    expect(lines[0]?.msg).toMatch(
      /^could not start: the database cannot be reached: .*ECONNREFUSED/,
    );
    expect(JSON.stringify(lines)).not.toMatch(/secret|node_modules/);
  });

  test('names every setting that is wrong, one per line, and ends with 1', async () => {
    const { lines, exitCode } = spawned({ DATABASE_URL: undefined, PORT: 'x' });
    expect(await exitCode).toBe(1);
    expect(lines.map((line) => line.msg.split(':')[0]).sort()).toEqual(['DATABASE_URL', 'PORT']);
  });
});
