import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leftOpen, reportOptions } from './left-open.ts';

const serverAndChild = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  const server = require('node:net').createServer().listen(0, '127.0.0.1', () => {
    console.log(JSON.stringify({ port: server.address().port, pid: child.pid }));
  });`;

test('a server that still listens and a child that still runs are named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'left-open-'));
  const process_ = spawn(process.execPath, [...reportOptions(folder), '-e', serverAndChild], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [said] = (await once(process_.stdout, 'data')) as [Buffer];
    const { port, pid } = JSON.parse(said.toString()) as { port: number; pid: number };

    const left = await leftOpen(process_, folder);

    expect(left).toEqual(expect.arrayContaining([`tcp 127.0.0.1:${port}`, `process ${pid}`]));
  } finally {
    process_.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
});
