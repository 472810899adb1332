import { moneyOf } from '@onecount/money';
import { refuse } from '@onecount/refusal';
import type { StoredValueKind, StoredValueStatus } from './stored-value.ts';

/** UNKNOWN: no card has that code, no credit that number, or the customer has none in this currency. */
export type StoredValueProblem =
  'UNKNOWN' | 'NOT_SOLD' | 'BLOCKED' | 'EXPIRED' | 'OTHER_CURRENCY' | 'INSUFFICIENT';

export type StoredValueRefused = ReturnType<typeof storedValueRefused>;

const nouns = { GIFT_CARD: 'gift card', STORE_CREDIT: 'store credit' } as const;
const words: Record<Exclude<StoredValueProblem, 'INSUFFICIENT'>, string> = {
  UNKNOWN: 'is not known',
  NOT_SOLD: 'is worth nothing before its sale is committed',
  BLOCKED: 'is blocked',
  EXPIRED: 'has expired',
  OTHER_CURRENCY: 'is in another currency',
};

/** Never with the code: a refusal is kept under its key, and clients log it. */
export function storedValueRefused(of: {
  kind: StoredValueKind;
  problem: StoredValueProblem;
  tenderIndex?: number;
  requestedMinor?: number;
  availableMinor?: number;
  currencyCode: string;
}) {
  const { kind: storedValueKind, problem, tenderIndex = null, currencyCode } = of;
  const money = (minor: number | undefined) =>
    minor === undefined ? null : moneyOf({ amountMinor: minor, currencyCode });
  const requestedValue = money(of.requestedMinor);
  const availableValue = money(of.availableMinor);
  const what =
    problem === 'INSUFFICIENT'
      ? `has ${availableValue?.amount} ${currencyCode} left, not ${requestedValue?.amount}`
      : words[problem];
  const data = { storedValueKind, problem, tenderIndex, requestedValue, availableValue };
  const message = `The ${nouns[storedValueKind]} ${what}.`;
  return refuse('StoredValueRefused', 'STORED_VALUE_REFUSED', message, data);
}

export function storedValueNotActive(of: { storedValueId: string; status: StoredValueStatus }) {
  const message = `This is ${of.status.toLowerCase().replace('_', ' ')}.`;
  return refuse('StoredValueNotActive', 'STORED_VALUE_NOT_ACTIVE', message, of);
}
