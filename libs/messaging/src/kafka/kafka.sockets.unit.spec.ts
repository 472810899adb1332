import { once } from 'node:events';
import net from 'node:net';
import { createFetchSockets } from './kafka.sockets.ts';

const request = (kind: number) => {
  const bytes = Buffer.alloc(12);
  bytes.writeInt32BE(8);
  bytes.writeInt16BE(kind, 4);
  return bytes;
};
const fetch = 1;
const heartbeat = 12;

let broker: net.Server;
beforeAll(async () => {
  broker = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(broker, 'listening');
});
afterAll(() => broker.close());

async function connected({ socketFactory }: ReturnType<typeof createFetchSockets>) {
  const { port } = broker.address() as net.AddressInfo;
  const opened = Promise.withResolvers<void>();
  const at = { host: '127.0.0.1', port, ssl: undefined as never };
  const socket = socketFactory({ ...at, onConnect: opened.resolve });
  await opened.promise;
  return socket;
}

it('ends the connection on which a fetch waits, as if the broker had, and no other', async () => {
  const sockets = createFetchSockets();
  const [waiting, other] = [await connected(sockets), await connected(sockets)];
  waiting.write(request(heartbeat));
  waiting.write(request(fetch));
  other.write(request(heartbeat));
  const ended = once(waiting, 'end');
  sockets.endFetches();
  await ended;
  expect(waiting.destroyed).toBe(true);
  other.write(request(heartbeat));
  await once(other, 'data');
  expect(other.destroyed).toBe(false);
  other.destroy();
});
