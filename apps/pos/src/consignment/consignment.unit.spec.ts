import { basisPointsOf, percentOf, takesIn } from './consignment.ts';

it.each([
  ['0', 0],
  ['0.5', 50],
  ['7', 700],
  ['33.33', 3333],
  ['60', 6000],
  ['60.50', 6050],
  ['60.5000', 6050],
  ['100', 10_000],
  ['100.00', 10_000],
])('%s percent are %i of 10,000', (percent, points) => {
  expect(basisPointsOf(percent)).toBe(points);
});

it.each(['', '-1', '101', '100.01', '33.333', '1e2', '060', '60,5', '.5', '60.'])(
  '%j is no share',
  (percent) => expect(basisPointsOf(percent)).toBeNull(),
);

it.each([
  [0, '0'],
  [5, '0.05'],
  [50, '0.5'],
  [3333, '33.33'],
  [6000, '60'],
  [10_000, '100'],
])('%i of 10,000 is written %s', (points, percent) => {
  expect(percentOf(points)).toBe(percent);
  expect(basisPointsOf(percent)).toBe(points);
});

it.each([
  ['before its time', '2026-01-31', false],
  ['from its first moment', '2026-02-01', true],
  ['in its last', '2026-02-28', true],
  ['at its end', '2026-03-01', false],
])('an agreement %s takes pieces in: %s is %s', (_when, day, expected) => {
  const period = { validFrom: new Date('2026-02-01'), validUntil: new Date('2026-03-01') };
  const now = new Date(day);
  expect(takesIn({ ...period, endedAt: null }, now)).toBe(expected);
  expect(takesIn({ ...period, endedAt: new Date('2026-02-01') }, now)).toBe(false);
});
