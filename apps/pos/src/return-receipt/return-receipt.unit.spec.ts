import { line, receipt, sale } from '../../test/receipt.ts';
import { returnRows, type ReturnReceipt } from './return-receipt.ts';

const brooch = line({ id: 'b', title: 'Brooch', sku: 'BR-1', tracking: 'SERIAL' });
const chain = line({ id: 'c', quantity: 3, unitPriceMinor: 1400 });
const back: ReturnReceipt['back'] = {
  ...{ id: 'r', kind: 'RETURN', number: 'HQ/R-000007', saleId: 'sale', registerId: 'till' },
  ...{ shiftId: 'shift', locationId: 'hq', currencyCode: 'EUR', totalMinor: 422_800 },
  ...{ reason: 'FAULTY', note: 'loose clasp', returnedBy: 'anna', position: '' },
  returnedAt: new Date('2026-12-01T09:30:00Z'),
  lines: [
    {
      ...{ lineId: 'b', quantity: 1, totalMinor: 420_000, disposition: 'BENCH' },
      units: [{ serialUnitId: 'u', serial: null }],
    },
    { lineId: 'c', quantity: 2, totalMinor: 2800, disposition: 'STOCK', units: [] },
  ],
  taxes: [],
  refunds: [
    {
      tenderIndex: 0,
      kind: 'CARD',
      amountMinor: 400_000,
      reference: 'slip 7',
      storedValueId: null,
    },
    { tenderIndex: 1, kind: 'CASH', amountMinor: 22_800, reference: null, storedValueId: null },
  ],
};
const printed = (given: Partial<ReturnReceipt> = {}): ReturnReceipt => {
  const { kind: _, ...parts } = receipt({ sale: sale({ lines: [brooch, chain] }) });
  return { ...parts, back, instead: null, unitNumbers: { u: 'N-2301' }, ...given };
};
// Intl joins amounts and currencies by blanks that do not break.
const shown = (given?: Partial<ReturnReceipt>): string[] =>
  returnRows(printed(given)).map((row) =>
    ('text' in row ? row.text : 'left' in row ? `${row.left} | ${row.right}` : '--').replaceAll(
      /[\u00a0\u202f]/g,
      ' ',
    ),
  );

it('says what came back of which receipt, and how the money went back; not why', () => {
  expect(shown().slice(5)).toEqual([
    'Rückgabe | HQ/R-000007',
    'Zu Beleg | HQ-000042',
    'Datum | 01.12.2026, 10:30',
    'Kasse | Front desk',
    'Bedient von | anna',
    '--',
    'Brooch | 4.200,00',
    'BR-1 · Nr. N-2301',
    '2 × Chain 45 cm | 28,00',
    'CHAIN-45',
    '--',
    'Zurückgegeben | 4.228,00 €',
    'Karte | 4.000,00 €',
    'Bar | 228,00 €',
  ]);
});

it('a copy says that it is one, and a sale that was taken back as a whole what it is', () => {
  const copy = { number: 2, by: 'bruno', at: new Date('2026-12-01T10:00:00Z') };
  const rows = shown({ copy, back: { ...back, kind: 'POST_VOID' } });
  expect(rows.slice(5, 8)).toEqual([
    'KOPIE 2',
    'Zuerst gedruckt am 01.12.2026, 11:00 von bruno',
    'Storno | HQ/R-000007',
  ]);
});

it('an exchange says what went out instead, and the difference', () => {
  const ring = line({ title: 'Ring', sku: 'RING-56', unitPriceMinor: 430_000 });
  const instead = sale({
    ...{ receiptNumber: 'HQ-000043', totalMinor: 430_000, changeMinor: 0, lines: [ring] },
    tenders: [
      { kind: 'EXCHANGE', amountMinor: 422_800, reference: null },
      { kind: 'CARD', amountMinor: 7_200, reference: null },
    ],
  });
  const refunds = [
    {
      tenderIndex: 0,
      kind: 'EXCHANGE' as const,
      amountMinor: 422_800,
      reference: null,
      storedValueId: null,
    },
  ];
  const rows = shown({ instead, back: { ...back, kind: 'EXCHANGE', refunds } });
  expect(rows.slice(5, 8)).toEqual([
    'Umtausch | HQ/R-000007',
    'Zu Beleg | HQ-000042',
    'Beleg | HQ-000043',
  ]);
  expect(rows.slice(-9)).toEqual([
    'Zurückgegeben | 4.228,00 €',
    'Umtausch | 4.228,00 €',
    '--',
    'Ring | 4.300,00',
    'RING-56',
    '--',
    'Summe | 4.300,00 €',
    'Umtausch | 4.228,00 €',
    'Karte | 72,00 €',
  ]);
});
