import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { freePort } from '../process/ports.ts';
import { choosePorts, onOwnPort, portNames } from './system-ports.ts';

let server: Server | undefined;
afterEach(() => void server?.close());

async function occupy(port: number): Promise<void> {
  server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
}

test('a port that was asked for and is in use is refused by the name of its variable', async () => {
  const port = await freePort();
  await occupy(port);
  await expect(choosePorts({ 'storefront-sync': port }, 'random')).rejects.toMatchObject({
    name: 'StackError',
    message: `STOREFRONT_SYNC_PORT: port ${port} on 127.0.0.1 is in use.`,
  });
});

test('what was not asked for gets ports of its own, below those of outgoing connections', async () => {
  const asked = await freePort();
  const { ports, release } = await choosePorts({ pos: asked }, 'random');
  await release(portNames);
  expect(ports.pos).toBe(asked);
  expect(new Set(Object.values(ports)).size).toBe(portNames.length);
  for (const port of Object.values(ports)) expect(port).toBeLessThan(32_768);
});

test('two systems that start at the same time do not take the same ports', async () => {
  const [first, second] = await Promise.all([
    choosePorts({}, 'default'),
    choosePorts({}, 'default'),
  ]);
  const both = [...Object.values(first.ports), ...Object.values(second.ports)];
  await Promise.all([first.release(portNames), second.release(portNames)]);
  expect(new Set(both).size).toBe(2 * portNames.length);
});

test('a port that somebody takes between its release and its use is replaced by another one', async () => {
  const chosen = await choosePorts({}, 'random');
  const first = chosen.ports.pos;
  const start = async (port: number) => {
    if (port === first) await occupy(port);
    const own = createServer().listen(port, '127.0.0.1');
    await once(own, 'listening');
    own.close();
    return port;
  };
  expect(await onOwnPort(chosen, 'pos', start)).toBe(chosen.ports.pos);
  expect(chosen.ports.pos).not.toBe(first);
  await chosen.release(portNames);
});

test('a port that was asked for is not replaced', async () => {
  const port = await freePort();
  const chosen = await choosePorts({ pos: port }, 'random');
  const start = () => Promise.reject(Object.assign(new Error(), { code: 'EADDRINUSE' }));
  await expect(onOwnPort(chosen, 'pos', start)).rejects.toMatchObject({
    message: `POS_PORT: port ${port} on 127.0.0.1 is in use.`,
  });
  await chosen.release(portNames);
});
