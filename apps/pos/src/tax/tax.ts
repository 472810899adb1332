import { sumMinor } from '@onecount/money';
import { foldedIdentifier } from '@onecount/refusal';

// Tax of a sale; pure, in integer minor units, rounded half up. Where the rules come from: docs/tax.md.

/** MARGIN: on what is earned with second-hand goods alone. EXEMPT: what would have been due and is not. */
export type TaxScheme = 'STANDARD' | 'MARGIN' | 'EXEMPT';
/** A rule that holds now; `rate` in percent, exact. `taxCode` null: for all that has no rules of its own code. */
export type TaxRate = {
  isOfLocation: boolean;
  taxCode: string | null;
  component: string;
  rate: string;
};
/** As the database function tax_terms gives it; `cashSteps` by currency, in minor units. */
export type TaxTerms = {
  includesTax: boolean;
  rounding: 'LINE' | 'DOCUMENT';
  cashSteps: Readonly<Record<string, number>>;
  rules: readonly TaxRate[];
};
/** What a line says of tax; `costMinor`: what its pieces were bought for, then its margin is taxed. */
export type LineTerms = { taxCode: string | null; isTaxable: boolean; costMinor: number | null };
export type SaleTaxTerms = TaxTerms & {
  /** Why nothing is charged: the reference of the buyer's exemption. */
  exemption: string | null;
  lines: Readonly<Record<string, LineTerms>>;
};
/** One component of the tax of a line. */
export type LineTax = {
  lineId: string;
  component: string;
  rate: string;
  scheme: TaxScheme;
  /** Without tax. */
  baseMinor: number;
  taxMinor: number;
  /** By how much it changes what is to be paid: nothing where the price has it in it. */
  addedMinor: number;
};
type TaxedLine = { id: string; totalMinor: number };

const rateDecimals = 6;
/** A hundred percent, in units of a rate. */
const whole = 100n * 10n ** BigInt(rateDecimals);

/** '7.25' → 7250000n. */
function unitsOfRate(rate: string): bigint {
  const [digits = '', fraction = ''] = rate.split('.');
  return BigInt(digits + fraction.padEnd(rateDecimals, '0'));
}

/** Of amounts that are not negative. */
const halfUp = (dividend: bigint, divisor: bigint): bigint =>
  (2n * dividend + divisor) / (2n * divisor);

/**
 * The rates of a line: those of its code, or, where there are none, those for everything. Components add up; of a component
 * that a location has for itself, only that one.
 */
export function ratesOf(rules: readonly TaxRate[], taxCode: string | null): TaxRate[] {
  const key = taxCode === null ? null : foldedIdentifier(taxCode);
  const ofCode = rules.filter(
    (rule) => rule.taxCode !== null && foldedIdentifier(rule.taxCode) === key,
  );
  const fitting = ofCode.length > 0 ? ofCode : rules.filter((rule) => rule.taxCode === null);
  return fitting.filter(
    ({ component, isOfLocation }) =>
      isOfLocation || !fitting.some((other) => other.isOfLocation && other.component === component),
  );
}

type Group = { rates: TaxRate[]; isMargin: boolean; lines: { id: string; amountMinor: number }[] };

/** The tax of every line that has any, by component. */
export function taxesOf(terms: SaleTaxTerms, lines: readonly TaxedLine[]): LineTax[] {
  return groupsOf(terms, lines).flatMap((group) => taxesOfGroup(terms, group));
}

/** Lines with the same rates are rounded together where the document is. */
function groupsOf(terms: SaleTaxTerms, lines: readonly TaxedLine[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { id, totalMinor } of lines) {
    const { taxCode, isTaxable, costMinor } = terms.lines[id] ?? untold;
    const rates = isTaxable ? ratesOf(terms.rules, taxCode) : [];
    if (rates.length === 0) continue;
    const isMargin = costMinor !== null;
    const key = JSON.stringify([isMargin, rates.map(({ component, rate }) => [component, rate])]);
    const group = groups.get(key) ?? { rates, isMargin, lines: [] };
    group.lines.push({ id, amountMinor: Math.max(0, totalMinor - (costMinor ?? 0)) });
    groups.set(key, group);
  }
  return [...groups.values()];
}

const untold: LineTerms = { taxCode: null, isTaxable: true, costMinor: null };

