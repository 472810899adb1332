import type { Money } from '@onecount/money';
import { checkKey, firstOf, invalidInput, type InvalidInput } from '@onecount/refusal';
import { checkFreeText } from '../sale/free-text.ts';
import { amountOf } from '../sale/sale.input.ts';

export type CashMovementKind = 'PAY_IN' | 'PAY_OUT' | 'DROP';
export type CashMovementReason =
  'CHANGE_FUND' | 'PETTY_CASH' | 'SUPPLIER' | 'SAFE' | 'BANK' | 'CORRECTION' | 'DEPOSIT' | 'OTHER';

export type CashMovementAddInput = {
  registerId: string;
  kind: CashMovementKind;
  amount: Money;
  reason: CashMovementReason;
  note?: string | null;
  idempotencyKey: string;
};

export type Amount = { minor: number; currencyCode: string };

/** What was asked for in minor units, or what is wrong with it by itself. */
export function readMovement(input: CashMovementAddInput): Amount | InvalidInput {
  const note = input.note?.trim();
  const invalid = firstOf(
    checkKey(input.idempotencyKey),
    checkFreeText('note', note, { max: 500 }),
    input.reason === 'OTHER' && !note
      ? invalidInput('note', 'Reason OTHER needs a note.', input.note)
      : undefined,
  );
  if (invalid) return invalid;
  const { amount } = input;
  const parsed = amountOf('amount', amount);
  if (!parsed.ok) return parsed.refusal;
  if (parsed.minor === 0)
    return invalidInput('amount', 'A movement of zero moves nothing.', amount.amount);
  return { minor: parsed.minor, currencyCode: amount.currencyCode };
}

/** Cash that is not in the drawer cannot leave it. */
export function isCovered(kind: CashMovementKind, amountMinor: number, inDrawerMinor: number) {
  return kind === 'PAY_IN' || amountMinor <= inDrawerMinor;
}
