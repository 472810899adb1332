import { amountMinorMax, sumMinor } from '@onecount/money';

export type LayByExpiry = 'CANCEL' | 'TELL';
export type LayByOutcome = 'COMPLETED' | 'CANCELLED' | 'EXPIRED' | 'REFUSED';

/** What a shop asks of its lay-bys. The fee is a percentage of the total, or an amount in its currency. */
export type LayByTerms = {
  depositPercent: number;
  feePercent: number | null;
  feeMinor: number | null;
  feeCurrency: string | null;
  graceDays: number;
  expiry: LayByExpiry;
  reminderDays: number;
};

/** Of a shop that has said nothing: nobody loses money, or a piece, by itself. */
export const usualTerms: LayByTerms = {
  ...{ depositPercent: 10, feePercent: 0, feeMinor: null, feeCurrency: null },
  ...{ graceDays: 14, expiry: 'TELL', reminderDays: 3 },
};

export type Instalment = { dueAt: Date; amountMinor: number };

/** A share of an amount in percent, rounded half up; exact also where the product leaves the exact integers. */
export function percentOf(amountMinor: number, percent: number): number {
  return Number((BigInt(amountMinor) * BigInt(percent) + 50n) / 100n);
}

/** The least that is paid at once: rounded up, and never nothing. */
export function leastDeposit(totalMinor: number, { depositPercent }: LayByTerms): number {
  const least = Number((BigInt(totalMinor) * BigInt(depositPercent) + 99n) / 100n);
  return Math.max(least, 1);
}

/** What a cancellation costs; an amount in another currency is no fee of this sale. */
export function feeOf(
  { totalMinor, currencyCode }: { totalMinor: number; currencyCode: string },
  { feePercent, feeMinor, feeCurrency }: LayByTerms,
): number {
  if (feePercent !== null) return percentOf(totalMinor, feePercent);
  return feeCurrency === currencyCode ? feeMinor! : 0;
}

/** The first `restMinor % count` parts are one minor unit more, so that they come to the rest exactly. */
export function evenParts(restMinor: number, count: number): number[] {
  const part = Math.floor(restMinor / count);
  const more = restMinor % count;
  return Array.from({ length: count }, (_, index) => part + (index < more ? 1 : 0));
}

export const dayMs = 86_400_000;

/** Every so many weeks from `from` on, at the same time of the day in UTC. */
export function everyWeeks(
  { weeks, count }: { weeks: number; count: number },
  { restMinor, from }: { restMinor: number; from: Date },
): Instalment[] {
  return evenParts(restMinor, count).map((amountMinor, index) => ({
    dueAt: new Date(from.getTime() + (index + 1) * weeks * 7 * dayMs),
    amountMinor,
  }));
}

export function scheduledOf(instalments: readonly Instalment[]): number {
  return instalments.reduce((sum, one) => Math.min(sum + one.amountMinor, amountMinorMax), 0);
}

/** Whether each is due after the one before, the first after `from`. */
export function isInOrder(instalments: readonly Instalment[], from: Date): boolean {
  return instalments.every(({ dueAt }, index) => {
    const before = index === 0 ? from : instalments[index - 1]!.dueAt;
    return dueAt.getTime() > before.getTime();
  });
}

type Paid = { depositMinor: number; paidMinor: number };

/** What is paid goes to what is due first; undefined when all is paid. */
export function nextDue<I extends Instalment>(
  instalments: readonly I[],
  { depositMinor, paidMinor }: Paid,
): I | undefined {
  let through = depositMinor;
  return instalments.find(({ amountMinor }) => {
    through = sumMinor([through, amountMinor]);
    return through > paidMinor;
  });
}

/** When it ends by itself; null when it never does. */
export function expiresAt(
  next: Instalment | undefined,
  { expiry, graceDays }: Pick<LayByTerms, 'expiry' | 'graceDays'>,
): Date | null {
  return next && expiry === 'CANCEL' ? new Date(next.dueAt.getTime() + graceDays * dayMs) : null;
}
