import type { Connection } from '@onecount/graphql';
import { checkKey, checkText, firstOf, invalidInput, type InvalidInput } from '@onecount/refusal';
import { basisPointsOf } from '../discount/percent.ts';
import { isDay } from '../sales-report/report-period.ts';

export type CommissionBasis = 'NET' | 'MARGIN';
export type NewRate = {
  /** Null: of whoever has none of their own. */
  salesperson: string | null;
  basis: CommissionBasis;
  basisPoints: number;
  fromDate: string;
};
export type CommissionRate = NewRate & { id: string; setBy: string; setAt: Date; position: string };
export type CommissionRateConnection = Connection<CommissionRate>;

export type CommissionRow = {
  salesperson: string;
  currencyCode: string;
  basis: CommissionBasis | null;
  basisPoints: number | null;
  netMinor: number;
  netWithoutCostMinor: number;
  baseMinor: number;
  commissionMinor: number;
  position: string;
};
export type CommissionRowConnection = Connection<CommissionRow>;

export type CommissionRateSetInput = {
  salesperson?: string | null;
  basis: CommissionBasis;
  percent: string;
  fromDate: string;
  idempotencyKey: string;
};

/** What was asked for, or what is wrong with it by itself. */
export function rateOf(input: CommissionRateSetInput): NewRate | InvalidInput {
  const { basis, percent, fromDate } = input;
  const salesperson = input.salesperson ?? null;
  const basisPoints = basisPointsOf(percent);
  const problem = firstOf(
    checkKey(input.idempotencyKey),
    checkText('salesperson', salesperson, { min: 1, max: 255 }),
    basisPoints === undefined
      ? invalidInput('percent', 'From 0 to 100, with at most 2 decimals.', percent)
      : undefined,
    isDay(fromDate)
      ? undefined
      : invalidInput('fromDate', 'It is a day such as 2026-12-01.', fromDate),
  );
  return problem ?? { salesperson, basis, basisPoints: basisPoints!, fromDate };
}
