import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SceneFailure } from './expectation.ts';

export type Delivery = { signature: string; raw: string; body: Count };
export type Count = { type: string; sku: string; version: number; available: number };

/** What a web shop needs to take counts: an HTTP server that keeps what it was sent. */
export type Receiver = {
  url: string;
  port: number;
  /** The first delivery about this SKU with this count, also if it came before. */
  delivery(wanted: { sku: string; available: number }, withinMs: number): Promise<Delivery>;
  close(): Promise<void>;
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Listens on this machine only; undefined when the port is somebody else's. 0 takes any free one. */
export async function openReceiver(port: number): Promise<Receiver | undefined> {
  const deliveries: Delivery[] = [];
  let bell = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    void bodyOf(request).then((raw) => {
      const signature = String(request.headers['onecount-signature'] ?? '');
      deliveries.push({ signature, raw, body: JSON.parse(raw) as Count });
      response.writeHead(204).end();
      bell.resolve();
      bell = Promise.withResolvers<void>();
    });
  });
  server.listen(port, '127.0.0.1');
  const isListening = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isListening) return undefined;
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}/counts`,
    port: bound,
    async delivery({ sku, available }, withinMs) {
      const late = AbortSignal.timeout(withinMs);
      const isLate = once(late, 'abort');
      for (;;) {
        const found = deliveries.find(
          ({ body }) => body.sku === sku && body.available === available,
        );
        if (found) return found;
        if (late.aborted) {
          const came = deliveries.filter(({ body }) => body.sku === sku).map(({ raw }) => raw);
          throw new SceneFailure(
            `the web shop was to hear of ${available} × ${sku} within ${withinMs} ms; it heard: ${came.join(' ') || 'nothing'}`,
          );
        }
        await Promise.race([bell.promise, isLate]);
      }
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const secondsMax = 300;

/** `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over `<t>.<raw body>`, as docs say; written anew here, as a shop would. */
export function isAuthentic({ signature, raw }: Delivery, secret: string): boolean {
  const [, seconds, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  if (!seconds || !mac) return false;
  const expected = createHmac('sha256', secret).update(`${seconds}.${raw}`).digest();
  const isRecent = Math.abs(Date.now() / 1000 - Number(seconds)) <= secondsMax;
  return isRecent && timingSafeEqual(expected, Buffer.from(mac, 'hex'));
}
