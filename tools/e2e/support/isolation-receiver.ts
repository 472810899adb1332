import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@onecount/testing';

export type Receiver = {
  url: string;
  /** What each path was sent. */
  bodies: Map<string, string[]>;
  heard(path: string): Promise<void>;
  close(): Promise<void>;
};

/** What a web shop needs to take counts; every path is a shop of its own. */
export async function openReceiver(): Promise<Receiver> {
  const bodies = new Map<string, string[]>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      const path = request.url!.slice(1);
      bodies.set(path, [...(bodies.get(path) ?? []), body]);
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    heard: async (path) => {
      const what = `a delivery to ${path}`;
      await eventually(() => bodies.has(path), { intervalMs: 200, what });
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
