import type { NewStockCommand } from './stock-command.sql.ts';
import type { SerialDraft, Tracking } from '../variant/variant.ts';

/** A variant that inventory has to know. */
export type StockItemLine = { variantId: string; sku: string; title: string; tracking: Tracking };

/** Opening stock of one SKU at one location; `row` is the line of an import it came from. */
export type StockLine = {
  sku: string;
  locationCode: string;
  quantity: number;
  serials: SerialDraft[];
  unitCost?: { amount: string; currencyCode: string };
  row?: number;
};

// A request to a subgraph may have 256 KB; the rest is room for the operation and for escaping.
const chunkBytesMax = 150_000;
const serialsPerLineMax = 100;

/**
 * The lines in pieces that fit into one request each, always the same pieces for the same lines:
 * their numbers are part of the idempotency keys under which inventory knows them.
 */
export function chunksOf<T>(lines: readonly T[]): T[][] {
  const chunks: T[][] = [];
  let bytes = chunkBytesMax;
  for (const line of lines) {
    const size = Buffer.byteLength(JSON.stringify(line));
    if (bytes + size > chunkBytesMax) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)?.push(line);
    bytes += size;
  }
  return chunks;
}

/**
 * Commands that go to inventory together: as many as fit into one request. Which ones they are is written down with
 * them, because the request has one key.
 */
export function bundlesOf<T extends Pick<NewStockCommand, 'items' | 'lines'>>(
  commands: readonly T[],
): T[][] {
  const bytesOf = (value: object) => Buffer.byteLength(JSON.stringify(value));
  const bundles: T[][] = [];
  let room = { items: 0, lines: 0 };
  for (const command of commands) {
    const size = { items: bytesOf(command.items), lines: bytesOf(withShortLines(command.lines)) };
    room = { items: room.items - size.items, lines: room.lines - size.lines };
    if (bundles.length === 0 || room.items < 0 || room.lines < 0) {
      bundles.push([]);
      room = { items: chunkBytesMax - size.items, lines: chunkBytesMax - size.lines };
    }
    bundles.at(-1)!.push(command);
  }
  return bundles;
}

/** Splits a line of many units, so that no single line outgrows a request. */
export function withShortLines(lines: readonly StockLine[]): StockLine[] {
  return lines.flatMap((line) => {
    if (line.serials.length <= serialsPerLineMax) return [line];
    const parts = Math.ceil(line.serials.length / serialsPerLineMax);
    return Array.from({ length: parts }, (_, part) => {
      const from = part * serialsPerLineMax;
      const serials = line.serials.slice(from, from + serialsPerLineMax);
      return { ...line, serials, quantity: serials.length };
    });
  });
}

export function unitsTotal(lines: readonly StockLine[]): number {
  return lines.reduce((total, line) => total + line.quantity, 0);
}

/** What a file says is on hand of a SKU; `location` by its code or name, `row` the line of the file. */
export type CountLine = { sku: string; location: string; onHand: number; row: number };

/** What inventory made of such a line. */
export type CountResult = { outcome: string; before: number };
