import CodepageEncoder, { type Codepage } from '@point-of-sale/codepage-encoder';
import { parseDocument, DomUtils } from 'htmlparser2';
import { undiscounted, type Sale, type SaleLine } from '../src/sale/sale.ts';
import { unlisted } from '../src/discount/own-price.ts';
import type { Receipt } from '../src/receipt/receipt.ts';

// Receipts to print, and readers that are not the programs that wrote them.

export const line = (given: Partial<SaleLine> = {}): SaleLine => {
  const { quantity = 1, unitPriceMinor = 1000 } = given;
  const total = undiscounted({ quantity, unitPriceMinor });
  return { ...whole, ...total, ...given };
};

const whole: Omit<SaleLine, 'discountMinor' | 'totalMinor'> = {
  ...unlisted,
  ...{
    id: 'line',
    stockItemId: 'item',
    variantId: 'variant',
    sku: 'CHAIN-45',
    title: 'Chain 45 cm',
  },
  ...{ tracking: 'QUANTITY', serialUnitId: null, units: [], serial: null, locationId: 'hq' },
  ...{ fulfilFrom: 'SALE_LOCATION', quantity: 1, unitPriceMinor: 1000, holdId: null },
  ...{ heldUntil: null, note: null },
};

/** 42 at HQ's front desk, paid with a note of 50. */
export function sale(given: Partial<Sale> = {}): Sale {
  const lines = given.lines ?? [line({ quantity: 3, unitPriceMinor: 1400 })];
  return {
    ...{ name: null, parkedAt: null, parkedBy: null },
    ...{ id: 'sale', channel: 'COUNTER', externalId: null, status: 'COMMITTED', version: 3 },
    ...{
      registerId: 'till',
      locationId: 'hq',
      locationCode: 'HQ',
      currencyCode: 'EUR',
      customerId: null,
    },
    ...{ totalMinor: 4200, changeMinor: 800, openedAt: '2026-11-30T21:10:00Z', commitKey: 'key' },
    ...{ receiptNumber: 'HQ-000042', committedAt: '2026-11-30T21:12:00Z', voidedAt: null },
    ...{
      paymentDueAt: null,
      claimedAt: null,
      isLayBy: false,
      lateOf: null,
      exchangeOf: null,
      refund: null,
      leaseId: null,
      soldAt: null,
    },
    ...{ voidReason: null, refusalReasons: null, isReleaseConfirmed: false, discounts: [], lines },
    ...{ taxTerms: null, taxes: [], taxExemption: null, roundingMinor: 0 },
    tenders: [{ kind: 'CASH', amountMinor: 5000, reference: null }],
    ...given,
  };
}

export const shop = {
  ...{ shopName: 'Brosche & Söhne', addressLines: ['Kirchgasse 5', '8001 Zürich'] },
  ...{ taxNumber: 'CHE-123.456.789 MWST', header: null, footer: null },
  ...{ locale: 'de-DE', timeZone: 'Europe/Berlin' },
};

export const receipt = (given: Partial<Receipt> = {}): Receipt => ({
  ...{ kind: 'RECEIPT', sale: sale(), cashier: 'anna', registerName: 'Front desk', shop },
  ...{ copy: null, unitNumbers: {}, corrections: [] },
  ...given,
});

// Table 0 and so on of Epson's TM printers.
const pages: Record<number, Codepage> = {
  ...{ 0: 'cp437', 13: 'cp857', 14: 'cp737', 17: 'cp866', 18: 'cp852', 19: 'cp858' },
};

/** What an ESC/POS printer prints: its lines. A command that is not expected of a receipt fails the test. */
export function printedLines(bytes: Uint8Array): string[] {
  let page: Codepage = 'cp437';
  let text = '';
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === 0x1b || byte === 0x1c || byte === 0x1d) {
      const command = `${byte.toString(16)} ${String.fromCharCode(bytes[at + 1]!)}`;
      const length = {
        '1b @': 1,
        '1c .': 1,
        '1b M': 2,
        '1b E': 2,
        '1b a': 2,
        '1b t': 2,
        '1d V': 2,
      }[command];
      if (length === undefined) throw new Error(`command ${command} at ${at}`);
      if (command === '1b t') page = pages[bytes[at + 2]!] ?? 'ascii';
      at += length;
    } else if (byte !== 0x0d) {
      const codePoint = byte < 0x80 ? byte : CodepageEncoder.getCodepoints(page, true)[byte]!;
      text += String.fromCodePoint(codePoint);
    }
  }
  return text.split('\n').map((each) => each.trimEnd());
}

/** The texts of a page, each with its tag; and the tags that there are. */
export function htmlTexts(html: string) {
  const document = parseDocument(html);
  const body = DomUtils.getElementsByTagName('body', document)[0]!;
  const elements = DomUtils.getElementsByTagName('*', body);
  const leaves = elements.filter(({ children }) => children.every(({ type }) => type === 'text'));
  return {
    tags: [...new Set(elements.map(({ name }) => name))].sort(),
    texts: leaves.map((leaf) => DomUtils.textContent(leaf)).filter((text) => text !== ''),
  };
}
