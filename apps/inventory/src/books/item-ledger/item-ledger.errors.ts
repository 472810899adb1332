import { refuse } from '@onecount/refusal';
import { nameOf, type Piece } from '../../kernel/stock.errors.ts';
import type { UsageMark, ReadingRow } from './item-ledger.ts';

/** At least one of the neighbours is in the way. */
export function readingNotMonotonic(
  piece: Piece,
  reading: string,
  { previous, next }: { previous: ReadingRow | null; next: ReadingRow | null },
) {
  const before = previous && `${words(previous)} was read before it, at ${instantOf(previous)}`;
  const after = next && `${words(next)} was read after it, at ${instantOf(next)}`;
  const why = [before, after].filter(Boolean).join(', and ');
  return refuse(
    'ReadingNotMonotonic',
    'READING_NOT_MONOTONIC',
    `${reading} does not fit the readings of ${nameOf(piece)}: ${why}.`,
    { reading, previous, next },
  );
}

export type NotCorrectable = 'CORRECTED_ALREADY' | 'IS_CORRECTION' | 'SETS_COUNTER';

const reasons: Record<NotCorrectable, string> = {
  CORRECTED_ALREADY: 'was taken back already',
  IS_CORRECTION: 'takes another entry back itself',
  SETS_COUNTER: 'set the counter right: a further reading does that again',
};

export function notCorrectable(code: NotCorrectable, entryId: string) {
  const message = `Entry ${entryId} ${reasons[code]}.`;
  return refuse('ItemLedgerEntryNotCorrectable', code, message, { entryId });
}

const measures = { KILOMETRES: 'km', MILES: 'mi', HOURS: 'h' };

function words({ reading, measure }: UsageMark): string {
  return `${reading} ${measures[measure]}`;
}

function instantOf({ occurredAt }: ReadingRow): string {
  return new Date(occurredAt).toISOString();
}
