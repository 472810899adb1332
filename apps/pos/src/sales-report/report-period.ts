import { badInput, isCalendarDay } from '@onecount/graphql';
import { isStorable, isUuid } from '@onecount/refusal';

/** Whole days by the clock of each location, both of them included: 2026-12-01. */
export type Period = { fromDate: string; toDate: string };

/** What of a period is asked for; what is given must all be so. */
export type ReportFilter = {
  locationId?: string | null;
  locationCode?: string | null;
  registerId?: string | null;
  channel?: string | null;
  cashier?: string | null;
  category?: string | null;
  vendor?: string | null;
  sku?: string | null;
};

const daysMax = 400;
const dayMs = 86_400_000;

export const isDay = (text: string): boolean =>
  /^(?!0000)\d{4}-\d\d-\d\d$/.test(text) && isCalendarDay(text);

/** Throws badInput: a period is bounded, because whatever is in it is added up while somebody waits. */
function checkPeriod({ fromDate, toDate }: Period): void {
  for (const [field, value] of Object.entries({ fromDate, toDate })) {
    if (!isDay(value)) throw badInput(`${field} is a day such as 2026-12-01.`, { field, value });
  }
  const days = (Date.parse(toDate) - Date.parse(fromDate)) / dayMs + 1;
  if (days < 1 || days > daysMax)
    throw badInput(`A report is of 1 to ${daysMax} days, not of ${days}.`, {
      field: 'toDate',
      value: toDate,
    });
}

/** What is no id of ours, or no text that PostgreSQL takes, must not reach it. */
function checkReportFilter(filter: ReportFilter): void {
  for (const [field, value] of Object.entries(filter)) {
    if (value === null || value === undefined) continue;
    if (field.endsWith('Id') ? !isUuid(value) : !isStorable(value))
      throw badInput(`${field} is nothing that a sale can have.`, { field, value });
  }
}

/** What was asked for, once it is known to be something that can be asked for. */
export function checkedOf<Filter extends ReportFilter>({
  fromDate,
  toDate,
  filter,
}: Period & { filter?: Filter | null }): Period & { filter: Filter | Record<string, never> } {
  checkPeriod({ fromDate, toDate });
  checkReportFilter(filter ?? {});
  return { fromDate, toDate, filter: filter ?? {} };
}

/** Every day of it, in their order. */
export function* daysOf({ fromDate, toDate }: Period): Generator<string> {
  for (let at = Date.parse(fromDate); at <= Date.parse(toDate); at += dayMs)
    yield new Date(at).toISOString().slice(0, 10);
}
