import { createServer } from 'node:net';

const host = '127.0.0.1';

/** Whether a listener could be opened on the loopback address at this port right now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port that the operating system calls free; another process may take it before its user does. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host, exclusive: true }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** The first free port from `from` on that is not in `taken`. */
export async function firstFreePort(from: number, taken: ReadonlySet<number>): Promise<number> {
  for (let port = from; port < from + 1000; port += 1) {
    if (!taken.has(port) && (await isPortFree(port))) return port;
  }
  throw new Error(`no free port between ${from} and ${from + 999}`);
}
