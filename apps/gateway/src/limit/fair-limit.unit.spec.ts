import { createFairLimit, ShareUsedUp, type FairLimits, type Ticket } from './fair-limit.ts';

const limits: FairLimits = {
  caller: { runningMax: 2, perSecond: 10, burst: 20 },
  tenant: { runningMax: 3, perSecond: 100, burst: 200 },
  waitingMax: 3,
  waitMsMax: 600_000,
};
const till = { tenantId: 'a', subject: 'till' };
const desk = { tenantId: 'a', subject: 'desk' };
const other = { tenantId: 'b', subject: 'till' };

let clock = 0;
const create = (changes: Partial<FairLimits> = {}) =>
  createFairLimit({ ...limits, ...changes }, () => clock);

/** The request, and whether it runs by now. */
function begin(limit: ReturnType<typeof create>, who: typeof till, cost = 1) {
  const state: { ticket?: Ticket; refused?: ShareUsedUp } = {};
  const done = limit.start(who, cost).then(
    (ticket) => void (state.ticket = ticket),
    (err: ShareUsedUp) => void (state.refused = err),
  );
  return { state, done };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('runs as much of a caller as its share, the rest in turn, and of nobody else less', async () => {
  const limit = create();
  const mine = [begin(limit, till), begin(limit, till), begin(limit, till)];
  const beside = begin(limit, desk);
  const theirs = begin(limit, other);
  await settled();
  const isRunning = () => [...mine, beside, theirs].map(({ state }) => Boolean(state.ticket));
  expect(isRunning()).toEqual([true, true, false, true, true]);
  beside.state.ticket!.end();
  await settled();
  expect(isRunning()).toEqual([true, true, false, true, true]);
  mine[0]!.state.ticket!.end();
  await settled();
  expect(isRunning()).toEqual([true, true, true, true, true]);
});

it('does not let a caller that waits hold up another of its tenant', async () => {
  const limit = create();
  const [first] = [begin(limit, till, 2), begin(limit, till), begin(limit, desk, 1)];
  const waiting = begin(limit, desk);
  await settled();
  expect(waiting.state.ticket).toBeUndefined();
  first!.state.ticket!.end();
  await settled();
  expect(waiting.state.ticket).toBeDefined();
});

it('runs what is larger than a share alone, and counts what turns out to cost more', async () => {
  const limit = create();
  const large = begin(limit, till, 7);
  await settled();
  expect(large.state.ticket).toBeDefined();
  const small = begin(limit, till);
  await settled();
  expect(small.state.ticket).toBeUndefined();
  large.state.ticket!.end();
  await settled();
  small.state.ticket!.add(5);
  const next = begin(limit, till);
  await settled();
  expect(next.state.ticket).toBeUndefined();
  small.state.ticket!.end();
  await next.done;
  expect(next.state.ticket).toBeDefined();
});

it('refuses who spends more than his credit, says for how long, and takes him again then', async () => {
  const limit = create();
  for (let spent = 0; spent < 20; spent += 1) {
    const one = begin(limit, till);
    await one.done;
    one.state.ticket!.end();
  }
  const refused = begin(limit, till);
  await refused.done;
  expect(refused.state.refused).toMatchObject({ retryAfterSeconds: 1 });
  const elsewhere = begin(limit, other);
  await elsewhere.done;
  expect(elsewhere.state.ticket).toBeDefined();
  clock += 1_000;
  const again = begin(limit, till);
  await again.done;
  expect(again.state.ticket).toBeDefined();
});

it('lets a bounded number wait, for a bounded time', async () => {
  const limit = create({ waitMsMax: 5 });
  const running = begin(limit, till, 2);
  const line = [1, 2, 3, 4].map(() => begin(limit, till));
  await line[3]!.done;
  expect(line[3]!.state.refused).toBeInstanceOf(ShareUsedUp);
  await Promise.all(line.map(({ done }) => done));
  expect(line.filter(({ state }) => state.refused)).toHaveLength(4);
  running.state.ticket!.end();
  const next = begin(limit, till);
  await next.done;
  expect(next.state.ticket).toBeDefined();
});
