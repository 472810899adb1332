import { parse } from 'csv-parse/sync';

// A description is tens of kilobytes at most; beyond this a quotation mark was never closed.
const recordCharactersMax = 1_000_000;
const recordLinesMax = 2_000;

/** A record as it stands in the file, beginning in `line`; torn: a quotation mark in it is never closed. */
type RecordText = { text: string; line: number; isTorn: boolean };

export type CsvRecord = { cells: string[]; line: number; isTorn: boolean };

/**
 * Puts lines together to records. A quotation mark that is not closed costs its own line and nothing else: what follows
 * is read again from the next line on.
 */
export function recordReader(separator: string) {
  let held: string[] = [];
  let heldCharacters = 0;
  let line = 1;
  let isOpen = false;

  function closed(records: RecordText[], isTorn: boolean): void {
    records.push({ text: withoutCarriageReturn(held.join('\n')), line, isTorn });
    line += held.length;
    release();
  }

  function release(): void {
    held = [];
    heldCharacters = 0;
    isOpen = false;
  }

  /** The first line of what is held is torn; answers the others, to be read again. */
  function torn(records: RecordText[]): string[] {
    const [first = '', ...others] = held;
    release();
    records.push({ text: withoutCarriageReturn(first), line, isTorn: true });
    line += 1;
    return others;
  }

  /** The records that these lines complete. */
  function push(lines: readonly string[]): CsvRecord[] {
    const records: RecordText[] = [];
    // From its end on a stack takes lines back in constant time.
    const stack = lines.toReversed();
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      held.push(next);
      heldCharacters += next.length + 1;
      const state = quoteState(next, separator, isOpen);
      isOpen = state === 'OPEN';
      const isEndless = heldCharacters > recordCharactersMax || held.length > recordLinesMax;
      if (state === 'TORN' || (isOpen && isEndless)) putBack(stack, torn(records));
      else if (!isOpen) closed(records, false);
    }
    return cellsOf(records, separator);
  }

  /** What is left when the file is over. */
  function end(): CsvRecord[] {
    const records: CsvRecord[] = [];
    while (held.length > 0) {
      const torn_: RecordText[] = [];
      const others = torn(torn_);
      records.push(...cellsOf(torn_, separator), ...push(others));
    }
    return records;
  }

  return { push, end };
}

function putBack(stack: string[], lines: readonly string[]): void {
  for (const line of lines.toReversed()) stack.push(line);
}

const withoutCarriageReturn = (text: string) => (text.endsWith('\r') ? text.slice(0, -1) : text);

type QuoteState = 'CLOSED' | 'OPEN' | 'TORN';

/**
 * Whether a quotation is open behind the line. A mark opens one only as the first character of a cell (7" is text); one
 * that began in an earlier line and ends before something other than a separator was never meant to reach here.
 */
function quoteState(line: string, separator: string, isOpen: boolean): QuoteState {
  let at = 0;
  let isFromBefore = isOpen;
  let isQuoted = isOpen;
  if (!isOpen && line.startsWith('"')) [isQuoted, at] = [true, 1];
  for (;;) {
    if (isQuoted) {
      at = line.indexOf('"', at);
      if (at < 0) return 'OPEN';
      at += 1;
      if (line[at] === '"') {
        at += 1;
        continue;
      }
      const isEnd = at === line.length || line[at] === separator || line.slice(at) === '\r';
      if (!isEnd && isFromBefore) return 'TORN';
      [isQuoted, isFromBefore] = [false, false];
    }
    at = line.indexOf(separator, at);
    if (at < 0) return 'CLOSED';
    at += 1;
    if (line[at] === '"') [isQuoted, at] = [true, at + 1];
  }
}

/** Cells of the records; those without a quotation mark, most of them, need no parser. */
function cellsOf(records: readonly RecordText[], separator: string): CsvRecord[] {
  const isQuoted = ({ text, isTorn }: RecordText) => !isTorn && text.includes('"');
  const parsed = parsedCells(records.filter(isQuoted), separator);
  let quoted = 0;
  return records.map((record) => {
    const cells = isQuoted(record) ? parsed[quoted++]! : record.text.split(separator);
    return { cells, line: record.line, isTorn: record.isTorn };
  });
}

function parsedCells(records: readonly RecordText[], separator: string): string[][] {
  if (records.length === 0) return [];
  const options = {
    delimiter: separator,
    record_delimiter: '\n',
    // Spreadsheets drop empty cells at the end; a surplus of cells is reported with its row.
    relax_column_count: true,
    // A bare inch mark (7" chain) is text.
    relax_quotes: true,
  };
  return parse(records.map(({ text }) => text).join('\n'), options);
}
