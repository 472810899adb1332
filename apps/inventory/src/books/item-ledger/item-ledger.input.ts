import type { Money } from '@onecount/money';
import {
  checkId,
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  invalidInput,
  type InvalidInput,
} from '@onecount/refusal';
import { checkReference, quantityMax } from '../../kernel/input.ts';
import { fitsKind, isAmount, isReading, type UsageMark } from './item-ledger.ts';

/** An item, and its unit where it is counted unit by unit. */
export type TargetInput = { sku: string; serial?: string | null; serialUnitId?: string | null };

type Common = TargetInput & {
  note?: string | null;
  // The scalar parses to one of the two, by who calls: GraphQL or a test.
  occurredAt?: string | Date | null;
  idempotencyKey: string;
};
type Reference = { referenceKind?: string | null; referenceId?: string | null };

export type ItemMoneyAddInput = Common &
  Reference & { amount: Money; category: string; quantity?: number | null };
export type MaintenanceAddInput = Common &
  Reference & {
    what: string;
    provider?: string | null;
    cost?: Money | null;
    nextDueAt?: string | Date | null;
    nextDueReading?: UsageMark | null;
  };
export type UsageReadingAddInput = Common &
  UsageMark & { isCorrection?: boolean | null; reason?: string | null };
export type ItemLedgerEntryCorrectInput = {
  itemLedgerEntryId: string;
  reason: string;
  note?: string | null;
  idempotencyKey: string;
};

type Check = InvalidInput | undefined;

export function checkMoneyAdd(input: ItemMoneyAddInput): Check {
  return firstOf(
    checkCommon(input),
    checkReference(input),
    checkAmount('amount', input.amount),
    checkFilled('category', input.category, 100),
    input.quantity === null || input.quantity === undefined
      ? undefined
      : checkWhole('quantity', input.quantity, { min: 1, max: quantityMax }),
  );
}

export function checkMaintenanceAdd(input: MaintenanceAddInput): Check {
  const { cost, nextDueReading } = input;
  return firstOf(
    checkCommon(input),
    checkReference(input),
    checkFilled('what', input.what, 255),
    checkText('provider', input.provider, { min: 1, max: 255 }),
    cost ? checkAmount('cost', cost) : undefined,
    checkInstant('nextDueAt', input.nextDueAt),
    nextDueReading ? checkMark('nextDueReading.', nextDueReading) : undefined,
  );
}

export function checkUsageAdd(input: UsageReadingAddInput): Check {
  return firstOf(
    checkCommon(input),
    checkMark('', input),
    checkText('reason', input.reason, { max: 1_000 }),
    input.isCorrection && !input.reason?.trim()
      ? invalidInput('reason', 'Setting a counter right needs a reason.')
      : undefined,
  );
}

export function checkCorrect(input: ItemLedgerEntryCorrectInput): Check {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkId('itemLedgerEntryId', input.itemLedgerEntryId),
    checkFilled('reason', input.reason, 1_000),
    checkText('note', input.note, { max: 1_000 }),
  );
}

function checkCommon(input: Common): Check {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkText('sku', input.sku, { min: 1, max: 255 }),
    checkText('serial', input.serial, { min: 1, max: 255 }),
    checkId('serialUnitId', input.serialUnitId),
    input.serial && input.serialUnitId
      ? invalidInput('serialUnitId', 'Give serial or serialUnitId, not both.', input.serialUnitId)
      : undefined,
    checkText('note', input.note, { max: 1_000 }),
    checkInstant('occurredAt', input.occurredAt),
  );
}

function checkFilled(field: string, text: string, max: number): Check {
  return firstOf(
    checkText(field, text, { min: 1, max }),
    text.trim() ? undefined : invalidInput(field, `${field} must say something.`, text),
  );
}

function checkAmount(field: string, money: Money): Check {
  if (isAmount(money)) return undefined;
  const value = `${money.amount} ${money.currencyCode}`;
  const message = `${value} is no amount from 0 on with at most the decimals of its currency.`;
  return invalidInput(`${field}.amount`, message, value);
}

function checkMark(path: string, mark: UsageMark): Check {
  if (!isReading(mark.reading))
    return invalidInput(
      `${path}reading`,
      'A reading is a number from 0 to 999,999,999 with at most 3 decimals.',
      mark.reading,
    );
  return fitsKind(mark)
    ? undefined
    : invalidInput(`${path}measure`, `${mark.kind} is not read in ${mark.measure}.`, mark.measure);
}

// Beyond what people write down; PostgreSQL knows no year 0, and a typing mistake is more likely.
const yearMin = 1900;
const yearMax = 2200;

function checkInstant(field: string, instant: string | Date | null | undefined): Check {
  if (instant === null || instant === undefined) return undefined;
  const year = new Date(instant).getUTCFullYear();
  if (year >= yearMin && year <= yearMax) return undefined;
  const message = `${field} must lie between the years ${yearMin} and ${yearMax}.`;
  return invalidInput(field, message, String(instant));
}
