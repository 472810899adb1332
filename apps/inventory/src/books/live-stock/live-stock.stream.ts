import { Readable } from 'node:stream';
import { textOf, type LiveItem, type LiveView } from './live-stock.ts';

export type LiveStream = {
  readonly body: Readable;
  /** A newer state of an item; in place of an older one that the client has not taken yet. */
  offer(item: LiveItem): void;
  /** Says that the connection lives, and ends one whose client takes nothing. */
  beat(now: number): void;
  end(): void;
};
type Options = {
  view: LiveView;
  snapshot: AsyncIterator<LiveItem[]>;
  onError(err: unknown): void;
};

// Of a client that takes nothing: what waits for it are references to states that all streams share.
const waitingMax = 1_000;
const bufferedBytesMax = 4_096;
export const heartbeatMs = 15_000;
const stalledMsMax = 60_000;
const retryMs = { least: 1_000, spread: 4_000 };

/**
 * One client's Server-Sent Events: the snapshot, `ready`, then each change. Nothing is made into text before the
 * client takes what was sent: who is slow gets the newest state of what changed meanwhile, once. Who would
 * have more than `waitingMax` items waiting is sent away and begins anew with what is then the newest.
 */
export function createLiveStream({ view, snapshot, onError }: Options): LiveStream {
  // Apart from each other: all clients of a process that is gone come back to the next one.
  const retry = retryMs.least + Math.floor(Math.random() * retryMs.spread);
  const ahead: string[] = [`retry: ${retry}\n\n`];
  const waiting = new Map<string, LiveItem>();
  // What a public client, which names its SKUs, was shown: it hears once when that leaves the sale.
  const shown = new Set<string>();
  let isInSnapshot = true;
  let isReading = false;
  let isWanted = false;
  let newestMs = 0;
  let saidAt = Date.now();
  const body = new Readable({
    highWaterMark: bufferedBytesMax,
    read() {
      isWanted = true;
      flow();
    },
  });

  function flow(): void {
    while (isWanted && !body.destroyed) {
      const text = ahead.shift() ?? (isInSnapshot ? undefined : nextWaiting());
      if (text === undefined) break;
      saidAt = Date.now();
      isWanted = body.push(text);
    }
    if (isWanted && isInSnapshot && !isReading) void readPage();
  }

  async function readPage(): Promise<void> {
    isReading = true;
    try {
      const { done, value } = await snapshot.next();
      if (done) isInSnapshot = false;
      ahead.push(...(done ? [ready()] : pageTexts(value)));
    } catch (err) {
      onError(err);
      end();
    } finally {
      isReading = false;
    }
    if (!body.destroyed) flow();
  }

  function pageTexts(page: readonly LiveItem[]): string[] {
    return page.flatMap((item) => {
      newestMs = Math.max(newestMs, item.atMs);
      const newer = waiting.get(item.id);
      const isKnown = newer && newer.version <= item.version;
      if (isKnown && newer.isOnSale === item.isOnSale) waiting.delete(item.id);
      if (!isToBeTold(item)) return [];
      return [`event: stock\ndata: ${textOf(item, view)}\n\n`];
    });
  }

  function isToBeTold(item: LiveItem): boolean {
    if (!view.isPublic) return true;
    if (!item.isOnSale) return shown.delete(item.id);
    shown.add(item.id);
    return true;
  }

  // An id says: everything up to then was sent. So the snapshot has none before its end, nor has what others wait behind.
  const idLine = () => (waiting.size === 0 && newestMs > 0 ? `id: ${newestMs}\n` : '');
  const ready = () => `event: ready\n${idLine()}data: {}\n\n`;

  function nextWaiting(): string | undefined {
    const [item] = waiting.values();
    if (!item) return undefined;
    waiting.delete(item.id);
    newestMs = Math.max(newestMs, item.atMs);
    return `event: stock\n${idLine()}data: ${textOf(item, view)}\n\n`;
  }

  function end(): void {
    if (!body.destroyed) body.push(null);
    isWanted = false;
  }

  return {
    body,
    offer(item) {
      if (!isToBeTold(item)) return;
      if (waiting.size >= waitingMax && !waiting.has(item.id)) return end();
      waiting.set(item.id, item);
      flow();
    },
    beat(now) {
      if (now - saidAt < heartbeatMs) return;
      if (isWanted) {
        saidAt = now;
        isWanted = body.push(':\n\n');
      } else if (now - saidAt > stalledMsMax) body.destroy();
    },
    end,
  };
}
