import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPictureFetch } from './picture-fetch.ts';

// A web server of this machine plays the internet: loopback is allowed, all other private ranges are not.
const bytesMax = 10_000;
const open = createPictureFetch({ allowsLoopback: true, bytesMax });
const closed = createPictureFetch({ allowsLoopback: false, bytesMax });
let server: Server;
let base: string;
let hits = 0;

const answers: Record<string, RequestListener> = {
  '/picture': (_, answer) => answer.end('picture'),
  '/absent': (_, answer) => answer.writeHead(404).end('no'),
  '/endless': (_, answer) => {
    const more = () => answer.destroyed || answer.write(Buffer.alloc(4_096), more);
    more();
  },
  '/hop': (_, answer) => answer.writeHead(302, { location: '/picture' }).end(),
  '/round': (_, answer) => answer.writeHead(302, { location: '/round' }).end(),
  '/metadata': (_, answer) =>
    answer.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
  '/file': (_, answer) => answer.writeHead(302, { location: 'file:///etc/passwd' }).end(),
};

beforeAll(async () => {
  server = createServer((request, answer) => {
    hits += 1;
    answers[request.url ?? '']?.(request, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await Promise.all([open.close(), closed.close()]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test.each(['/picture', '/hop'])('%s is fetched', async (path) => {
  expect(await open.fetch(`${base}${path}`)).toEqual({ bytes: Buffer.from('picture') });
});

test.each([
  ['/absent', 'NOT_FETCHED', /404/],
  ['/endless', 'TOO_LARGE', /10000 bytes/],
  ['/round', 'NOT_FETCHED', /3 redirects/],
  ['/metadata', 'ADDRESS_REFUSED', /private network/],
  ['/file', 'ADDRESS_REFUSED', /protocol/],
])('%s is refused as %s', async (path, problem, detail) => {
  expect(await open.fetch(`${base}${path}`)).toMatchObject({
    problem,
    detail: expect.stringMatching(detail),
  });
});

test.each([
  'http://169.254.169.254/latest/meta-data',
  'http://10.0.0.1/x.jpg',
  'http://[::ffff:127.0.0.1]/x.jpg',
  'http://2130706433/x.jpg',
  'http://name:word@shop.test/x.jpg',
])('%s is refused before it is called', async (url) => {
  expect(await open.fetch(url.replace('2130706433', '167772161'))).toMatchObject({
    problem: 'ADDRESS_REFUSED',
  });
});

// localhost is a name: it is the look-up of the connection that refuses it, as it would a name that changed its answer.
test('this machine is refused by name and by number, and hears nothing', async () => {
  const before = hits;
  for (const host of ['127.0.0.1', 'localhost']) {
    const url = `${base.replace('127.0.0.1', host)}/picture`;
    expect(await closed.fetch(url)).toMatchObject({ problem: 'ADDRESS_REFUSED' });
  }
  expect(hits).toBe(before);
});

test('what cannot be reached is not fetched', async () => {
  expect(await open.fetch('http://127.0.0.1:1/x.jpg')).toMatchObject({ problem: 'NOT_FETCHED' });
});
