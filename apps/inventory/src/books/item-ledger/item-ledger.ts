import { exponentOf, minorOf, MoneyError, type Money } from '@onecount/money';

// What an item earns, costs and runs, as the services see it; no I/O.

export type EntryKind = 'INCOME' | 'EXPENSE' | 'USAGE' | 'MAINTENANCE';
export type UsageKind = 'MILEAGE' | 'HOURS';
export type UsageMeasure = 'KILOMETRES' | 'MILES' | 'HOURS';
export type UsageMark = { kind: UsageKind; reading: string; measure: UsageMeasure };

export type ReadingRow = UsageMark & { isCorrection: boolean; occurredAt: Date };

export type EntryRow = {
  id: string;
  kind: EntryKind;
  stockItemId: string;
  serialUnitId: string | null;
  amountMinor: number | null;
  currencyCode: string | null;
  category: string | null;
  quantity: number | null;
  usageKind: UsageKind | null;
  usageMeasure: UsageMeasure | null;
  reading: string | null;
  isCorrection: boolean;
  what: string | null;
  provider: string | null;
  nextDueAt: Date | null;
  nextDueKind: UsageKind | null;
  nextDueMeasure: UsageMeasure | null;
  nextDueReading: string | null;
  note: string | null;
  reason: string | null;
  referenceKind: string | null;
  referenceId: string | null;
  correctsId: string | null;
  correctedById: string | null;
  actor: string;
  occurredAt: Date;
  recordedAt: Date;
};

/** Whose ledger: of the whole item, or of one unit. */
export type LedgerOf = { stockItemId: string; serialUnitId: string | null };

/**
 * An amount over so many units, in minor units: whole ones whose sum is the amount. The remainder goes
 * to the first units, one each, so that no two differ by more than one.
 */
export function splitEvenly(amountMinor: number, parts: number): number[] {
  const share = Math.trunc(amountMinor / parts);
  const left = amountMinor - share * parts;
  return Array.from({ length: parts }, (_, part) =>
    part < Math.abs(left) ? share + Math.sign(left) : share,
  );
}

export type Period = { from?: string | Date | null; to?: string | Date | null };
export type ReportLine = { stockItemId: string; sku: string; period: Period };
export type NotCorrectableEntry = { code: string; message: string; entryId: string };

/** What the sums of one currency are; texts of minor units, because a sum may be more than 2^53. */
export type CurrencySums = {
  currencyCode: string;
  income: string;
  expense: string;
  costOfGoods: string;
};
export type Totals = { currencies: CurrencySums[]; quantityWithoutCost: number };

export const noTotals: Totals = { currencies: [], quantityWithoutCost: 0 };

/** The exact sum as money, however many digits it has. */
export function moneyOfSum(minor: bigint, currencyCode: string): Money {
  const exponent = exponentOf(currencyCode);
  if (exponent === undefined) throw new MoneyError('CURRENCY_UNKNOWN', currencyCode);
  const sign = minor < 0n ? '-' : '';
  const digits = String(minor < 0n ? -minor : minor).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const amount = exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`;
  return { amount: sign + amount, currencyCode };
}

export function marginOf({ income, expense, costOfGoods }: CurrencySums): bigint {
  return BigInt(income) - BigInt(expense) - BigInt(costOfGoods);
}

/** Whether it is money from 0 on with no more decimals than its currency. */
export function isAmount(money: Money): boolean {
  try {
    return minorOf(money) >= 0;
  } catch (err) {
    if (!(err instanceof MoneyError)) throw err;
    return false;
  }
}

const readingShape = /^(0|[1-9]\d{0,8})(\.\d{1,3}0*)?$/;

export function isReading(reading: string): boolean {
  return readingShape.test(reading);
}

export function fitsKind({ kind, measure }: UsageMark): boolean {
  return (kind === 'HOURS') === (measure === 'HOURS');
}
