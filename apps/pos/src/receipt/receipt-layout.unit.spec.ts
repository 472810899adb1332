import { line, receipt, sale, shop } from '../../test/receipt.ts';
import { receiptRows } from './receipt-layout.ts';
import type { Receipt, Row } from './receipt.ts';

const shown = (row: Row): string => {
  if (row.kind === 'RULE') return '--';
  if ('text' in row) return `${row.kind} ${row.text}`;
  return `${row.kind} ${row.left} | ${row.right}`;
};
// Intl joins amounts and currencies by blanks that do not break.
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');
const rows = (given: Partial<Receipt> = {}) => receiptRows(receipt(given)).map(shown).map(plain);

it('says who sold what for how much, and how it was paid', () => {
  const brooch = line({
    ...{ title: 'Brooch', sku: 'BR-1', tracking: 'SERIAL', serialUnitId: 'u', serial: 'S-7' },
    unitPriceMinor: 420_000,
  });
  const card = { kind: 'CARD' as const, amountMinor: 400_000, reference: 'slip 7' };
  const cash = { kind: 'CASH' as const, amountMinor: 25_000, reference: null };
  const sold = sale({
    lines: [brooch, line({ quantity: 3, unitPriceMinor: 1400 })],
    ...{ totalMinor: 424_200, changeMinor: 800, tenders: [card, cash] },
  });
  const full = { ...shop, header: 'Willkommen', footer: 'Danke!\nUmtausch 14 Tage' };
  expect(rows({ sale: sold, shop: full })).toEqual([
    'TITLE Brosche & Söhne',
    'CENTRE Kirchgasse 5',
    'CENTRE 8001 Zürich',
    'CENTRE CHE-123.456.789 MWST',
    'CENTRE Willkommen',
    '--',
    'PAIR Beleg | HQ-000042',
    'PAIR Datum | 30.11.2026, 22:12',
    'PAIR Kasse | Front desk',
    'PAIR Bedient von | anna',
    '--',
    'PAIR Brooch | 4.200,00',
    'DETAIL BR-1 · Nr. S-7',
    'PAIR Chain 45 cm | 42,00',
    'DETAIL CHAIN-45',
    'DETAIL 3 × 14,00',
    '--',
    'TOTAL Summe | 4.242,00 €',
    'PAIR Karte | 4.000,00 €',
    'PAIR Bar | 250,00 €',
    'PAIR Rückgeld | 8,00 €',
    '--',
    'CENTRE Danke!',
    'CENTRE Umtausch 14 Tage',
  ]);
});

it('says which size went, where another one was written down', () => {
  const corrections = [
    { sku: 'RING-56', quantity: 1 },
    { sku: 'RING-54', quantity: -1 },
  ];
  const said = ['PAIR Ausgehändigt | 1 × RING-56', 'PAIR Nicht ausgehändigt | 1 × RING-54'];
  expect(rows({ corrections }).slice(-7, -3)).toEqual(['--', ...said, '--']);
  expect(rows({ kind: 'GIFT', corrections }).slice(-3)).toEqual(['--', ...said]);
});

it('says nothing of money on a gift receipt', () => {
  const gift = rows({ kind: 'GIFT', sale: sale({ lines: [line({ quantity: 3 }), line()] }) });
  expect(gift.slice(5)).toEqual([
    'PAIR Geschenkbeleg | HQ-000042',
    'PAIR Datum | 30.11.2026, 22:12',
    'PAIR Kasse | Front desk',
    'PAIR Bedient von | anna',
    '--',
    'TEXT 3 × Chain 45 cm',
    'DETAIL CHAIN-45',
    'TEXT Chain 45 cm',
    'DETAIL CHAIN-45',
  ]);
});

it('says of a copy that it is one, and who printed the original when', () => {
  const copy = { number: 2, by: 'bruno', at: new Date('2026-11-30T22:59:00Z') };
  expect(rows({ copy }).slice(5, 8)).toEqual([
    'TITLE KOPIE 2',
    'CENTRE Zuerst gedruckt am 30.11.2026, 23:59 von bruno',
    'PAIR Beleg | HQ-000042',
  ]);
});

it('of a shop that has set nothing says when in UTC, and nothing of the shop', () => {
  expect(rows({ shop: null, registerName: null })).toEqual([
    'PAIR Receipt | HQ-000042',
    'PAIR Date | 30/11/2026, 21:12 UTC',
    'PAIR Served by | anna',
    '--',
    'PAIR Chain 45 cm | 42.00',
    'DETAIL CHAIN-45',
    'DETAIL 3 × 14.00',
    '--',
    'TOTAL Total | €42.00',
    'PAIR Cash | €50.00',
    'PAIR Change | €8.00',
  ]);
});

describe('the pieces of a line', () => {
  const units = [
    { serialUnitId: 'u1', serial: 'S-1' },
    { serialUnitId: 'u2', serial: null },
    { serialUnitId: 'u3', serial: null },
  ];
  const cases: [string, Parameters<typeof line>[0], string][] = [
    ['one by its serial value', { serialUnitId: 'u1', serial: 'S-1' }, 'No. S-1'],
    ['one by its stock number', { serialUnitId: 'u2', serial: null }, 'No. N-2'],
    ['several, and one that nobody can name', { quantity: 3, units }, 'No. S-1, N-2'],
  ];
  it.each(cases)('are named: %s', (_name, given, expected) => {
    const sold = sale({ lines: [line({ ...given, title: 'A', sku: 'A' })] });
    const named = rows({ sale: sold, shop: null, unitNumbers: { u2: 'N-2' } });
    expect(named).toContain(`DETAIL ${expected}`);
  });
});

describe('amounts and dates', () => {
  const cases: [string, string, string, string, string][] = [
    ['en-US', 'America/New_York', 'USD', '$1,234.56', '11/30/2026, 04:12 PM'],
    ['ja-JP', 'Asia/Tokyo', 'JPY', '￥123,456', '2026/12/01 06:12'],
    ['en-GB', 'Asia/Kuwait', 'KWD', 'KWD 123.456', '01/12/2026, 00:12'],
    ['pl-PL', 'Europe/Warsaw', 'PLN', '1234,56 zł', '30.11.2026, 22:12'],
  ];
  it.each(cases)('in %s, %s, %s', (locale, timeZone, currencyCode, total, date) => {
    const sold = sale({ currencyCode, totalMinor: 123_456 });
    const said = rows({ sale: sold, shop: { ...shop, locale, timeZone } });
    expect(said.find((row) => row.startsWith('TOTAL'))?.split(' | ')[1]).toBe(total);
    expect(said[6]?.split(' | ')[1]).toBe(date);
  });
});
