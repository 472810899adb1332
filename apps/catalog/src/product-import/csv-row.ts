import { isWebAddress } from '@onecount/refusal';
import { minorOf, MoneyError, type MoneyProblem } from '@onecount/money';
import { restoredText } from '@onecount/service';
import { openingQuantityMax } from '../variant/variant.ts';
import { columnName, type Columns, type Field } from './csv-columns.ts';

/**
 * A record of the file; `number` as a spreadsheet numbers it, the header being row 1, `line` as a text editor numbers
 * the line in which it begins. Torn: a quotation mark in it is never closed. A problem: why it is no row at all.
 */
export type CsvRow = {
  number: number;
  line: number;
  cells: readonly string[];
  isTorn?: boolean;
  problem?: string;
};

export type RowError = {
  row: number;
  /** Filled in where the row is known (see `withLines`). */
  line?: number;
  column?: string;
  value?: string;
  handle?: string;
  code: RowErrorCode | RowWarningCode;
  message: string;
};

/** The product comes in, but not as its row says. */
export type RowWarningCode =
  | 'ADDRESS_COMPLETED'
  | 'BARCODE_KEPT_AS_STOCK_CODE'
  | 'BARCODE_NOT_KEPT'
  | 'COMPARE_AT_BELOW_PRICE'
  | 'FACT_NOT_KEPT'
  | 'HTML_REMOVED'
  | 'IMAGE_NOT_KEPT'
  | 'NEGATIVE_QUANTITY'
  | 'NOT_COUNTED'
  | 'OVERSELL_NOT_KEPT'
  | 'SKU_NUMBERED'
  | 'STOCK_KEPT';

export type RowErrorCode =
  | 'BAD_CHARACTER'
  | 'BAD_FLAG'
  | 'BAD_IMAGE_POSITION'
  | 'BAD_PRICE'
  | 'BAD_QUANTITY'
  | 'BAD_SKU'
  | 'BAD_STATUS'
  | 'BAD_TRACKING'
  | 'BAD_URL'
  | 'BAD_WEIGHT'
  | 'BARCODE_TAKEN'
  | 'DUPLICATE_OPTION'
  | 'DUPLICATE_SERIAL'
  | 'DUPLICATE_SKU'
  | 'DUPLICATE_VARIANT'
  | 'GIFT_CARD'
  | 'HANDLE_EXISTS'
  | 'INVALID'
  | 'MISSING_HANDLE'
  | 'MISSING_OPTION_NAME'
  | 'MISSING_OPTION_VALUE'
  | 'MISSING_SKU'
  | 'MISSING_TITLE'
  | 'OPTIONS_DIFFER'
  | 'QUOTE_NOT_CLOSED'
  | 'SERIALS_DO_NOT_MATCH'
  | 'SKU_TAKEN'
  | 'STOCK_REFUSED'
  | 'TITLES_DIFFER'
  | 'TOO_LONG'
  | 'TOO_MANY_CELLS'
  | 'TOO_MANY_OPTIONS'
  | 'TOO_MANY_VARIANTS'
  | 'UNKNOWN_LOCATION'
  | 'UNKNOWN_SKU'
  | 'WARNING_REFUSED';

const valueLengthMax = 200;
const quantityMax = openingQuantityMax;

/** Reads the cells of one row; what cannot be read is reported and stands as undefined. */
export type RowReader = ReturnType<typeof rowReader>;

