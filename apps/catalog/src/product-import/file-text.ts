import { isAscii } from 'node:buffer';
import type { Readable } from 'node:stream';
import { foreignKindOf } from './file-kind.ts';
import { FileUnreadableError } from './file-unreadable.ts';

/** Opens the file from its start; it is read more than once. */
export type OpenFile = () => Readable & { bytesRead?: number };

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
export type TextForm = { encoding: Encoding; lineEnd: '\n' | '\r' };

/**
 * The encoding, by the byte-order mark, by the zeros between UTF-16's letters, or by looking through the whole file for
 * what is not UTF-8. A file of mostly good UTF-8 is UTF-8 with damaged cells, not another encoding. Throws
 * FileUnreadableError for what is no text.
 */
export async function textFormOf(open: OpenFile): Promise<TextForm> {
  const decoder = new TextDecoder('utf-8');
  let form: TextForm | undefined;
  let good = 0;
  let damaged = 0;
  for await (const chunk of open() as AsyncIterable<Buffer>) {
    form ??= formByHead(chunk);
    if (form.encoding !== 'utf-8') return form;
    const text = decoder.decode(chunk, { stream: true });
    if (isAscii(chunk)) continue;
    damaged += text.match(/\uFFFD/gu)?.length ?? 0;
    good += text.match(/[^\u0000-\u007F\uFFFD]/gu)?.length ?? 0;
  }
  if (form === undefined) throw emptyFile();
  return damaged > good ? { ...form, encoding: 'windows-1252' } : form;
}

export function emptyFile(): FileUnreadableError {
  return new FileUnreadableError('The file is empty.', { row: 1, code: 'INVALID' });
}

function formByHead(head: Buffer): TextForm {
  const kind = foreignKindOf(head);
  if (kind !== undefined) {
    const message = `The file is ${kind}, no table of products; save it as CSV.`;
    throw new FileUnreadableError(message, { row: 1, code: 'INVALID' });
  }
  const encoding = encodingByMark(head) ?? encodingByZeros(head) ?? 'utf-8';
  const sample = new TextDecoder(encoding).decode(head.subarray(0, 65_536));
  // Very old spreadsheets end a line with a carriage return alone.
  return { encoding, lineEnd: sample.includes('\r') && !sample.includes('\n') ? '\r' : '\n' };
}

function encodingByMark(head: Buffer): Encoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** A header is plain letters: in UTF-16 every second byte of it is zero. */
function encodingByZeros(head: Buffer): Encoding | undefined {
  const sample = head.subarray(0, 200);
  if (sample.length < 4) return undefined;
  const zeros = (rest: number) => sample.filter((byte, at) => byte === 0 && at % 2 === rest).length;
  const many = sample.length / 4;
  if (zeros(1) > many && zeros(0) === 0) return 'utf-16le';
  return zeros(0) > many && zeros(1) === 0 ? 'utf-16be' : undefined;
}

export type Lines = { lines: string[]; bytesRead: number };

/** The file's lines without their ends, some at a time; never more than a piece of the file in memory. */
export async function* linesOf(
  open: OpenFile,
  { encoding, lineEnd }: TextForm,
): AsyncGenerator<Lines> {
  const decoder = new TextDecoder(encoding);
  let rest = '';
  let bytesRead = 0;
  for await (const chunk of open() as AsyncIterable<Buffer>) {
    bytesRead += chunk.length;
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(lineEnd);
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield { lines, bytesRead };
  }
  rest += decoder.decode();
  if (rest !== '') yield { lines: [rest], bytesRead };
}
