import { moneyOf, sumMinor, type Money } from '@onecount/money';
import { checkWhole, invalidInput, isRefusal, refuse, type InvalidInput } from '@onecount/refusal';
import { cashOf, tenderKey, type TenderAmount, type TenderKind } from '../report/figures.ts';
import { amountOf } from '../sale/sale.input.ts';
import { isDenomination } from './denominations.ts';

export type CountInput = {
  countedCash: Money;
  denominations?: { denomination: string; count: number }[] | null;
  countedTenders?: { kind: TenderKind; amount: Money }[] | null;
};
export type DenominationCount = { valueMinor: number; count: number };
/** What somebody counted: the cash of the drawer first. */
export type Count = {
  currencyCode: string;
  tenders: TenderAmount[];
  denominations: DenominationCount[];
};
export type TenderCount = {
  kind: TenderKind;
  currencyCode: string;
  expectedMinor: number;
  /** Null when nobody counted it. */
  countedMinor: number | null;
};
export type CountRefusal = InvalidInput | ReturnType<typeof denominationsMismatch>;

// More kinds of notes and coins than any currency has.
const denominationsMax = 50;
const tendersMax = 20;
const piecesMax = 100_000;

export function denominationsMismatch(
  currencyCode: string,
  countedMinor: number,
  sumMinor: number,
) {
  const countedCash = moneyOf({ amountMinor: countedMinor, currencyCode });
  const denominationsTotal = moneyOf({ amountMinor: sumMinor, currencyCode });
  const message = `The notes and coins come to ${denominationsTotal.amount}, the cash was counted as ${countedCash.amount} ${currencyCode}.`;
  const data = { countedCash, denominationsTotal };
  return refuse('DenominationsMismatch', 'DENOMINATIONS_MISMATCH', message, data);
}

/** The count in minor units, or what is wrong with it by itself. */
export function readCount(input: CountInput): Count | CountRefusal {
  const { currencyCode } = input.countedCash;
  const cash = amountOf('countedCash', input.countedCash);
  if (!cash.ok) return cash.refusal;
  const tenders = readTenders(input.countedTenders ?? [], currencyCode);
  if (isRefusal(tenders)) return tenders;
  const denominations = readDenominations(input.denominations ?? [], currencyCode);
  if (isRefusal(denominations)) return denominations;
  const total = sumMinor(denominations.map(({ valueMinor, count }) => valueMinor * count));
  if (input.denominations && total !== cash.minor)
    return denominationsMismatch(currencyCode, cash.minor, total);
  const counted = { kind: 'CASH' as const, currencyCode, amountMinor: cash.minor };
  return { currencyCode, tenders: [counted, ...tenders], denominations };
}

function readTenders(
  inputs: NonNullable<CountInput['countedTenders']>,
  drawerCurrency: string,
): TenderAmount[] | InvalidInput {
  if (inputs.length > tendersMax)
    return invalidInput('countedTenders', `At most ${tendersMax} are counted.`, inputs.length);
  const seen = new Set([tenderKey({ kind: 'CASH', currencyCode: drawerCurrency })]);
  return readAll(inputs, ({ kind, amount }, index) => {
    const field = `countedTenders.${index}`;
    const { currencyCode } = amount;
    const key = tenderKey({ kind, currencyCode });
    if (seen.has(key))
      return invalidInput(field, `${kind} in ${currencyCode} is counted twice.`, kind);
    seen.add(key);
    const parsed = amountOf(`${field}.amount`, amount);
    return parsed.ok ? { kind, currencyCode, amountMinor: parsed.minor } : parsed.refusal;
  });
}

function readDenominations(
  inputs: NonNullable<CountInput['denominations']>,
  currencyCode: string,
): DenominationCount[] | InvalidInput {
  if (inputs.length > denominationsMax)
    return invalidInput('denominations', `At most ${denominationsMax} are counted.`, inputs.length);
  const seen = new Set<number>();
  return readAll(inputs, ({ denomination, count }, index) => {
    const field = `denominations.${index}.denomination`;
    const parsed = amountOf(field, { amount: denomination, currencyCode });
    if (!parsed.ok) return parsed.refusal;
    if (!isDenomination(currencyCode, parsed.minor))
      return invalidInput(
        field,
        `${currencyCode} has no note or coin of ${denomination}.`,
        denomination,
      );
    if (seen.has(parsed.minor))
      return invalidInput(field, `${denomination} is counted twice.`, denomination);
    seen.add(parsed.minor);
    const wrong = checkWhole(`denominations.${index}.count`, count, { min: 0, max: piecesMax });
    return wrong ?? { valueMinor: parsed.minor, count };
  });
}

/** Every entry as it is read, or the first that is refused. */
function readAll<I, T>(
  inputs: readonly I[],
  read: (input: I, index: number) => T | InvalidInput,
): T[] | InvalidInput {
  const rows: T[] = [];
  for (const [index, input] of inputs.entries()) {
    const row = read(input, index);
    if (isRefusal(row)) return row;
    rows.push(row);
  }
  return rows;
}

/** Expected beside counted, each tender once, cash first. What was counted and not expected was expected to be nothing. */
export function compared(expected: TenderAmount[], counted: TenderAmount[]): TenderCount[] {
  const byKey = new Map(counted.map((one) => [tenderKey(one), one]));
  const keys = new Map([...expected, ...counted].map((one) => [tenderKey(one), one]));
  const expectedBy = new Map(expected.map((one) => [tenderKey(one), one.amountMinor]));
  return [...keys]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, { kind, currencyCode }]) => ({
      ...{ kind, currencyCode },
      expectedMinor: expectedBy.get(key) ?? 0,
      countedMinor: byKey.get(key)?.amountMinor ?? null,
    }));
}

/** Of the drawer. */
export const countedCash = ({ tenders, currencyCode }: Count): number =>
  cashOf(tenders, currencyCode);
