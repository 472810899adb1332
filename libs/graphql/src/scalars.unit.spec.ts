import { parseValue } from 'graphql';
import { scalarResolvers } from './scalars.ts';

const scalar = (name: string) => scalarResolvers[name]!;
const expectation: Record<string, string> = {
  DateTime: 'a date and time with a zone such as "2026-11-22T08:30:00Z"',
  Decimal: 'a string with an exact decimal number such as "12.50"',
  CurrencyCode: 'three capital letters of ISO 4217 such as "EUR"',
};

describe('scalars', () => {
  test.each([
    ['DateTime', '2026-11-22T08:30:00Z', '2026-11-22T08:30:00.000Z'],
    ['DateTime', '2026-11-22T08:30:00.5+02:00', '2026-11-22T06:30:00.500Z'],
    ['DateTime', '2024-02-29T23:59:59.999999Z', '2024-02-29T23:59:59.999Z'],
    ['Decimal', '12.50', '12.50'],
    ['Decimal', '-0.001', '-0.001'],
    ['Decimal', '0', '0'],
    ['CurrencyCode', 'EUR', 'EUR'],
  ])('%s takes %j', (name, given, taken) => {
    expect(scalar(name).parseValue(given)).toBe(taken);
    expect(scalar(name).parseLiteral(parseValue(JSON.stringify(given)), {})).toBe(taken);
  });

  test.each([
    ['DateTime', '2026-11-22'],
    ['DateTime', '2026-11-22T08:30:00'],
    ['DateTime', '2026-02-30T08:30:00Z'],
    ['DateTime', '2026-11-22T24:00:00Z'],
    ['DateTime', '0000-12-31T23:59:59Z'],
    ['DateTime', '0001-01-01T00:00:00+02:00'],
    ['DateTime', '9999-12-31T23:00:00-02:00'],
    ['DateTime', 1_700_000_000],
    ['DateTime', null],
    ['Decimal', 12.5],
    ['Decimal', '12,50'],
    ['Decimal', '1e3'],
    ['Decimal', '012'],
    ['Decimal', '.5'],
    ['Decimal', `${'9'.repeat(19)}`],
    ['CurrencyCode', 'eur'],
    ['CurrencyCode', 'EURO'],
    ['CurrencyCode', ['EUR']],
  ])('%s refuses %j with an exact message', (name, given) => {
    const message = `${name} must be ${expectation[name]}, not ${JSON.stringify(given)}.`;
    expect(() => scalar(name).parseValue(given)).toThrow(message);
  });

  test('a literal of another kind is named as it stands', () => {
    expect(() => scalar('Decimal').parseLiteral(parseValue('12.5'), {})).toThrow(
      'Decimal must be a string with an exact decimal number such as "12.50", not "12.5".',
    );
  });

  test('a long value is shortened in the message', () => {
    expect(() => scalar('Decimal').parseValue('x'.repeat(500))).toThrow(`${'x'.repeat(79)}….`);
  });

  test('dates leave as UTC; what is malformed does not leave at all', () => {
    const date = new Date('2026-01-02T03:04:05.678Z');
    expect(scalar('DateTime').serialize(date)).toBe('2026-01-02T03:04:05.678Z');
    expect(scalar('DateTime').serialize('2026-01-02T05:04:05+02:00')).toBe(
      '2026-01-02T03:04:05.000Z',
    );
    expect(() => scalar('Decimal').serialize(12.5)).toThrow('Decimal cannot carry 12.5');
  });
});
