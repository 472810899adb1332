import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const script = join(import.meta.dirname, '../test/fatal-line.ts');

test('a process whose reader is gone still ends after its fatal line', async () => {
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdout.destroy();
  await once(child.stdout, 'close');
  child.stdin.end('now');
  expect(await once(child, 'exit')).toEqual([3, null]);
});

test('both lines are there when somebody reads', async () => {
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end('now');
  const text = (await child.stdout.toArray()).join('');
  const messages = text
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { msg: string }).msg);
  expect(messages).toEqual(['before the end', 'the end']);
});
