import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../process/ports.ts';
import { isRunning } from '../process/process.ts';
import { startKafka } from './kafka.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'onecount-kafka-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

test('a broker that was left running is stopped and its data folder used again', async () => {
  const options = { dataDir: join(home, 'kafka') };
  const first = await startKafka(options);
  const leftover = first.pid();
  const second = await startKafka(options);
  expect(await isRunning(leftover)).toBe(false);
  expect(await isRunning(second.pid())).toBe(true);
  await second.stop();
  await first.stop();
  expect(await isRunning(second.pid() || leftover)).toBe(false);
});

test('a port on which somebody else listens is taken, whatever answers there', async () => {
  const port = await freePort();
  const listener = createServer().listen(port, '127.0.0.1');
  await once(listener, 'listening');
  const taken = { code: 'EADDRINUSE', message: `Kafka: port ${port} on 127.0.0.1 is in use.` };
  const options = { dataDir: join(home, 'taken'), port };
  await expect(startKafka(options)).rejects.toMatchObject(taken);
  listener.close();
  const other = await startKafka({ dataDir: join(home, 'other'), port });
  await expect(startKafka(options)).rejects.toMatchObject(taken);
  await other.stop();
});
