import { checkSalesperson, mayNameSalesperson } from './salesperson.ts';

it.each([
  ['OPEN', false, true],
  ['OPEN', true, true],
  ['PENDING', false, false],
  ['PENDING', true, false],
  ['COMMITTED', false, false],
  ['COMMITTED', true, true],
  ['VOIDED', true, false],
] as const)('of a sale that is %s, by a manager %s: %s', (status, isManager, expected) => {
  expect(mayNameSalesperson({ status }, { isManager })).toBe(expected);
});

it.each([
  ['nobody', undefined, true],
  ['an id', 'staff-7', true],
  ['nothing at all', '', false],
  ['101 characters', 'x'.repeat(101), false],
  ['what looks like a card', '4111111111111111', false],
])('takes %s: %s', (_, text, expected) => {
  expect(checkSalesperson(text) === undefined).toBe(expected);
});
