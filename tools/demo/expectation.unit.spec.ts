import { expect, test } from '@jest/globals';
import { differences, untilEqual } from './expectation.ts';

test.each([
  [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
  [{ unit: 'SOLD' }, { unit: 'HELD' }, ['unit: expected "SOLD", answered "HELD"']],
  [[1], [1, 2], ['1: expected undefined, answered 2']],
  [[], {}, ['expected [], answered {}']],
  [{ a: { b: 1 } }, { a: null }, ['a: expected {"b":1}, answered null']],
  [0, '0', ['expected 0, answered "0"']],
])('%j against %j', (expected, answered, found) => {
  expect(differences(expected, answered)).toEqual(found);
});

test('what is not answered in time ends with what differed', async () => {
  const asking = untilEqual('the count', async () => ({ available: 1 }), {
    facts: (answer) => answer,
    expected: { available: 0 },
    withinMs: 150,
  });
  await expect(asking).rejects.toMatchObject({
    name: 'SceneFailure',
    message: 'the count: available: expected 0, answered 1',
  });
});

test('what becomes true in time is the answer', async () => {
  let available = 2;
  const { answer } = await untilEqual('the count', async () => ({ available: (available -= 1) }), {
    facts: ({ available }) => available,
    expected: 0,
    withinMs: 5_000,
  });
  expect(answer).toEqual({ available: 0 });
});
