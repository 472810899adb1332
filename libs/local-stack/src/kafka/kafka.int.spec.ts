import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
