/**
 * Collects concurrent requests with the same key (a tenant's SKU) into one statement. A hot SKU is one
 * row: one request per transaction pays a lock and a commit each, a hundred in one pay both once
 * (figures in ADR 0051). PostgreSQL alone decides; this only chooses who travels together.
 *
 * At once when idle; while a batch of a key is in flight the rest of that key queues, first come first
 * served. Keys do not wait for each other, except that at most `inFlightMax` statements run at once, so
 * that holds never take the last connection of the pool from reads; keys then take turns.
 */
export type Batcher<Request, Answer> = {
  submit(key: string, request: Request): Promise<Answer>;
};

export type BatcherOptions<Request, Answer> = {
  /** Answers in the order of the requests. */
  run(key: string, requests: Request[]): Promise<Answer[]>;
  /** Requests of one identity never share a batch. */
  identityOf(request: Request): string;
  /** Whether a batch that failed so may be tried again one by one. */
  isDivisible(err: unknown): boolean;
  batchMax?: number;
  inFlightMax: number;
};

type Waiting<Request, Answer> = {
  request: Request;
  resolve(answer: Answer): void;
  reject(err: unknown): void;
};

export function createBatcher<Request, Answer>(
  options: BatcherOptions<Request, Answer>,
): Batcher<Request, Answer> {
  const { batchMax = 100, inFlightMax } = options;
  // A key is here from its first request until its queue is empty; `ready` has those that may start.
  const queues = new Map<string, Waiting<Request, Answer>[]>();
  const ready: string[] = [];
  let inFlight = 0;
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    // After the callers of this tick, so that those who come together travel together; no timer.
    queueMicrotask(() => {
      isScheduled = false;
      while (inFlight < inFlightMax && ready.length > 0) void flush(ready.shift()!);
    });
  }

  async function flush(key: string): Promise<void> {
    inFlight += 1;
    const queue = queues.get(key)!;
    const batch = takeBatch(queue, batchMax, options.identityOf);
    await settle(key, batch, options);
    inFlight -= 1;
    if (queue.length > 0) ready.push(key);
    else queues.delete(key);
    schedule();
  }

  return {
    submit(key, request) {
      return new Promise<Answer>((resolve, reject) => {
        const waiting = { request, resolve, reject };
        const queue = queues.get(key);
        if (queue) {
          queue.push(waiting);
          return;
        }
        queues.set(key, [waiting]);
        ready.push(key);
        schedule();
      });
    },
  };
}

function takeBatch<Request, Answer>(
  queue: Waiting<Request, Answer>[],
  batchMax: number,
  identityOf: (request: Request) => string,
): Waiting<Request, Answer>[] {
  const batch: Waiting<Request, Answer>[] = [];
  const later: Waiting<Request, Answer>[] = [];
  const seen = new Set<string>();
  let taken = 0;
  for (const waiting of queue) {
    if (batch.length === batchMax) break;
    taken += 1;
    const identity = identityOf(waiting.request);
    (seen.has(identity) ? later : batch).push(waiting);
    seen.add(identity);
  }
  queue.splice(0, taken, ...later);
  return batch;
}

// Never rejects: every failure belongs to a caller.
async function settle<Request, Answer>(
  key: string,
  batch: Waiting<Request, Answer>[],
  options: BatcherOptions<Request, Answer>,
): Promise<void> {
  try {
    const answers = await options.run(
      key,
      batch.map(({ request }) => request),
    );
    if (answers.length !== batch.length)
      throw new Error(`${answers.length} answers to ${batch.length} requests`);
    batch.forEach(({ resolve }, index) => resolve(answers[index]!));
  } catch (err) {
    if (batch.length === 1 || !options.isDivisible(err)) {
      for (const { reject } of batch) reject(err);
      return;
    }
    // One request broke the statement for all: alone, only it fails.
    for (const waiting of batch) await settle(key, [waiting], options);
  }
}