export function rowReader(
  columns: Columns,
  row: CsvRow,
  tell: {
    error(error: Omit<RowError, 'handle'>): void;
    warning(warning: Omit<RowError, 'handle'>): void;
  },
) {
  /** The trimmed cell, '' when it is blank or the file has no such column. */
  const text = (field: Field): string => {
    const index = columns.indexOf.get(field);
    return index === undefined ? '' : restoredText((row.cells[index] ?? '').trim());
  };
  /** The cell with the blanks around it. */
  const raw = (field: Field): string =>
    text(field) === '' ? '' : restoredText(row.cells[columns.indexOf.get(field)!] ?? '');
  const at = (field: Field) => ({
    row: row.number,
    column: columnName(columns, field),
    value: text(field).slice(0, valueLengthMax),
  });
  const wrong = (field: Field, code: RowErrorCode, message: string): undefined =>
    void tell.error({ ...at(field), code, message });
  const warn = (field: Field, code: RowWarningCode, message: string): void =>
    tell.warning({ ...at(field), code, message });
  return {
    row,
    text,
    raw,
    wrong,
    warn,
    filled: (...fields: Field[]) => fields.some((field) => text(field) !== ''),
    optional: (field: Field) => (text(field) === '' ? undefined : text(field)),
    // Spreadsheets put an apostrophe before digits that they must not turn into a number.
    code: (field: Field) =>
      (row.cells[columns.indexOf.get(field) ?? -1] ?? '').trim().replace(/^'/u, '') || undefined,
    flag: (field: Field, whenBlank: boolean) => flag(field, whenBlank),
    price: (field: Field, currencyCode: string) => priceOf(field, currencyCode),
    quantity: (field: Field = 'quantity') => quantityOf(field),
    grams: () => gramsOf(),
    url: (field: Field) => addressOf(field, text(field)),
    /** Several addresses in one cell. */
    urls: (field: Field) =>
      text(field)
        .split(/,\s*/u)
        .flatMap((shown) => addressOf(field, shown) ?? []),
  };

  function flag(field: Field, whenBlank: boolean): boolean | undefined {
    const read = flagOf(text(field), whenBlank);
    return read ?? wrong(field, 'BAD_FLAG', `"${text(field)}" is neither TRUE nor FALSE.`);
  }

  function priceOf(field: Field, currencyCode: string): number | undefined {
    const shown = text(field);
    if (shown === '') return undefined;
    const minor = minorAmount(shown, currencyCode);
    if (typeof minor === 'number' && minor >= 0) return minor;
    const problem = typeof minor === 'number' ? 'is below zero' : priceProblems[minor];
    return wrong(field, 'BAD_PRICE', `${columnName(columns, field)} "${shown}" ${problem}.`);
  }

  function quantityOf(field: Field): number | undefined {
    const shown = text(field);
    if (shown === '') return undefined;
    if (!/^[+-]?[0-9]+(\.0*)?$/u.test(shown)) {
      return wrong(field, 'BAD_QUANTITY', `Quantity "${shown}" is not a whole number.`);
    }
    const quantity = Number(shown);
    if (quantity < 0) {
      const oversold = `${-quantity} were sold there without being on hand; nothing is on hand here.`;
      warn(field, 'NEGATIVE_QUANTITY', `Quantity ${shown} is below zero: ${oversold}`);
      return 0;
    }
    if (quantity > quantityMax) {
      return wrong(field, 'BAD_QUANTITY', `Quantity ${shown} is above ${quantityMax}.`);
    }
    return quantity;
  }

  function gramsOf(): number | undefined {
    const shown = text('grams');
    if (shown === '') return undefined;
    const grams = /^[0-9]{1,9}(\.[0-9]+)?$/u.test(shown) ? Math.round(Number(shown)) : undefined;
    return grams ?? wrong('grams', 'BAD_WEIGHT', `Weight "${shown}" is no number of grams.`);
  }

  // A product is not lost for a picture.
  function addressOf(field: Field, shown: string): string | undefined {
    if (shown === '' || isWebAddress(shown)) return shown || undefined;
    // Shops leave out what their own page is loaded by.
    if (shown.startsWith('//') && isWebAddress(`https:${shown}`)) {
      warn(field, 'ADDRESS_COMPLETED', `"${shown.slice(0, 80)}" is read as https.`);
      return `https:${shown}`;
    }
    warn(field, 'IMAGE_NOT_KEPT', `"${shown.slice(0, 80)}" is no http or https address.`);
    return undefined;
  }
}

const priceProblems: Record<MoneyProblem, string> = {
  FORMAT: 'is not a decimal number like 1299.00: no currency sign, no thousands separator',
  PRECISION: 'has more decimals than the currency',
  RANGE: 'is too large',
  CURRENCY_UNKNOWN: 'is in an unknown currency',
};

function minorAmount(shown: string, currencyCode: string): number | MoneyProblem {
  // Spreadsheets write .5 and 5. and 0005.50; the amount is plain all the same.
  const amount = shown
    // Where the comma is the decimal sign; 1,299 could be either and is refused.
    .replace(/^([+-]?[0-9]+),([0-9]{1,2})$/u, '$1.$2')
    .replace(/^([+-]?)0+(?=[0-9])/u, '$1')
    .replace(/^([+-]?)\./u, '$10.')
    .replace(/\.$/u, '')
    .replace(/^\+/u, '');
  try {
    return minorOf({ amount, currencyCode });
  } catch (err) {
    if (err instanceof MoneyError) return err.problem;
    throw err;
  }
}

export function flagOf(shown: string, whenBlank: boolean): boolean | undefined {
  if (shown === '') return whenBlank;
  if (/^(true|yes|1)$/iu.test(shown)) return true;
  if (/^(false|no|0)$/iu.test(shown)) return false;
  return undefined;
}

/** The errors with the line of the file in which each row begins. */
export function withLines(rows: readonly CsvRow[], errors: readonly RowError[]): RowError[] {
  const lineOf = new Map(rows.map(({ number, line }) => [number, line]));
  return errors.map((error) => ({ ...error, line: error.line ?? lineOf.get(error.row) }));
}