function taxesOfGroup(terms: SaleTaxTerms, { rates, isMargin, lines }: Group): LineTax[] {
  const units = rates.map(({ rate }) => unitsOfRate(rate));
  const sum = units.reduce((one, other) => one + other, 0n);
  const isIncluded = isMargin || terms.includesTax;
  const amounts = lines.map(({ amountMinor }) => BigInt(amountMinor));
  const taxes = roundedTaxes(amounts, {
    ...{ dividend: sum, divisor: isIncluded ? whole + sum : whole },
    isTogether: terms.rounding === 'DOCUMENT',
  });
  const parts = splitByRates(taxes, units);
  return lines.flatMap(({ id: lineId, amountMinor }, line) =>
    rates.map(({ component, rate }, index) => ({
      ...{ lineId, component, rate },
      baseMinor: isIncluded ? amountMinor - Number(taxes[line]!) : amountMinor,
      ...chargeOf(Number(parts[line]![index]!), { terms, isMargin }),
    })),
  );
}

/** What a component does to the sale: it is in the price, comes on top of it, or is taken out of it. */
function chargeOf(
  taxMinor: number,
  { terms, isMargin }: { terms: SaleTaxTerms; isMargin: boolean },
): Pick<LineTax, 'scheme' | 'taxMinor' | 'addedMinor'> {
  if (terms.exemption !== null) {
    const isTakenOut = terms.includesTax && !isMargin && taxMinor > 0;
    return { scheme: 'EXEMPT', taxMinor: 0, addedMinor: isTakenOut ? -taxMinor : 0 };
  }
  if (isMargin) return { scheme: 'MARGIN', taxMinor, addedMinor: 0 };
  return { scheme: 'STANDARD', taxMinor, addedMinor: terms.includesTax ? 0 : taxMinor };
}

/**
 * Each line by itself, or all of them once: then each has the difference that it makes to the rounded sum, so that they add
 * up to it and none is off by a whole minor unit.
 */
function roundedTaxes(
  amounts: readonly bigint[],
  { dividend, divisor, isTogether }: { dividend: bigint; divisor: bigint; isTogether: boolean },
): bigint[] {
  if (!isTogether) return amounts.map((amount) => halfUp(amount * dividend, divisor));
  let [amountSoFar, taxSoFar] = [0n, 0n];
  return amounts.map((amount) => {
    amountSoFar += amount;
    const before = taxSoFar;
    taxSoFar = halfUp(amountSoFar * dividend, divisor);
    return taxSoFar - before;
  });
}

/**
 * The components of each line's tax, in the proportion of their rates. A minor unit that does not divide goes to the
 * component that is furthest behind over all lines so far: over a document each comes to its share.
 */
function splitByRates(taxes: readonly bigint[], units: readonly bigint[]): bigint[][] {
  const sum = units.reduce((one, other) => one + other, 0n);
  if (sum === 0n) return taxes.map(() => units.map(() => 0n));
  const behind = units.map(() => 0n);
  return taxes.map((tax) => {
    const parts = units.map((unit) => (tax * unit) / sum);
    units.forEach((unit, index) => (behind[index]! += (tax * unit) % sum));
    for (let left = tax - parts.reduce((one, other) => one + other, 0n); left > 0n; left -= 1n) {
      const index = behind.reduce((most, each, at) => (each > behind[most]! ? at : most), 0);
      parts[index]! += 1n;
      behind[index]! -= sum;
    }
    return parts;
  });
}

export const addedMinor = (taxes: readonly LineTax[]): number =>
  sumMinor(taxes.map((tax) => tax.addedMinor));

/** What is added to an amount that is paid in cash so that coins can pay it: to the nearest step, half a step up. */
export function cashRounding(amountMinor: number, stepMinor = 1): number {
  const over = amountMinor > 0 ? amountMinor % stepMinor : 0;
  if (over === 0) return 0;
  return over * 2 < stepMinor ? -over : stepMinor - over;
}

export type ComponentTotal = Pick<
  LineTax,
  'component' | 'rate' | 'scheme' | 'baseMinor' | 'taxMinor'
>;

/** By component, rate and scheme. */
export function componentsOf(taxes: readonly Omit<LineTax, 'addedMinor'>[]): ComponentTotal[] {
  const groups = Map.groupBy(taxes, ({ component, rate, scheme }) =>
    [component, rate, scheme].join('\n'),
  );
  return [...groups.values()].map((group) => {
    const { component, rate, scheme } = group[0]!;
    const baseMinor = sumMinor(group.map((tax) => tax.baseMinor));
    return { component, rate, scheme, baseMinor, taxMinor: sumMinor(group.map((t) => t.taxMinor)) };
  });
}
