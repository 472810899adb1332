import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { eventually, openLiveStream } from '@onecount/testing';
import { startGraph, tenantA } from '../test/graph.ts';

type Asked = { body: Record<string, unknown>; token: Record<string, unknown> };
type Answer = (response: ServerResponse) => void;

const headers = { 'content-type': 'text/event-stream' };
const say: Answer = (response) => {
  response.writeHead(200, headers);
  response.write('event: stock\nid: 7\ndata: {"sku":"RING","available":1}\n\n');
};

/** Inventory's side of it: what it was asked for, and connections that a test ends. */
async function startInventory(answer: () => Answer) {
  const asked: Asked[] = [];
  const open = new Set<ServerResponse>();
  const server = createServer(async (request: IncomingMessage, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const [, claims = ''] = request.headers.authorization!.split('.');
    const token = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Asked['token'];
    asked.push({ body: JSON.parse(text) as Asked['body'], token });
    open.add(response);
    response.once('close', () => open.delete(response));
    answer()(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { asked, open, close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('live counts through the gateway', () => {
  let inventory: Awaited<ReturnType<typeof startInventory>>;
  let graph: Awaited<ReturnType<typeof startGraph>>;
  let answer: Answer;
  let lifeMs: number;
  let closing: Promise<void> | undefined;
  const drain = () => (closing ??= graph.close());

  beforeEach(async () => {
    answer = say;
    lifeMs = 60_000;
    closing = undefined;
    inventory = await startInventory(() => answer);
    graph = await startGraph({
      subgraphUrls: { inventory: inventory.url },
      gateway: {
        corsOrigins: ['https://shop.example'],
        liveLimits: { connectionsMax: 3, tenantConnectionsMax: 2 },
        verifyAccessToken: async (token) => ({
          tenantId: token === 'a' ? tenantA : '01900000-0000-7000-8000-00000000000b',
          ...{ subject: 'page', scopes: new Set(['shop:read']) },
          expiresAt: new Date(Date.now() + lifeMs),
        }),
      },
    });
  });
  afterEach(async () => {
    await drain();
    await inventory.close();
  });
  const follow = (query = 'sku=RING', more: Record<string, string> = {}, token = 'a') =>
    openLiveStream(`${graph.url}/live/stock?${query}`, {
      headers: { authorization: `Bearer ${token}`, ...more },
    });

  it("asks inventory in the caller's name, and passes on what it says", async () => {
    const client = await follow('sku=RING&sku=A%2FB&location=HQ', { 'last-event-id': '42' });
    await eventually(() => client.events.length === 1);
    expect(client.events[0]).toEqual({
      ...{ event: 'stock', id: '7', data: { sku: 'RING', available: 1 } },
    });
    expect(inventory.asked).toMatchObject([
      {
        body: { skus: ['RING', 'A/B'], location: 'HQ', lastEventId: '42' },
        token: { aud: 'inventory', tenant_id: tenantA, sub: 'page', scope: 'shop:read' },
      },
    ]);
    client.close();
    await eventually(() => inventory.open.size === 0);
  });

  it('lets a page of an allowed origin read it, and asks for a token first', async () => {
    const url = `${graph.url}/live/stock?sku=RING`;
    const origin = 'https://shop.example';
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        ...{ origin, 'access-control-request-method': 'GET' },
        'access-control-request-headers': 'authorization,last-event-id',
      },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    const allowed = preflight.headers.get('access-control-allow-headers');
    expect(allowed).toBe('authorization,last-event-id');
    const abort = new AbortController();
    const given = { origin, authorization: 'Bearer a' };
    const page = await fetch(url, { headers: given, signal: abort.signal });
    expect(Object.fromEntries(page.headers)).toMatchObject({
      ...{ 'access-control-allow-origin': origin, 'content-type': 'text/event-stream' },
      'cache-control': 'private, no-store, no-transform',
    });
    abort.abort();
    const inAddress = await fetch(url, { headers: { authorization: 'a' } });
    expect([inAddress.status, inventory.asked.length]).toEqual([401, 1]);
  });

  it('ends with the token', async () => {
    lifeMs = 300;
    const client = await follow();
    await client.ended;
    await eventually(() => inventory.open.size === 0);
  });

  it('has so many places, of a tenant and of the process, and gives them back', async () => {
    const first = await follow();
    await follow();
    await expect(follow()).rejects.toThrow(/^429 .*RATE_LIMITED/);
    await follow('sku=RING', {}, 'b');
    await expect(follow('sku=RING', {}, 'b')).rejects.toThrow(/^429/);
    first.close();
    await eventually(() => inventory.open.size === 2);
    await follow();
  });

  it('passes on what inventory refuses, and says that it is away when it is', async () => {
    const refusal = { errors: [{ message: 'No.', extensions: { code: 'BAD_USER_INPUT' } }] };
    answer = (response) => response.writeHead(400).end(JSON.stringify(refusal));
    await expect(follow()).rejects.toThrow(`400 ${JSON.stringify(refusal)}`);
    answer = (response) => response.writeHead(404).end('{}');
    await expect(follow()).rejects.toThrow(/^500 .*INTERNAL_SERVER_ERROR/);
    answer = (response) => response.writeHead(401).end('{}');
    await expect(follow()).rejects.toThrow(/^503 .*SERVICE_UNAVAILABLE/);
    answer = (response) => response.writeHead(503).end('{}');
    await expect(follow()).rejects.toThrow(/^503 .*SERVICE_UNAVAILABLE/);
    await inventory.close();
    await expect(follow()).rejects.toThrow(/^503/);
  });

  it('ends when inventory goes, and when the gateway drains', async () => {
    const client = await follow();
    for (const response of inventory.open) response.destroy();
    await client.ended;
    const other = await follow();
    await drain();
    await other.ended;
  });
});
