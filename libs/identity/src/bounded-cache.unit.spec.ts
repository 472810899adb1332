import { createBoundedCache } from './bounded-cache.ts';

it('never holds more than its bound and drops the oldest first', () => {
  const cache = createBoundedCache<number>({ entriesMax: 3, now: () => 0 });
  for (let i = 0; i < 100; i += 1) cache.set(`key-${i}`, i, 1);
  expect(cache.size).toBe(3);
  expect(['key-96', 'key-97', 'key-98', 'key-99'].map((key) => cache.get(key))).toEqual([
    undefined,
    97,
    98,
    99,
  ]);
});

it('answers nothing from the instant of expiry on', () => {
  let now = 0;
  const cache = createBoundedCache<string>({ entriesMax: 3, now: () => now });
  cache.set('key', 'value', 10);
  now = 9;
  expect(cache.get('key')).toBe('value');
  now = 10;
  expect(cache.get('key')).toBeUndefined();
  expect(cache.size).toBe(0);
});

it('answers nothing that was kept by a clock which has been set back since', () => {
  let now = 86_400_000;
  const cache = createBoundedCache<string>({ entriesMax: 3, now: () => now });
  cache.set('key', 'value', now + 10);
  now = 0;
  expect(cache.get('key')).toBeUndefined();
});

it('replaces a key without pushing another out', () => {
  const cache = createBoundedCache<number>({ entriesMax: 2, now: () => 0 });
  cache.set('a', 1, 1);
  cache.set('b', 1, 1);
  cache.set('a', 2, 1);
  expect([cache.get('a'), cache.get('b')]).toEqual([2, 1]);
});
