import { decimalOf } from '@onecount/money';

// One entry of a unit's history and what it says to a person; pure.

export type HistoryKind =
  | 'MOVEMENT'
  | 'HOLD_PLACED'
  | 'HOLD_ENDED'
  | 'RECEIVED'
  | 'STATUS'
  | 'MOVED'
  | 'FACTS'
  | 'SUCCEEDED'
  | 'REGISTERED'
  | 'COLLAPSED';

type Detail = {
  reason?: string;
  quantity?: number;
  purpose?: string;
  until?: string | null;
  as?: 'SOLD' | 'RELEASED' | 'EXPIRED';
  from?: string | null;
  to?: string | null;
  facts?: Record<string, unknown> | null;
};

export type HistoryRow = {
  kind: HistoryKind;
  /** With microseconds: part of the cursor. */
  at: string;
  rank: number;
  /** Of the movement, the hold or the change. */
  id: string;
  actor: string | null;
  note: string | null;
  referenceKind: string | null;
  referenceId: string | null;
  locationCode: string | null;
  detail: Detail;
};

/** The entry in a sentence. */
export function textOf({ kind, detail, locationCode }: HistoryRow): string {
  const at = locationCode ? ` at ${locationCode}` : '';
  switch (kind) {
    case 'MOVEMENT':
      return `${detail.quantity! > 0 ? 'Came in' : 'Went out'}${at}: ${words(detail.reason!)}.`;
    case 'HOLD_PLACED':
      return `Held for ${words(detail.purpose!)}${at}${untilOf(detail)}.`;
    case 'HOLD_ENDED':
      return `The hold for ${words(detail.purpose!)} ended: ${words(detail.as!)}.`;
    case 'STATUS':
      return `From ${words(detail.from!)} to ${words(detail.to!)}${at}.`;
    case 'MOVED':
      return `Moved${locationCode ? ` to ${locationCode}` : ''}.`;
    case 'FACTS':
      return `Written down: ${factsOf(detail.facts).map(inWords).join('; ')}.`;
    case 'RECEIVED':
      return `Came into stock${at}${detail.facts?.['predecessorId'] ? ', made of another unit' : ''}.`;
    case 'SUCCEEDED':
      return 'Made into another unit.';
    case 'REGISTERED':
      return `Registered as a unit of what was counted by quantity${at}.`;
    case 'COLLAPSED':
      return `Counted by quantity from now on${at}.`;
  }
}

const words = (name: string): string => name.toLowerCase().replaceAll('_', ' ');

function untilOf({ until }: Detail): string {
  return until ? ` until ${new Date(until).toISOString()}` : '';
}

const inWords = ({ key, value }: { key: string; value: string }): string =>
  `${key} ${value === '' ? 'removed' : value}`;

/** The facts that changed as a person reads them; the amount and the currency of a cost are one fact. */
export function factsOf(
  facts: Record<string, unknown> | null | undefined,
): { key: string; value: string }[] {
  const { costMinor, costCurrency, ...others } = facts ?? {};
  const stated = Object.entries(others).map(([key, value]) => ({ key, value: factOf(value) }));
  if (costMinor === undefined && costCurrency === undefined) return stated;
  return [...stated, { key: 'cost', value: costOf(costMinor, costCurrency) }];
}

function costOf(amountMinor: unknown, currencyCode: unknown): string {
  if (typeof amountMinor !== 'number' || typeof currencyCode !== 'string') return '';
  return `${decimalOf({ amountMinor, currencyCode })} ${currencyCode}`;
}

function factOf(value: unknown): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map(itemOf).join(', ');
  return typeof value === 'object' ? Object.values(value as object).join(' ') : String(value);
}

const itemOf = (item: unknown): string =>
  typeof item === 'object' && item !== null ? Object.values(item).join(' ') : String(item);
