import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = { body: string; headers: IncomingHttpHeaders; json: Record<string, any> };
type Answer = (response: ServerResponse, received: Received) => void;

const ok: Answer = (response) => response.writeHead(204).end();

/** A shop on this machine that keeps what it is sent. */
export async function startReceiver() {
  const received: Received[] = [];
  let answer: Answer = ok;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const one = { body, headers: request.headers, json: JSON.parse(body || '{}') };
      received.push(one);
      answer(response, one);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    /** What it was sent about a variant, oldest first. */
    about: (variantId: string) =>
      received.map(({ json }) => json).filter((json) => json['variantId'] === variantId),
    answering(next: Answer = ok) {
      answer = next;
    },
    status: (code: number) => {
      answer = (response) => response.writeHead(code, { location: '/elsewhere' }).end();
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
export type Receiver = Awaited<ReturnType<typeof startReceiver>>;
