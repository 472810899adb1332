import { isCurrencyCode, type Money } from '@onecount/money';
import {
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  invalidInput,
  isGiven,
  isRefusal,
  type InvalidInput,
} from '@onecount/refusal';
import { checkFreeText } from '../sale/free-text.ts';
import { currencyMismatch, type CurrencyMismatch } from '../sale/sale.errors.ts';
import { amountOf } from '../sale/sale.input.ts';
import { basisPointsOf, type Agreement, type BelowMinimum, type Discounts } from './consignment.ts';

export type ConsignmentOpenInput = {
  ownerId: string;
  currencyCode: string;
  ownerSharePercent?: string | null;
  amountOwed?: Money | null;
  minimumPrice?: Money | null;
  belowMinimum?: BelowMinimum | null;
  discounts?: Discounts | null;
  validFrom?: Date | string | null;
  validUntil?: Date | string | null;
  reference?: string | null;
  note?: string | null;
  idempotencyKey: string;
};
export type ConsignmentPieceAddInput = {
  agreementId: string;
  sku: string;
  serial?: string | null;
  quantity?: number | null;
  amountOwed?: Money | null;
  minimumPrice?: Money | null;
  idempotencyKey: string;
};
export type ConsignmentPieceReturnInput = {
  pieceId: string;
  quantity?: number | null;
  locationId?: string | null;
  locationCode?: string | null;
  note?: string | null;
  idempotencyKey: string;
};
export type ConsignmentEndInput = { agreementId: string; idempotencyKey: string };
export type ConsignmentPayInput = {
  agreementId: string;
  amount: Money;
  reference: string;
  idempotencyKey: string;
};

export const quantityMax = 9999;
const textLength = { min: 1, max: 255 };
const noteLength = { max: 500 };

export type Terms = Pick<
  Agreement,
  | 'shareBasisPoints'
  | 'owedMinor'
  | 'minimumMinor'
  | 'belowMinimum'
  | 'discounts'
  | 'validFrom'
  | 'validUntil'
  | 'reference'
  | 'note'
>;

/** The terms as they are kept, or what is wrong with them by themselves. */
export function readTerms(
  input: ConsignmentOpenInput,
  now: Date,
): Terms | InvalidInput | CurrencyMismatch {
  const { currencyCode, ownerSharePercent: percent } = input;
  const note = input.note?.trim() || null;
  const reference = input.reference?.trim() ?? null;
  const invalid = firstOf(
    checkKey(input.idempotencyKey),
    isCurrencyCode(currencyCode)
      ? undefined
      : invalidInput('currencyCode', 'This is no currency of ISO 4217.', currencyCode),
    checkFreeText('reference', reference, textLength),
    checkFreeText('note', note, noteLength),
    isGiven(percent) === isGiven(input.amountOwed)
      ? invalidInput('ownerSharePercent', 'Give ownerSharePercent or amountOwed.', percent)
      : undefined,
  );
  if (invalid) return invalid;
  const shareBasisPoints = isGiven(percent) ? basisPointsOf(percent) : null;
  if (isGiven(percent) && shareBasisPoints === null)
    return invalidInput('ownerSharePercent', 'A share is 0 to 100 with two decimals.', percent);
  const amounts = readAmounts(input, currencyCode);
  if (isRefusal(amounts)) return amounts;
  const validFrom = input.validFrom ? new Date(input.validFrom) : now;
  const validUntil = input.validUntil ? new Date(input.validUntil) : null;
  if (validUntil && validUntil <= validFrom)
    return invalidInput('validUntil', 'It ends after it begins.', validUntil.toISOString());
  const { belowMinimum, discounts } = input;
  return {
    ...{ shareBasisPoints, ...amounts, validFrom, validUntil, reference, note },
    ...{ belowMinimum: belowMinimum ?? 'REFUSE', discounts: discounts ?? 'SHARED' },
  };
}

type Amounts = { owedMinor: number | null; minimumMinor: number | null };

/** What is owed and what must be brought at least, in the currency of the agreement. */
export function readAmounts(
  { amountOwed, minimumPrice }: { amountOwed?: Money | null; minimumPrice?: Money | null },
  currencyCode: string,
): Amounts | InvalidInput | CurrencyMismatch {
  const owedMinor = readAmount('amountOwed', amountOwed, currencyCode);
  if (isRefusal(owedMinor)) return owedMinor;
  const minimumMinor = readAmount('minimumPrice', minimumPrice, currencyCode);
  return isRefusal(minimumMinor) ? minimumMinor : { owedMinor, minimumMinor };
}

function readAmount(field: string, amount: Money | null | undefined, currencyCode: string) {
  if (!amount) return null;
  if (amount.currencyCode !== currencyCode)
    return currencyMismatch({ expected: currencyCode, actual: amount.currencyCode });
  const parsed = amountOf(field, amount);
  return parsed.ok ? parsed.minor : parsed.refusal;
}

export function checkPieceAdd(input: ConsignmentPieceAddInput): InvalidInput | undefined {
  const { sku, serial, quantity } = input;
  return firstOf(
    checkKey(input.idempotencyKey),
    checkText('sku', sku, textLength),
    checkText('serial', serial, textLength),
    checkWhole('quantity', quantity ?? 1, { min: 1, max: serial ? 1 : quantityMax }),
  );
}

export function checkPieceReturn(input: ConsignmentPieceReturnInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkWhole('quantity', input.quantity ?? 1, { min: 1, max: quantityMax }),
    checkText('locationId', input.locationId, textLength),
    checkText('locationCode', input.locationCode, textLength),
    input.locationId && input.locationCode
      ? invalidInput('locationCode', 'Give locationId or locationCode, not both.')
      : undefined,
    checkFreeText('note', input.note?.trim(), noteLength),
  );
}

/** In minor units of the amount's currency. */
export function readPayment({
  amount,
  reference,
  idempotencyKey,
}: ConsignmentPayInput): number | InvalidInput {
  const invalid =
    checkKey(idempotencyKey) ?? checkFreeText('reference', reference.trim(), textLength);
  if (invalid) return invalid;
  const parsed = amountOf('amount', amount);
  if (!parsed.ok) return parsed.refusal;
  return parsed.minor > 0
    ? parsed.minor
    : invalidInput('amount', 'A payment of zero pays nothing.', amount.amount);
}
