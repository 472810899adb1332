import { withDeadline } from '../backoff.ts';

type Connectable = { connect(): Promise<void>; disconnect(): Promise<void> };
export type Connection<C> = {
  /** Runs with a connected client. After a failure the client is thrown away and the next use makes a new one. */
  use<T>(what: string, work: (client: C) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

const deadlineMs = 30_000;
const closeDeadlineMs = 3_000;

// A kafkajs producer or admin that has lost its cluster can stay broken; a fresh one finds it again.
export function createConnection<C extends Connectable>(create: () => C): Connection<C> {
  let current: Promise<C> | undefined;
  let isClosed = false;

  function connected(): Promise<C> {
    if (isClosed) return Promise.reject(new Error('the transport is closed'));
    current ??= connect(create());
    return current;
  }

  async function discard(broken: Promise<C> | undefined): Promise<void> {
    if (current === broken) current = undefined;
    const client = await broken?.catch(() => undefined);
    if (client)
      await withDeadline(closeDeadlineMs, 'disconnecting', client.disconnect()).catch(ignore);
  }

  return {
    async use(what, work) {
      const connecting = connected();
      try {
        return await withDeadline(deadlineMs, what, connecting.then(work));
      } catch (err) {
        void discard(connecting);
        throw err;
      }
    },
    async close() {
      isClosed = true;
      await discard(current);
    },
  };
}

async function connect<C extends Connectable>(client: C): Promise<C> {
  try {
    await client.connect();
    return client;
  } catch (err) {
    await withDeadline(closeDeadlineMs, 'disconnecting', client.disconnect()).catch(ignore);
    throw err;
  }
}

const ignore = () => undefined;
