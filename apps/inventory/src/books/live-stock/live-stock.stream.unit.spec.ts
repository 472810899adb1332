import { once } from 'node:events';
import { createLiveStream } from './live-stock.stream.ts';
import { liveItem, textOf, type LiveItem } from './live-stock.ts';

const item = (sku: string, available: number, isOnSale = true): LiveItem => {
  const level = { stockItemId: sku, locationId: 'l', code: 'HQ', name: 'HQ', onHand: available };
  const levels = [{ ...level, committed: 0, available, version: available }];
  const row = { id: sku, variantId: null, sku, title: sku, tracking: 'QUANTITY' as const };
  const limits = { lowStockThreshold: 1, backorderLimit: 0 };
  return liveItem({ ...row, ...limits, levels }, { isOnSale, atMs: 1_000 + available });
};

const view = { isPublic: false, locationId: null };
async function* pages(...list: LiveItem[][]) {
  yield* list;
}
const open = (...list: LiveItem[][]) => {
  const failures: unknown[] = [];
  const onError = (err: unknown) => failures.push(err);
  return { failures, stream: createLiveStream({ view, snapshot: pages(...list), onError }) };
};
type Stream = ReturnType<typeof open>['stream'];

/** Takes what there is until the text contains it. */
async function takeUntil({ body }: Stream, wanted: string): Promise<string> {
  let text = '';
  while (!text.includes(wanted)) {
    const chunk = body.read() as Buffer | null;
    if (chunk) text += chunk.toString();
    else await once(body, 'readable');
  }
  return text;
}
const counts = (text: string) =>
  [...text.matchAll(/"sku":"([^"]*)".*?"available":(-?\d+)/g)].map(([, sku, n]) => `${sku} ${n}`);

it('gives a slow client the newest state of what changed meanwhile, once, and then an id', async () => {
  const { stream } = open([item('RING', 1)]);
  await takeUntil(stream, 'event: ready\nid: 1001');
  for (let n = 2; n <= 2_000; n += 1) for (const sku of ['A', 'B']) stream.offer(item(sku, n));
  const text = await takeUntil(stream, 'id: 3000\n');
  const seen = counts(text);
  // What the buffer took before it was full, and then the newest of each; only the last carries the id.
  expect(seen.slice(-2).sort()).toEqual(['A 2000', 'B 2000']);
  expect(seen.length).toBeLessThan(50);
  expect(text.split('id: 3000')).toHaveLength(2);
  expect(text).toMatch(/id: 3000\ndata: [^\n]*\n\n$/);
});

it('keeps a bounded number waiting: who takes nothing is sent away', async () => {
  const { stream } = open();
  await takeUntil(stream, 'event: ready');
  for (let n = 0; n < 1_100; n += 1) stream.offer(item(`SKU-${n}`, 1));
  const seen: string[] = [];
  for await (const chunk of stream.body) seen.push(...counts(String(chunk)));
  expect(seen.length).toBeLessThan(100);
});

it('sends what changes during the snapshot behind it, and nothing older than the snapshot', async () => {
  const late = Promise.withResolvers<LiveItem[]>();
  async function* snapshot() {
    yield [item('A', 1)];
    yield await late.promise;
  }
  const stream = createLiveStream({ view, snapshot: snapshot(), onError: () => undefined });
  await takeUntil(stream, '"sku":"A"');
  stream.offer(item('A', 2));
  stream.offer(item('B', 3));
  late.resolve([item('B', 4)]);
  const text = await takeUntil(stream, 'id: 1004\ndata: {"stockItemId":"A"');
  expect(counts(text)).toEqual(['B 4', 'A 2']);
  expect(text).not.toContain('"version":3');
});

it('says every 15 s that it lives, and gives up a client that takes nothing for a minute', async () => {
  const { stream } = open();
  await takeUntil(stream, 'event: ready');
  stream.beat(Date.now() + 15_001);
  expect(String(stream.body.read())).toBe(':\n\n');
  for (let n = 0; n < 40; n += 1) stream.offer(item(`SKU-${n}`, 1));
  stream.beat(Date.now() + 59_000);
  expect(stream.body.destroyed).toBe(false);
  stream.beat(Date.now() + 61_000);
  expect(stream.body.destroyed).toBe(true);
});

it('ends when its snapshot cannot be read: the client asks again', async () => {
  const snapshot = { next: () => Promise.reject(new Error('away')) };
  const failures: unknown[] = [];
  const onError = (err: unknown) => failures.push(err);
  const stream = createLiveStream({ view, snapshot, onError });
  let text = '';
  for await (const chunk of stream.body) text += String(chunk);
  expect(text).toMatch(/^retry: \d+\n\n$/);
  expect(failures).toHaveLength(1);
});

it('shows a public shop what is available of what is on sale, and no place', () => {
  const shop = { isPublic: true, locationId: null };
  expect(JSON.parse(textOf(item('A', 3), shop))).toEqual({
    ...{ sku: 'A', variantId: null, available: 3, tracking: 'QUANTITY', version: 3 },
    onSale: true,
  });
  expect(JSON.parse(textOf(item('A', 3, false), shop))).toMatchObject({
    onSale: false,
    available: 0,
  });
});
