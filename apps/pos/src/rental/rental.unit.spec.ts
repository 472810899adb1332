import { daysBetween, dueOf, priceOf, settlementOf } from './rental.ts';

const at = (text: string) => new Date(`2026-06-${text}:00Z`);

it.each([
  ['01T10:00', '01T10:00', 0],
  ['01T10:00', '01T10:01', 1],
  ['01T10:00', '02T10:00', 1],
  ['01T10:00', '02T10:01', 2],
  ['01T10:00', '08T10:00', 7],
  ['02T10:00', '01T10:00', 0],
])('from %s until %s %i days have begun', (from, until, days) => {
  expect(daysBetween(at(from), at(until))).toBe(days);
});

it('a period costs its price, or its days', () => {
  const period = { from: at('01T10:00'), until: at('03T12:00') };
  expect(priceOf(period, { minor: 2500, per: 'PERIOD' })).toBe(2500);
  expect(priceOf(period, { minor: 2500, per: 'DAY' })).toBe(7500);
});

it.each([
  ['in time', '08T10:00', 0, 0, 20_000, 0],
  ['a minute late', '08T10:01', 0, 1500, 18_500, 0],
  ['two days late and damaged', '10T10:00', 5000, 3000, 12_000, 0],
  ['worse than the deposit', '08T10:00', 25_000, 0, 0, 5000],
])('%s', (_how, back, damageMinor, lateMinor, depositBackMinor, dueMinor) => {
  const rental = { until: at('08T10:00'), lateDayMinor: 1500, depositMinor: 20_000 };
  const settled = settlementOf(rental, { backAt: at(back), damageMinor });
  expect(settled).toEqual({ lateMinor, damageMinor, depositBackMinor });
  expect(dueOf(settled, rental.depositMinor)).toBe(dueMinor);
});
