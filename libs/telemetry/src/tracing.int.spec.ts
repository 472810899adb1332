import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startTracing, withSpan } from './tracing.ts';

type SentSpan = { name: string; traceId: string; spanId: string; parentSpanId?: string };

/** An OTLP collector that keeps what it gets. */
async function collector() {
  const spans: SentSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString());
      spans.push(...body.resourceSpans[0].scopeSpans[0].spans);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { spans, endpoint: `http://127.0.0.1:${port}`, close };
}

test('spans reach the collector below the span of the caller', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const { spans, endpoint, close } = await collector();
  try {
    const script = join(import.meta.dirname, '../test/export-spans.ts');
    const args = [script, endpoint, `00-${traceId}-b7ad6b7169203331-01`];
    await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
  } finally {
    close();
  }
  const server = spans.find((span) => span.name === 'saleCommit');
  const client = spans.find((span) => span.name === 'claim');
  expect(spans).toHaveLength(2);
  expect(server).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331' });
  expect(client).toMatchObject({ traceId, parentSpanId: server?.spanId });
});

test('without an endpoint work runs and nothing is sent', async () => {
  const tracing = await startTracing({ service: 'pos' });
  await expect(withSpan({ name: 'any', kind: 'server' }, async () => 1)).resolves.toBe(1);
  await tracing.stop();
});
