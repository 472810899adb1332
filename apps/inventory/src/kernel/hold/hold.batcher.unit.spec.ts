import { createBatcher } from './hold.batcher.ts';

type Call = { key: string; requests: string[]; finish(): void; fail(err: unknown): void };

// Every statement waits until the test lets it finish, so that what travels together is exact.
function heldBatcher(options: { batchMax?: number; inFlightMax?: number } = {}) {
  const calls: Call[] = [];
  const batcher = createBatcher<string, string>({
    run: (key, requests) =>
      new Promise((resolve, reject) => {
        const finish = () => resolve(requests.map((request) => `${request}!`));
        calls.push({ key, requests, finish, fail: reject });
      }),
    identityOf: (request) => request.split('/')[0]!,
    isDivisible: (err) => (err as Error).message === 'bad line',
    inFlightMax: 8,
    ...options,
  });
  return { batcher, calls };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('hold batcher', () => {
  it('runs at once when idle, and together what arrives in one tick', async () => {
    const { batcher, calls } = heldBatcher();
    const answers = Promise.all([batcher.submit('ring', 'a'), batcher.submit('ring', 'b')]);
    await turn();
    expect(calls.map(({ requests }) => requests)).toEqual([['a', 'b']]);
    calls[0]!.finish();
    expect(await answers).toEqual(['a!', 'b!']);
  });

  it('queues while a batch of the key is in flight, first come first served, at most batchMax', async () => {
    const { batcher, calls } = heldBatcher({ batchMax: 2 });
    const answers = [batcher.submit('ring', 'a')];
    await turn();
    for (const request of ['b', 'c', 'd']) answers.push(batcher.submit('ring', request));
    await turn();
    expect(calls).toHaveLength(1);
    for (let index = 0; index < 3; index += 1) {
      calls[index]!.finish();
      await turn();
    }
    expect(calls.map(({ requests }) => requests)).toEqual([['a'], ['b', 'c'], ['d']]);
    expect(await Promise.all(answers)).toEqual(['a!', 'b!', 'c!', 'd!']);
  });

  it('is fair between callers: who came is served before who comes later, however many these are', async () => {
    const { batcher, calls } = heldBatcher({ batchMax: 2 });
    void batcher.submit('ring', 'crowd-0');
    await turn();
    for (const request of ['crowd-1', 'crowd-2', 'newcomer', 'crowd-3'])
      void batcher.submit('ring', request);
    calls[0]!.finish();
    await turn();
    for (const request of ['crowd-4', 'crowd-5', 'crowd-6']) void batcher.submit('ring', request);
    calls[1]!.finish();
    await turn();
    expect(calls.map(({ requests }) => requests)).toEqual([
      ['crowd-0'],
      ['crowd-1', 'crowd-2'],
      ['newcomer', 'crowd-3'],
    ]);
  });

  it('does not let one key wait for another', async () => {
    const { batcher, calls } = heldBatcher();
    void batcher.submit('hot', 'a');
    await turn();
    void batcher.submit('hot', 'b');
    const cold = batcher.submit('cold', 'c');
    await turn();
    expect(calls.map(({ key }) => key)).toEqual(['hot', 'cold']);
    calls[1]!.finish();
    expect(await cold).toBe('c!');
  });

  it('bounds the statements in flight and lets keys take turns', async () => {
    const { batcher, calls } = heldBatcher({ inFlightMax: 1, batchMax: 1 });
    for (const request of ['a1', 'a2']) void batcher.submit('a', request);
    void batcher.submit('b', 'b1');
    for (let index = 0; index < 3; index += 1) {
      await turn();
      expect(calls).toHaveLength(index + 1);
      calls[index]!.finish();
    }
    await turn();
    expect(calls.map(({ requests }) => requests[0])).toEqual(['a1', 'b1', 'a2']);
  });

  it('never lets two requests of one identity share a batch', async () => {
    const { batcher, calls } = heldBatcher();
    void batcher.submit('ring', 'k/1');
    void batcher.submit('ring', 'k/2');
    void batcher.submit('ring', 'other');
    await turn();
    calls[0]!.finish();
    await turn();
    expect(calls.map(({ requests }) => requests)).toEqual([['k/1', 'other'], ['k/2']]);
  });

  it('tries a batch that one line broke one by one: only that line fails', async () => {
    const { batcher, calls } = heldBatcher();
    const answers = Promise.allSettled(['a', 'b', 'c'].map((each) => batcher.submit('ring', each)));
    await turn();
    calls[0]!.fail(new Error('bad line'));
    await turn();
    calls[1]!.finish();
    await turn();
    calls[2]!.fail(new Error('bad line'));
    await turn();
    calls[3]!.finish();
    const settled = await answers;
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(calls.map(({ requests }) => requests)).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  it('gives a failure that is nobody’s line to everybody, and goes on with the next batch', async () => {
    const { batcher, calls } = heldBatcher();
    const lost = Promise.allSettled([batcher.submit('ring', 'a'), batcher.submit('ring', 'b')]);
    await turn();
    calls[0]!.fail(new Error('connection lost'));
    expect((await lost).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = batcher.submit('ring', 'c');
    await turn();
    calls[1]!.finish();
    expect(await next).toBe('c!');
  });

  it('rejects when the statement answers another number of lines', async () => {
    const batcher = createBatcher<string, string>({
      run: async () => [],
      identityOf: (request) => request,
      isDivisible: () => false,
      inFlightMax: 1,
    });
    await expect(batcher.submit('ring', 'a')).rejects.toThrow('0 answers to 1 requests');
  });
});
