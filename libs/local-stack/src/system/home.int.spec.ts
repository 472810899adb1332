import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isRunning, startOf } from '../process/process.ts';
import { claimHome, runningLauncher } from './home.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'onecount-home-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const launcherFile = () => join(home, 'launcher.json');

test('a second launcher in the same home is refused, and may start when the first is done', async () => {
  const first = await claimHome(home);
  await expect(claimHome(home)).rejects.toMatchObject({
    name: 'StackError',
    message: `Onecount already runs in ${home} (pid ${process.pid}).`,
  });
  await first.release();
  expect(existsSync(launcherFile())).toBe(false);
  await (await claimHome(home)).release();
});

test('of many launchers that start at once exactly one gets the home', async () => {
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => claimHome(home)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('the record of a dead launcher is taken over and its services are ended', async () => {
  const service = spawn('sleep', ['600']);
  await once(service, 'spawn');
  const exited = once(service, 'exit');
  const pid = service.pid!;
  await writeFile(
    launcherFile(),
    JSON.stringify({
      pid: 2 ** 22 + 1,
      start: '1',
      services: [{ name: 'pos', pid, start: await startOf(pid) }],
    }),
  );
  expect(await runningLauncher(home)).toBeUndefined();
  const claimed = await claimHome(home);
  await exited;
  expect(await isRunning(pid)).toBe(false);
  await claimed.release();
});

test('a pid that now belongs to another process is neither a launcher nor ended', async () => {
  const own = { pid: process.pid, start: 'another start' };
  await writeFile(launcherFile(), JSON.stringify({ ...own, services: [{ name: 'pos', ...own }] }));
  const claimed = await claimHome(home);
  expect(await isRunning(process.pid)).toBe(true);
  await claimed.release();
});

test('a home that cannot be made is one line', async () => {
  const file = join(home, 'file');
  await writeFile(file, '');
  await expect(claimHome(join(file, 'below'))).rejects.toMatchObject({
    name: 'StackError',
    message: `The data folder ${join(file, 'below')} cannot be written (ENOTDIR).`,
  });
});
