import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { compactLine, createLogs } from './log-lines.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onecount-logs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test.each([
  [
    '{"level":"info","time":"2026-11-22T08:15:30.123Z","service":"pos","msg":"listening","url":"http://x"}',
    '08:15:30.123 listening url=http://x',
  ],
  [
    '{"level":"error","time":"2026-11-22T08:15:30.123Z","msg":"failed","n":2}',
    '08:15:30.123 ERROR failed n=2',
  ],
  ['(node:1) Warning: plain text', '(node:1) Warning: plain text'],
  ['{broken', '{broken'],
])('%s', (line, shown) => {
  expect(compactLine(line)).toBe(shown);
});

test('a line is shown with its name in front, kept and written to a file as it came', async () => {
  const shown: string[] = [];
  const logs = createLogs(['pos', 'gateway'], { folder, write: (line) => shown.push(line) });
  const output = new PassThrough();
  logs.follow('pos', output);
  const ended = new Promise((resolve) => output.once('close', resolve));
  output.end('one\ntwo\n');
  await ended;
  logs.say('gateway', 'three');
  await logs.close();
  expect(shown).toEqual(['pos     │ one', 'pos     │ two', 'gateway │ three']);
  expect(logs.lines('pos')).toEqual(['one', 'two']);
  expect(await readFile(join(folder, 'pos.log'), 'utf8')).toBe('one\ntwo\n');
});

test('colour is there only when asked for', async () => {
  const shown: string[] = [];
  const options = { folder, write: (line: string) => shown.push(line), isColoured: true };
  const logs = createLogs(['pos'], options);
  logs.say('pos', 'one');
  await logs.close();
  expect(shown).toEqual(['\u001b[36mpos\u001b[0m │ one']);
});
