import type { Sale } from '../sale/sale.ts';
import { lostLines, parkedHoldSecondsLeft, parkingOf } from './parking.ts';

const line = (heldUntil: string | null) => ({ heldUntil }) as Sale['lines'][number];
const at = (minute: number) => `2026-12-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
const sale = (part: Partial<Sale>) =>
  ({ status: 'OPEN', parkedAt: at(0), parkedBy: 'anna', lines: [], ...part }) as Sale;

it.each<[string, Partial<Sale>, object | null]>([
  ['a basket that is not parked', { parkedAt: null, parkedBy: null }, null],
  ['one that was given up while it was', { status: 'VOIDED' }, null],
  ['one without stock', { lines: [line(null)] }, { since: at(0), by: 'anna', heldUntil: null }],
  [
    'one with stock: the first end',
    { lines: [line(at(9)), line(null), line(at(5))] },
    { since: at(0), by: 'anna', heldUntil: at(5) },
  ],
])('says of %s whether it is parked', (_, part, expected) => {
  expect(parkingOf(sale(part))).toEqual(expected);
});

it('has lost what ended until now', () => {
  const lines = [line(at(5)), line(at(6)), line(at(7)), line(null)];
  expect(lostLines({ lines }, new Date(at(6)))).toEqual(lines.slice(0, 2));
});

it.each([
  ['at once', at(0), 600, 600],
  ['later: no longer than from the beginning', at(4), 600, 360],
  ['when it is over', at(10), 600, 0],
  ['long after', at(50), 600, 0],
  ['by an operator who extends nothing', at(0), 0, 0],
])('extends the holds %s', (_, now, holdSeconds, expected) => {
  expect(parkedHoldSecondsLeft(sale({}), { now: new Date(now), holdSeconds })).toBe(expected);
});

it('extends nothing of a basket that was resumed meanwhile', () => {
  const resumed = sale({ parkedAt: null });
  expect(parkedHoldSecondsLeft(resumed, { now: new Date(at(0)), holdSeconds: 600 })).toBe(0);
});
