import type { Sale } from '../sale/sale.ts';
import { clashOf, meetingOf, newlyCut, type CutBy, type SaleDiscount } from './discount.ts';

const of = (
  kind: SaleDiscount['kind'],
  lineId: string | null = null,
  excludedLineIds: string[] = [],
) =>
  ({
    id: `${kind} ${lineId}`,
    kind,
    lineId,
    excludedLineIds,
    cutBy: null,
  }) as unknown as SaleDiscount;

it.each<[SaleDiscount, SaleDiscount, string | undefined]>([
  [of('LINE', 'a'), of('LINE', 'a'), 'LINE_AND_LINE'],
  [of('LINE', 'a'), of('LINE', 'b'), undefined],
  [of('LINE', 'a'), of('SALE'), 'LINE_AND_SALE'],
  [of('LINE', 'a'), of('SALE', null, ['a']), undefined],
  [of('LINE', 'a'), of('SALE', null, ['b']), 'LINE_AND_SALE'],
  [of('SALE'), of('SALE'), 'SALE_AND_SALE'],
  [of('SALE', null, ['a']), of('SALE', null, ['b']), 'SALE_AND_SALE'],
  [of('PROMOTION'), of('LINE', 'a'), 'MANUAL_AND_PROMOTION'],
  [of('PROMOTION'), of('SALE'), 'MANUAL_AND_PROMOTION'],
  [of('PROMOTION'), of('PROMOTION'), 'PROMOTION_AND_PROMOTION'],
])('how two meet, either way round: %#', (one, other, meeting) => {
  expect(meetingOf(one, other)).toBe(meeting);
  expect(meetingOf(other, one)).toBe(meeting);
});

it('names the first discount that the wanted one may not meet', () => {
  const discounts = [of('LINE', 'b'), of('LINE', 'a'), of('SALE')];
  const clash = clashOf(of('LINE', 'a'), { discounts, mayMeet: ['LINE_AND_SALE'] });
  expect(clash).toEqual({ other: discounts[1], meeting: 'LINE_AND_LINE' });
  const mayMeet = ['LINE_AND_SALE', 'LINE_AND_LINE'] as const;
  expect(clashOf(of('LINE', 'a'), { discounts, mayMeet })).toBeUndefined();
});

it('finds what is cut now and was not before', () => {
  const sale = (...cuts: (CutBy | null)[]) =>
    ({
      discounts: cuts.map((cutBy, index) => ({ ...of('SALE'), id: String(index), cutBy })),
    }) as unknown as Sale;
  expect(newlyCut(sale('PRICE', null), sale('LIMIT', null, null))).toBeUndefined();
  expect(newlyCut(sale('PRICE', null), sale('PRICE', 'LIMIT', null))).toMatchObject({ id: '1' });
  expect(newlyCut(sale(null), sale(null, 'PRICE'))).toMatchObject({ id: '1' });
});
