import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInRequestContext } from '@onecount/telemetry';
import { startGallery } from '../test/gallery.ts';
import { createServiceClient, type ServiceClient } from './service-client.ts';
import {
  ServiceRefusedError,
  ServiceTimeoutError,
  ServiceUnavailableError,
} from './service-client.errors.ts';

const caller = { tenantId: 'tenant-b', subject: 'clerk' };
const stockTake = { name: 'StockTake', query: 'mutation StockTake { stockTake }' };
const signer = { tokenFor: async () => 'token' };

/** A service that answers whatever the test wants. */
async function withAnswer(
  answer: RequestListener,
  run: (client: ServiceClient) => Promise<void>,
  timeoutMs?: number,
): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const client = createServiceClient({ url, audience: 'inventory', signer, timeoutMs });
  try {
    await run(client);
  } finally {
    server.closeAllConnections();
    server.close();
    await client.close();
  }
}

describe('a call to another service', () => {
  let gallery: Awaited<ReturnType<typeof startGallery>>;
  let client: ServiceClient;
  beforeAll(async () => {
    gallery = await startGallery();
    client = createServiceClient({
      url: gallery.url,
      audience: 'gallery',
      signer: gallery.signers.pos,
    });
  });
  afterAll(async () => {
    await client.close();
    await gallery.close();
  });

  test('carries the tenant of the caller and proves the service', async () => {
    await expect(client.call(caller, stockTake, {})).resolves.toEqual({ stockTake: true });
  });

  test('that the service refuses names its code and is no answer for our client', async () => {
    const forbidden = { name: 'Who', query: 'query Who { whoAmI }' };
    const failure = await client.call(caller, forbidden, {}).catch((err: unknown) => err);
    expect(failure).toBeInstanceOf(ServiceRefusedError);
    expect(failure).toMatchObject({
      code: 'FORBIDDEN',
      message: 'gallery: This needs the scope catalog:read.',
      extensions: { code: 'INTERNAL_SERVER_ERROR', service: 'gallery' },
    });
  });
});

describe('a call', () => {
  test('whose token is not accepted means that the service is away: clocks or keys differ', async () => {
    const errors = [{ message: 'Expired.', extensions: { code: 'UNAUTHENTICATED' } }];
    const answer: RequestListener = (request, response) => {
      request.resume();
      response.writeHead(401).end(JSON.stringify({ errors }));
    };
    await withAnswer(answer, async (client) => {
      const failure = await client.call(caller, stockTake, {}).catch((err: unknown) => err);
      expect(failure).toMatchObject({
        message: 'inventory does not accept requests of this service at the moment.',
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'inventory' },
      });
    });
  });

  test('passes request id and trace on and sends the variables as they are', async () => {
    let seen: { headers: Record<string, unknown>; body: unknown } | undefined;
    const answer: RequestListener = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen = { headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) };
        response.end('{"data":{"stockTake":true}}');
      });
    };
    const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true };
    await withAnswer(answer, async (client) => {
      await runInRequestContext({ requestId: 'r-9', trace }, () =>
        client.call(caller, stockTake, { note: 'a "quoted" word' }),
      );
    });
    expect(seen?.headers).toMatchObject({
      authorization: 'Bearer token',
      'x-request-id': 'r-9',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    });
    expect(seen?.body).toEqual({
      operationName: 'StockTake',
      query: stockTake.query,
      variables: { note: 'a "quoted" word' },
    });
  });

  test('without an answer in time is a timeout', async () => {
    await withAnswer(
      () => {},
      async (client) => {
        const failure = await client.call(caller, stockTake, {}).catch((err: unknown) => err);
        expect(failure).toBeInstanceOf(ServiceTimeoutError);
        expect(failure).toMatchObject({
          message: 'inventory did not answer within 150 ms.',
          extensions: { code: 'SUBGRAPH_TIMEOUT', service: 'inventory' },
        });
      },
      150,
    );
  });

  test('whose answer stops in the middle is a timeout', async () => {
    await withAnswer(
      (_request, response) => void response.write('{"data":'),
      (client) =>
        expect(client.call(caller, stockTake, {})).rejects.toBeInstanceOf(ServiceTimeoutError),
      150,
    );
  });

  test.each<[string, RequestListener]>([
    ['that draining refuses', (_request, response) => void response.writeHead(503).end('{}')],
    ['whose connection is cut', (request) => void request.socket.destroy()],
    ['whose answer is no JSON', (_request, response) => void response.end('<html>')],
  ])('%s finds the service unavailable', async (_what, answer) => {
    await withAnswer(answer, async (client) => {
      const failure = await client.call(caller, stockTake, {}).catch((err: unknown) => err);
      expect(failure).toBeInstanceOf(ServiceUnavailableError);
      expect(failure).toMatchObject({
        message: 'inventory is not available.',
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'inventory' },
      });
    });
  });

  test('to nobody finds the service unavailable', async () => {
    const client = createServiceClient({
      url: 'http://127.0.0.1:1',
      audience: 'inventory',
      signer,
    });
    await expect(client.call(caller, stockTake, {})).rejects.toBeInstanceOf(
      ServiceUnavailableError,
    );
    await client.close();
  });

  test('whose answer is larger than 4 MB is refused', async () => {
    const large = JSON.stringify({ data: 'x'.repeat(5 * 1024 * 1024) });
    await withAnswer(
      (_request, response) => void response.end(large),
      (client) =>
        expect(client.call(caller, stockTake, {})).rejects.toMatchObject({
          name: 'ServiceRefusedError',
          message: 'inventory: the answer is larger than 4194304 bytes',
        }),
    );
  });
});
