const minuteMs = 60_000;
type Span = { openedAt: Date; closedAt: Date | null };

/** Whole minutes from opening to closing, or until now. */
export function minutesOpen({ openedAt, closedAt }: Span, now: Date): number {
  const ms = (closedAt ?? now).getTime() - openedAt.getTime();
  return Math.max(0, Math.floor(ms / minuteMs));
}

/** The same rule as the filter's in shift.sql.ts. */
export function isLeftOpen(shift: Span, now: Date, hoursMax: number): boolean {
  return shift.closedAt === null && minutesOpen(shift, now) >= hoursMax * 60;
}
