import { silentLog } from '../transport.ts';
import { createCommits } from './kafka.commits.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A group whose offsets are numbers: what is done, and what was committed, attempt by attempt. */
function groupMember({ failures = 0 } = {}) {
  const commits = createCommits(silentLog);
  const committed: number[] = [];
  let done = 0;
  let left = failures;
  const offsetsOf = (offset: number) => ({
    topics: [{ topic: 't', partitions: [{ partition: 0, offset: String(offset) }] }],
  });
  const offsets = {
    uncommittedOffsets: () => (done === committed.at(-1) ? { topics: [] } : offsetsOf(done)),
    async commitOffsetsIfNecessary(asked?: ReturnType<typeof offsetsOf>) {
      if (left-- > 0) throw new Error('the group is rebalancing');
      committed.push(Number(asked?.topics[0]?.partitions[0]?.offset));
    },
  };
  return {
    committed,
    commits,
    take(messages: number) {
      done += messages;
      commits.add(messages, offsets);
    },
  };
}

it('commits once for what half a second brought, and nothing more at rest', async () => {
  const { take, committed } = groupMember();
  for (let n = 0; n < 10; n += 1) take(3);
  await jest.advanceTimersByTimeAsync(499);
  expect(committed).toEqual([]);
  await jest.advanceTimersByTimeAsync(60_000);
  expect({ committed, timers: jest.getTimerCount() }).toEqual({ committed: [30], timers: 0 });
});

it('does not wait where much was done', async () => {
  const { take, committed } = groupMember();
  for (let n = 0; n < 20; n += 1) take(25);
  await jest.advanceTimersByTimeAsync(0);
  expect(committed).toEqual([500]);
});

it('tries again after a commit that failed, without new messages', async () => {
  const { take, committed } = groupMember({ failures: 2 });
  take(1);
  await jest.advanceTimersByTimeAsync(1_499);
  expect(committed).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(committed).toEqual([1]);
});

it('commits when it is asked to, and has no timer after its end', async () => {
  const { take, commits, committed } = groupMember();
  take(1);
  await commits.flush();
  take(1);
  await commits.close();
  expect({ committed, timers: jest.getTimerCount() }).toEqual({ committed: [1, 2], timers: 0 });
});
