import { line, receipt, sale } from '../../test/receipt.ts';
import type { SaleDiscount } from '../discount/discount.ts';
import { receiptRows } from './receipt-layout.ts';

const discount = (part: Partial<SaleDiscount>) =>
  ({
    ...{ kind: 'SALE', lineId: null, basisPoints: null, code: null, reason: 'the boss knows him' },
    ...part,
  }) as SaleDiscount;
const said = (kind: 'RECEIPT' | 'GIFT') => {
  const sold = sale({
    lines: [
      line({ id: 'a', quantity: 2, unitPriceMinor: 5000, discountMinor: 2000, totalMinor: 8000 }),
      line({ id: 'b', unitPriceMinor: 1000, discountMinor: 100, totalMinor: 900 }),
    ],
    totalMinor: 8900,
    discounts: [
      discount({ kind: 'LINE', lineId: 'a', basisPoints: 1250, amountMinor: 1250 }),
      discount({ amountMinor: 350 }),
      discount({ kind: 'PROMOTION', code: 'PEARLS', basisPoints: 500, amountMinor: 500 }),
      discount({ kind: 'PROMOTION', code: 'NOTHING', amountMinor: 0 }),
    ],
  });
  return receiptRows(receipt({ kind, sale: sold, shop: null, registerName: null })).map((row) =>
    row.kind === 'PAIR' || row.kind === 'TOTAL' ? `${row.left} | ${row.right}` : row.kind,
  );
};

it('has a row for each discount: of a line under it, of the sale before the total', () => {
  expect(said('RECEIPT').slice(4)).toEqual([
    'Chain 45 cm | 100.00',
    'DETAIL',
    'DETAIL',
    'Discount 12.5 % | -12.50',
    'Chain 45 cm | 10.00',
    'DETAIL',
    'RULE',
    'Subtotal | 97.50',
    'Discount | -3.50',
    'Discount 5 % PEARLS | -5.00',
    'RULE',
    'Total | €89.00',
    'Cash | €50.00',
    'Change | €8.00',
  ]);
});

it('says nothing of them to who is given it', () => {
  expect(said('GIFT').join()).not.toContain('Discount');
});
