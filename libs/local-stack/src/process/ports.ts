import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const host = '127.0.0.1';

export type HeldPort = { release(): Promise<void> };

/** Keeps a port until its user starts, so that a system that starts at the same time takes another one. */
export function holdPort(port: number): Promise<HeldPort | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

/** Whether a listener could be opened on the loopback address at this port right now. */
export async function isPortFree(port: number): Promise<boolean> {
  const held = await holdPort(port);
  await held?.release();
  return held !== undefined;
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
