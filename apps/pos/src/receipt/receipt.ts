import type { Sale } from '../sale/sale.ts';
import type { SizeCorrection } from '../size-correction/size-correction.sql.ts';

export type ReceiptFormat = 'HTML' | 'PDF' | 'ESCPOS_58' | 'ESCPOS_80';
/** GIFT says what was bought and nothing of money. */
export type ReceiptKind = 'RECEIPT' | 'GIFT';

/** What the receipts of a location say of the shop, and how. */
export type ReceiptShop = {
  shopName: string;
  addressLines: string[];
  taxNumber: string | null;
  header: string | null;
  footer: string | null;
  /** BCP 47: how amounts and dates are written, and in which language the words are. */
  locale: string;
  /** IANA. */
  timeZone: string;
};

export type Print = { by: string; at: Date };

/** All that the receipt of a committed sale is made of. */
export type Receipt = {
  kind: ReceiptKind;
  sale: Sale;
  cashier: string;
  registerName: string | null;
  /** Null where nobody has set it. */
  shop: ReceiptShop | null;
  /** Of a copy: its number from 1, and who printed the original when. */
  copy: (Print & { number: number }) | null;
  /** By unit, what inventory knew it by when it was printed: serial value, else stock number. */
  unitNumbers: Readonly<Record<string, string>>;
  /** What went otherwise than the lines say, as it was known when it was printed. */
  corrections: readonly SizeCorrection[];
};

/** A receipt as every printer has it: lines of text, and pairs of which the right one is an amount. */
export type Row =
  | { kind: 'TITLE' | 'CENTRE' | 'TEXT' | 'DETAIL'; text: string }
  | { kind: 'PAIR' | 'TOTAL'; left: string; right: string }
  | { kind: 'RULE' };

const files: Record<ReceiptFormat, { extension: string; contentType: string }> = {
  HTML: { extension: 'html', contentType: 'text/html; charset=utf-8' },
  PDF: { extension: 'pdf', contentType: 'application/pdf' },
  ESCPOS_58: { extension: 'bin', contentType: 'application/octet-stream' },
  ESCPOS_80: { extension: 'bin', contentType: 'application/octet-stream' },
};

export const contentTypeOf = (format: ReceiptFormat): string => files[format].contentType;

/** Numbers have a location's code in them, which may have any sign. */
export function filenameOf(
  number: string,
  format: ReceiptFormat,
  what: 'receipt' | 'return' = 'receipt',
): string {
  return `${what}-${number.replaceAll(/[^\w-]/g, '_')}.${files[format].extension}`;
}
