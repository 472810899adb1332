import { newClusterId } from './kafka.ts';

test('a cluster id never looks like an option to the tool that takes it', () => {
  const first = new Set(Array.from({ length: 2_000 }, () => newClusterId()[0]));
  expect([...first].filter((letter) => !/[A-Za-z]/.test(letter!))).toEqual([]);
  expect(newClusterId()).toMatch(/^[\w-]{22}$/);
});
