import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Host } from './host.ts';
import { runProcess } from './run-process.ts';

const hostThatNotes = () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const host: Host = { exit: resolve, onStopRequested: () => {}, onCrash: () => {} };
  return { host, exitCode: promise };
};
const config = { LOG_LEVEL: 'silent' } as const;

test('a start that waits for others ends when the process that started it is gone', async () => {
  const launcher = spawn('sleep', ['600']);
  await once(launcher, 'spawn');
  const { host, exitCode } = hostThatNotes();
  void runProcess({
    name: 'pos',
    config: { ...config, ONECOUNT_PARENT_PID: launcher.pid! },
    start: () => new Promise<never>(() => {}),
    host,
  });
  launcher.kill('SIGKILL');
  expect(await exitCode).toBe(1);
});

test.each([
  ['a port that is taken', Object.assign(new Error('taken'), { code: 'EADDRINUSE' }), 98],
  ['anything else that stops a start', new Error('no database'), 1],
])('%s has an exit code of its own', async (_what, err, code) => {
  const { host, exitCode } = hostThatNotes();
  const running = runProcess({ name: 'pos', config, start: () => Promise.reject(err), host });
  await expect(running).rejects.toBe(err);
  expect(await exitCode).toBe(code);
});
