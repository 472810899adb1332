import { isCurrencyCode, type Money } from '@onecount/money';
import {
  checkKey,
  checkWhole,
  firstOf,
  invalidInput,
  isGiven,
  isRefusal,
  type InvalidInput,
} from '@onecount/refusal';
import {
  amountOf,
  checkTenders as checkSaleTenders,
  type TenderInput,
} from '../sale/sale.input.ts';
import { currencyMismatch, type CurrencyMismatch } from '../sale/sale.errors.ts';
import type { Tender } from '../sale/sale.ts';
import {
  everyWeeks,
  isInOrder,
  type Instalment,
  type LayByExpiry,
  type LayByTerms,
} from './lay-by.ts';

export type LayByOpenInput = {
  saleId: string;
  tenders: TenderInput[];
  instalments?: { dueAt: string | Date; amount: Money }[] | null;
  everyWeeks?: number | null;
  count?: number | null;
  idempotencyKey: string;
};
export type LayByPayInput = {
  saleId: string;
  registerId?: string | null;
  tenders: TenderInput[];
  idempotencyKey: string;
};
export type LayByCancelInput = { saleId: string; reason: string; idempotencyKey: string };
export type LayByRefundInput = {
  saleId: string;
  registerId?: string | null;
  kind: Tender['kind'];
  reference?: string | null;
  idempotencyKey: string;
};
export type LayBySettingsSetInput = {
  depositPercent: number;
  feePercent?: number | null;
  feeAmount?: Money | null;
  graceDays: number;
  expiry: LayByExpiry;
  reminderDays: number;
  idempotencyKey: string;
};

const instalmentsRange = { min: 1, max: 60 };
const weeksRange = { min: 1, max: 52 };
const tendersRange = { min: 1, max: 20 };

/** What is wrong with the request by itself. */
export function checkLayByOpen(input: LayByOpenInput): InvalidInput | undefined {
  const { instalments, everyWeeks: weeks, count } = input;
  const isByWeeks = isGiven(weeks) && isGiven(count);
  if (isGiven(instalments) ? isGiven(weeks) || isGiven(count) : !isByWeeks)
    return invalidInput('instalments', 'Give either instalments, or everyWeeks and count.');
  return firstOf(
    checkKey(input.idempotencyKey),
    checkTenders(input.tenders),
    isByWeeks ? checkWhole('everyWeeks', weeks, weeksRange) : undefined,
    isByWeeks
      ? checkWhole('count', count, instalmentsRange)
      : checkWhole('instalments', instalments!.length, instalmentsRange),
  );
}

export function checkTenders(tenders: readonly TenderInput[]): InvalidInput | undefined {
  return firstOf(checkWhole('tenders', tenders.length, tendersRange), checkSaleTenders(tenders));
}

/** The schedule that is asked for, or what is wrong with it; its sum is not looked at. */
export function instalmentsOf(
  { instalments, everyWeeks: weeks, count }: LayByOpenInput,
  { restMinor, from, currencyCode }: { restMinor: number; from: Date; currencyCode: string },
): Instalment[] | InvalidInput | CurrencyMismatch {
  if (!isGiven(instalments)) {
    if (count! > restMinor)
      return invalidInput('count', 'There are more instalments than minor units to pay.', count);
    return everyWeeks({ weeks: weeks!, count: count! }, { restMinor, from });
  }
  const read: Instalment[] = [];
  for (const [index, { dueAt, amount }] of instalments.entries()) {
    const field = `instalments.${index}.amount`;
    const amountMinor = positive(field, amount, currencyCode);
    if (isRefusal(amountMinor)) return amountMinor;
    read.push({ dueAt: new Date(dueAt), amountMinor });
  }
  return isInOrder(read, from)
    ? read
    : invalidInput('instalments', 'Each is due after the one before, the first after now.');
}

function positive(
  field: string,
  amount: Money,
  currencyCode: string,
): number | InvalidInput | CurrencyMismatch {
  if (amount.currencyCode !== currencyCode)
    return currencyMismatch({ expected: currencyCode, actual: amount.currencyCode });
  const parsed = amountOf(field, amount);
  if (!parsed.ok) return parsed.refusal;
  return parsed.minor > 0 ? parsed.minor : invalidInput(field, 'It is more than zero.', '0');
}

/** What was asked for, or what is wrong with it by itself. */
export function termsOf(input: LayBySettingsSetInput): LayByTerms | InvalidInput {
  const { depositPercent, feePercent = null, feeAmount, graceDays, expiry, reminderDays } = input;
  if ((feePercent === null) === !isGiven(feeAmount))
    return invalidInput('feePercent', 'Give either feePercent or feeAmount.');
  const invalid = firstOf(
    checkKey(input.idempotencyKey),
    checkWhole('depositPercent', depositPercent, { min: 0, max: 99 }),
    checkWhole('feePercent', feePercent ?? 0, { min: 0, max: 100 }),
    checkWhole('graceDays', graceDays, { min: 0, max: 365 }),
    checkWhole('reminderDays', reminderDays, { min: 0, max: 60 }),
  );
  if (invalid) return invalid;
  const terms = { depositPercent, graceDays, expiry, reminderDays };
  if (!isGiven(feeAmount)) return { ...terms, feePercent, feeMinor: null, feeCurrency: null };
  if (!isCurrencyCode(feeAmount.currencyCode))
    return invalidInput('feeAmount', 'This is no currency of ISO 4217.', feeAmount.currencyCode);
  const parsed = amountOf('feeAmount', feeAmount);
  if (!parsed.ok) return parsed.refusal;
  return {
    ...terms,
    feePercent: null,
    feeMinor: parsed.minor,
    feeCurrency: feeAmount.currencyCode,
  };
}
