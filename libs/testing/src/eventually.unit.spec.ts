import { expect, test } from '@jest/globals';
import { eventually } from './eventually.ts';

test('returns the first answer that is something', async () => {
  const answers = [undefined, null, false, 0];
  await expect(eventually(() => answers.shift(), { intervalMs: 1 })).resolves.toBe(0);
  expect(answers).toEqual([]);
});

test('an error means not yet, and is thrown when the time is over', async () => {
  let count = 0;
  const condition = () => {
    count += 1;
    throw new Error(`failed ${count}`);
  };
  await expect(eventually(condition, { stuckAfterMs: 20, intervalMs: 5 })).rejects.toThrow(
    /^failed /,
  );
  expect(count).toBeGreaterThan(1);
});

test('names what did not come true', async () => {
  const waiting = eventually(() => false, { stuckAfterMs: 5, intervalMs: 1, what: 'the order' });
  await expect(waiting).rejects.toThrow('the order did not come true within 5 ms');
});
