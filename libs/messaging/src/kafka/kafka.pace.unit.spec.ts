import { createPace } from './kafka.pace.ts';

/** Fetches that each find something at once, for so long. Answers how far apart the last two were. */
function steady(pace: ReturnType<typeof createPace>, from: number, ms: number) {
  let [at, gap] = [from, 0];
  while (at < from + ms) {
    const next = pace(at);
    [gap, at] = [next - at, next];
  }
  return { gap, at };
}

it('spaces fetches by 40 ms, and by 100 ms once each found something at once for a second', () => {
  const pace = createPace();
  const early = steady(pace, 10_000, 900);
  expect(early.gap).toBe(40);
  expect(steady(pace, early.at, 1_000).gap).toBe(100);
});

it('spaces them as far as its consumer says, in a calm too', () => {
  const pace = createPace(500);
  expect(pace(10_000)).toBe(10_500);
  expect(pace(12_000)).toBe(12_500);
  expect(pace(12_010)).toBe(12_500);
});

it('is fast again when a fetch had to wait for what it brought', () => {
  const pace = createPace();
  const { at } = steady(pace, 10_000, 3_000);
  expect(pace(at + 60)).toBe(at + 100);
});

it('is asked for every partition of a fetch, and counts it as one', () => {
  const pace = createPace();
  expect([10_000, 10_001, 10_020].map(pace)).toEqual([10_040, 10_040, 10_040]);
});
