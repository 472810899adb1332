import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { configureFailpoints, crashAt } from './index.ts';

const source = join(__dirname, 'index.ts');
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'onecount-failpoint-'));
});
afterEach(() => {
  configureFailpoints({ service: 'pos' });
  rmSync(dir, { recursive: true });
});

// A process of its own: the point of the exercise is that it dies.
function passThrough() {
  const program = `
    import { configureFailpoints, crashAt } from ${JSON.stringify(source)};
    configureFailpoints({ service: 'pos', dir: ${JSON.stringify(dir)} });
    console.log('before');
    crashAt('sale.commit.before-commit');
    console.log('after');`;
  return spawnSync(process.execPath, ['--input-type=module-typescript', '-e', program], {
    encoding: 'utf8',
  });
}

test('an armed point kills the process before another line runs, once', () => {
  const file = join(dir, 'pos.sale.commit.before-commit');
  writeFileSync(file, '');
  expect(passThrough()).toMatchObject({ signal: 'SIGKILL', stdout: 'before\n' });
  expect(existsSync(file)).toBe(false);
  expect(passThrough()).toMatchObject({ status: 0, stdout: 'before\nafter\n' });
});

test('a point in a thread ends that thread before another line runs, and not the process', async () => {
  writeFileSync(join(dir, 'pos.sale.commit.before-commit'), '');
  const program = `
    import(${JSON.stringify(source)}).then(({ configureFailpoints, crashAt }) => {
      configureFailpoints({ service: 'pos', dir: ${JSON.stringify(dir)} });
      try { crashAt('sale.commit.before-commit'); } finally { console.log('after'); }
    });`;
  const thread = new Worker(program, { eval: true, stdout: true });
  expect(await once(thread, 'exit')).toEqual([137]);
  expect((await thread.stdout.toArray()).join('')).toBe('');
});

test('another service’s file and an unconfigured process are left alone', () => {
  writeFileSync(join(dir, 'inventory.sweep.before'), '');
  configureFailpoints({ service: 'pos', dir });
  crashAt('sweep.before');
  configureFailpoints({ service: 'inventory' });
  crashAt('sweep.before');
  expect(existsSync(join(dir, 'inventory.sweep.before'))).toBe(true);
});
