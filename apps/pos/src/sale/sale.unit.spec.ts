import fc from 'fast-check';
import {
  canMove,
  claimableLines,
  isFinal,
  lineIdOf,
  needsRenewal,
  settle,
  totalOf,
  type Sale,
  type SaleLine,
  type SaleStatus,
} from './sale.ts';

const statuses: SaleStatus[] = ['OPEN', 'PENDING', 'COMMITTED', 'VOIDED'];
const line = (part: Partial<SaleLine>) =>
  ({ heldUntil: null, fulfilFrom: 'SALE_LOCATION', ...part }) as SaleLine;
const saleWith = (lines: Partial<SaleLine>[]) => ({ lines: lines.map(line) }) as Sale;

describe('status', () => {
  it('moves only forward, and an end is an end', () => {
    const moves = statuses.flatMap((from) =>
      statuses.filter((to) => canMove(from, to)).map((to) => `${from} ${to}`),
    );
    expect(moves).toEqual(['OPEN PENDING', 'OPEN VOIDED', 'PENDING COMMITTED', 'PENDING VOIDED']);
    expect(statuses.filter(isFinal)).toEqual(['COMMITTED', 'VOIDED']);
  });
});

describe('totals', () => {
  it('are exact sums of minor units', () => {
    const lines = [
      { unitPriceMinor: 419_999, quantity: 3 },
      { unitPriceMinor: 1, quantity: 9999 },
    ];
    expect(totalOf(lines)).toBe(1_269_996);
    expect(totalOf([])).toBe(0);
  });

  it('refuse to lose digits', () => {
    expect(() => totalOf([{ unitPriceMinor: 999_999_999_999_999, quantity: 9999 }])).toThrow(
      'out of range',
    );
  });
});

describe('settle', () => {
  const cash = (amountMinor: number) => ({ kind: 'CASH' as const, amountMinor });
  const card = (amountMinor: number) => ({ kind: 'CARD' as const, amountMinor });

  it.each([
    ['exact cash', 500, [cash(500)], { pays: true, changeMinor: 0 }],
    ['cash with change', 500, [cash(1000)], { pays: true, changeMinor: 500 }],
    ['card and cash with change', 500, [card(400), cash(200)], { pays: true, changeMinor: 100 }],
    ['exact card', 500, [card(500)], { pays: true, changeMinor: 0 }],
    ['nothing for a free sale', 0, [], { pays: true, changeMinor: 0 }],
    ['too little', 500, [cash(100), card(399)], { pays: false, tenderedMinor: 499 }],
    ['too much by card', 500, [card(501)], { pays: false, tenderedMinor: 501 }],
    [
      'two cards beyond what is due',
      500,
      [card(300), card(300)],
      { pays: false, tenderedMinor: 600 },
    ],
    ['a card for a free sale', 0, [card(1)], { pays: false, tenderedMinor: 1 }],
  ])('%s', (_name, due, tenders, expected) => {
    expect(settle(due, tenders)).toEqual(expected);
  });

  it('keeps the money: what came in minus the change is what was due, and change never exceeds the cash', () => {
    const tender = fc.record({
      kind: fc.constantFrom('CASH' as const, 'CARD' as const),
      amountMinor: fc.integer({ min: 1, max: 100_000 }),
    });
    fc.assert(
      fc.property(fc.nat(200_000), fc.array(tender, { maxLength: 6 }), (due, tenders) => {
        const result = settle(due, tenders);
        if (!result.pays) return;
        const given = tenders.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
        const cashGiven = tenders
          .filter(({ kind }) => kind === 'CASH')
          .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
        expect(given - result.changeMinor).toBe(due);
        expect(result.changeMinor).toBeLessThanOrEqual(cashGiven);
      }),
    );
  });
});

describe('lineIdOf', () => {
  const saleId = '01900000-0000-7000-8000-000000000001';

  it('gives a retry the same line and anything else another', () => {
    expect(lineIdOf(saleId, 'key')).toBe(lineIdOf(saleId, 'key'));
    expect(lineIdOf(saleId, 'key')).not.toBe(lineIdOf(saleId, 'key2'));
    expect(lineIdOf('01900000-0000-7000-8000-000000000002', 'key')).not.toBe(
      lineIdOf(saleId, 'key'),
    );
  });

  it('is a UUID of version 8', () => {
    expect(lineIdOf(saleId, 'key')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

describe('needsRenewal', () => {
  const now = new Date('2026-11-22T10:00:00Z');
  const holdSeconds = 900;

  it.each([
    ['a fresh hold', '2026-11-22T10:14:59Z', false],
    ['a hold with a third of its life behind it', '2026-11-22T10:09:59Z', true],
    ['an expired hold', '2026-11-22T09:00:00Z', true],
  ])('%s', (_name, heldUntil, expected) => {
    expect(needsRenewal(saleWith([{ heldUntil }]), { now, holdSeconds })).toBe(expected);
  });

  it('is nothing for untracked lines', () => {
    expect(needsRenewal(saleWith([{ heldUntil: null }]), { now, holdSeconds })).toBe(false);
  });
});

it('claims everything but services', () => {
  const sale = saleWith([{ tracking: 'NONE' }, { tracking: 'SERIAL' }, { tracking: 'QUANTITY' }]);
  expect(claimableLines(sale).map(({ tracking }) => tracking)).toEqual(['SERIAL', 'QUANTITY']);
});

it('claims a named piece where the sale is, or wherever it stands by now; the rest where it was held', () => {
  const held = [
    { serialUnitId: 'unit', tracking: 'SERIAL', locationId: 'HQ' } as const,
    { serialUnitId: null, tracking: 'QUANTITY', locationId: 'HQ' } as const,
  ];
  const places = (locationId: string | null) =>
    claimableLines({ ...saleWith(held), locationId }).map((line) => line.locationId);
  expect(places('GM')).toEqual(['GM', 'HQ']);
  expect(places(null)).toEqual([null, 'HQ']);
});

it.each(['LINE_LOCATION', 'ANY_LOCATION'] as const)(
  'claims a named piece of %s from its line’s location, wherever the sale is',
  (fulfilFrom) => {
    const piece = {
      serialUnitId: 'unit',
      tracking: 'SERIAL',
      locationId: 'HQ',
      fulfilFrom,
    } as const;
    const sale = { ...saleWith([piece]), locationId: 'GM' };
    expect(claimableLines(sale).map((line) => line.locationId)).toEqual(['HQ']);
  },
);
