import { randomInt } from 'node:crypto';
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

// Below the range from which the operating system gives out ports to outgoing connections (32768 on
// Linux, 49152 elsewhere): between choosing a port and using it no connection can take it.
const randomFrom = 15_000;
const randomTo = 32_000;

/** A port that is free now, chosen at random so that systems started side by side do not meet. */
export async function freePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(randomFrom, randomTo);
    if (!taken.has(port) && (await isPortFree(port))) return port;
  }
  throw new Error('no free port found');
}

/** The first free port from `from` on that is not in `taken`. */
export async function firstFreePort(from: number, taken: ReadonlySet<number>): Promise<number> {
  for (let port = from; port < from + 1000; port += 1) {
    if (!taken.has(port) && (await isPortFree(port))) return port;
  }
  throw new Error(`no free port between ${from} and ${from + 999}`);
}
