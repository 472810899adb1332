import { chunksOf, topicMessagesOf } from './kafka.batch.ts';

const message = (key: string, bytes: number, topic = 't') => ({
  ...{ topic, key, headers: {} },
  value: 'x'.repeat(bytes),
});

test('chunks stay below the limit, keep the order, and a large message is alone', () => {
  const sizes = [400_000, 400_000, 400_000, 2_000_000, 10];
  const chunks = chunksOf(sizes.map((bytes) => message('k', bytes)));
  expect(chunks.map((chunk) => chunk.map(({ value }) => value.length))).toEqual([
    [400_000, 400_000],
    [400_000],
    [2_000_000],
    [10],
  ]);
  expect(chunksOf([])).toEqual([]);
});

test('messages are grouped by topic in their order', () => {
  const list = [message('a', 1, 'x'), message('b', 1, 'y'), message('c', 1, 'x')];
  const grouped = topicMessagesOf(list, 'p.');
  expect(grouped.map(({ topic, messages }) => [topic, messages.map(({ key }) => key)])).toEqual([
    ['p.x', ['a', 'c']],
    ['p.y', ['b']],
  ]);
});
