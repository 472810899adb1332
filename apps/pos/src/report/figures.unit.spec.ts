import fc from 'fast-check';
import { cashOf, expectedOf, type Figures } from './figures.ts';

const none: Figures = {
  currencyCode: null,
  openingFloatMinor: null,
  sales: [],
  voids: [],
  cashiers: [],
  tenders: [],
  cashMovements: [],
  receipts: null,
};
const taken = (
  kind: 'CASH' | 'CARD',
  receivedMinor: number,
  changeMinor = 0,
  currencyCode = 'EUR',
) => ({
  ...{ kind, currencyCode, count: 1, receivedMinor, changeMinor },
});
const moved = (kind: 'PAY_IN' | 'PAY_OUT' | 'DROP', totalMinor: number) => ({
  ...{ kind, currencyCode: 'EUR', count: 1, totalMinor },
});

test.each<[string, Partial<Figures>, [string, string, number][]]>([
  ['nothing happened and nothing was counted', {}, []],
  ['a float alone', { currencyCode: 'EUR', openingFloatMinor: 5000 }, [['CASH', 'EUR', 5000]]],
  ['a drawer without a float', { currencyCode: 'JPY' }, [['CASH', 'JPY', 0]]],
  [
    'cash with change beside cards',
    {
      currencyCode: 'EUR',
      openingFloatMinor: 100,
      tenders: [taken('CARD', 700), taken('CASH', 500, 50)],
    },
    [
      ['CASH', 'EUR', 550],
      ['CARD', 'EUR', 700],
    ],
  ],
  [
    'cash of another currency, which is no cash of the drawer',
    { currencyCode: 'EUR', openingFloatMinor: 100, tenders: [taken('CASH', 500, 0, 'USD')] },
    [
      ['CASH', 'EUR', 100],
      ['CASH', 'USD', 500],
    ],
  ],
  [
    'what was given back, in cash and by card, of more than was taken too',
    {
      currencyCode: 'EUR',
      openingFloatMinor: 100,
      tenders: [taken('CASH', 500, 50)],
      refunds: [
        { kind: 'CARD', currencyCode: 'EUR', count: 1, totalMinor: 70 },
        { kind: 'CASH', currencyCode: 'EUR', count: 2, totalMinor: 150 },
      ],
    },
    [
      ['CASH', 'EUR', 400],
      ['CARD', 'EUR', -70],
    ],
  ],
  [
    'money in and out',
    {
      currencyCode: 'EUR',
      cashMovements: [moved('DROP', 30), moved('PAY_IN', 100), moved('PAY_OUT', 20)],
    },
    [['CASH', 'EUR', 50]],
  ],
])('%s', (_name, part, expected) => {
  const amounts = expectedOf({ ...none, ...part });
  const rows = amounts.map(({ kind, currencyCode, amountMinor }) => [
    kind,
    currencyCode,
    amountMinor,
  ]);
  expect(rows).toEqual(expected);
});

test('the expected cash is the sum of everything that touched the drawer', () => {
  const minor = fc.integer({ min: 0, max: 1e9 });
  fc.assert(
    fc.property(
      minor,
      minor,
      minor,
      minor,
      minor,
      minor,
      (float, received, change, into, out, drop) => {
        const figures = {
          ...none,
          ...{
            currencyCode: 'EUR',
            openingFloatMinor: float,
            tenders: [taken('CASH', received, change)],
          },
          cashMovements: [moved('PAY_IN', into), moved('PAY_OUT', out), moved('DROP', drop)],
        };
        expect(cashOf(expectedOf(figures), 'EUR')).toBe(
          float + received - change + into - out - drop,
        );
      },
    ),
  );
});
