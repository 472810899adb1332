import { MoneyError, amountMinorMax, minorOf, type Money } from '@onecount/money';
import {
  codeKey,
  foldedIdentifier,
  identifierOf,
  identifierRule,
  isIdentifier,
  isStorable,
  shown,
  notFound,
} from '@onecount/refusal';
import { quantityMax } from '../../kernel/input.ts';
import { lookAlikeWords } from '../../kernel/serial-unit/serial-unit.errors.ts';
import { addressesProblem, attributesProblem } from '../../kernel/serial-unit/unit-facts.ts';
import { nameOf } from '../../kernel/stock.errors.ts';
import type { Tracking } from '../../kernel/stock-item/stock-item.ts';

// What may be received and why not: pure, over what the database says it knows.

export type UnitInput = {
  serial?: string | null;
  stockNumber?: string | null;
  certificate?: {
    number: string;
    lab?: string | null;
    grade?: string | null;
    reportUrl?: string | null;
  } | null;
  attributes?: { key: string; value: string }[] | null;
  photos?: string[] | null;
  codes?: string[] | null;
  /** The serial is meant although it looks like that of another unit of the item. */
  allowLookAlike?: boolean | null;
};

/** A line of any kind of receipt; the place is a location's id or code. */
export type ReceiptLine = {
  sku: string;
  place: string;
  quantity?: number | null;
  units?: UnitInput[] | null;
  unitCost?: Money | null;
};

export type ReceiptItem = { id: string; sku: string; title: string; tracking: Tracking };

/** What the tenant has already of what the lines name. */
export type Known = {
  itemBySku: Pick<ReadonlyMap<string, ReceiptItem>, 'get'>;
  locationByPlace: Pick<ReadonlyMap<string, { id: string; code: string }>, 'get'>;
  /** In which currency an item's stock is kept, by the item's id; none where no cost is known. */
  currencies: ReadonlyMap<string, string>;
  /** `<stock item id>/<serial>` */
  serials: ReadonlySet<string>;
  /** By the same: the serial of the item that it looks like. */
  lookAlikes: ReadonlyMap<string, string>;
  /** Folded. */
  stockNumbers: ReadonlySet<string>;
  /** By what codes are compared by. */
  codes: ReadonlySet<string>;
  /** Whether a unit without a name is given a stock number. */
  isNumbered: boolean;
};

export type LineRefusal = {
  index: number;
  sku: string;
  code: string;
  message: string;
  value: string | null;
};

const unitFieldMax = { attributes: 50, photos: 50, codes: 20 } as const;
export const onHandMax = 100_000_000;

/** The unit under its names as they are kept. */
export function keptUnit(unit: UnitInput): UnitInput {
  const { serial, stockNumber, codes } = unit;
  return {
    ...unit,
    serial: serial && identifierOf(serial),
    stockNumber: stockNumber && identifierOf(stockNumber),
    codes: codes?.map(identifierOf),
  };
}

/** Every reason against the lines, in their order; at most one per line. */
export function lineRefusals(lines: readonly ReceiptLine[], known: Known): LineRefusal[] {
  const seen = {
    serials: new Set<string>(),
    numbers: new Set<string>(),
    codes: new Set<string>(),
    currencies: new Map(known.currencies),
  };
  return lines.flatMap((line, index) => {
    const problem =
      lineProblem(line, known) ??
      currencyProblem(line, known, seen.currencies) ??
      unitsProblem(line, known, seen);
    return problem ? [{ index, sku: line.sku, value: null, ...problem }] : [];
  });
}

export type Problem = { code: string; message: string; value?: string | null };

// Precedence: item, place, quantity against tracking, cost; then the units.
function lineProblem(line: ReceiptLine, known: Known): Problem | undefined {
  const problem = itemProblem(line.sku, known);
  if (problem?.code === 'UNKNOWN_SKU') return problem;
  if (!known.locationByPlace.get(line.place))
    return {
      code: 'UNKNOWN_LOCATION',
      message: notFound('Location', line.place).message,
      value: line.place,
    };
  if (problem) return problem;
  const item = known.itemBySku.get(line.sku)!;
  return (
    (item.tracking === 'SERIAL' ? serialProblem(line, item) : quantityProblem(line, item)) ??
    costProblem(line)
  );
}

export function itemProblem(sku: string, { itemBySku }: Known): Problem | undefined {
  const item = itemBySku.get(sku);
  if (!item) return { code: 'UNKNOWN_SKU', message: notFound('StockItem', sku).message };
  return item.tracking === 'NONE'
    ? { code: 'NOT_TRACKED', message: `${nameOf(item)} is not counted.` }
    : undefined;
}

function serialProblem({ quantity, units }: ReceiptLine, item: ReceiptItem): Problem | undefined {
  if (!units?.length)
    return {
      code: 'UNITS_REQUIRED',
      message: `${nameOf(item)} is counted unit by unit: name each unit.`,
    };
  if (quantity !== null && quantity !== undefined && quantity !== units.length)
    return {
      code: 'QUANTITY_INVALID',
      message: `${quantity} of ${nameOf(item)}, but ${units.length} units are named.`,
      value: String(quantity),
    };
  return undefined;
}

function quantityProblem({ quantity, units }: ReceiptLine, item: ReceiptItem): Problem | undefined {
  if (units?.length)
    return {
      code: 'UNITS_NOT_ALLOWED',
      message: `${nameOf(item)} is counted by quantity: it has no named units.`,
    };
  const count = quantity ?? 0;
  if (!Number.isInteger(count) || count < 1 || count > quantityMax)
    return {
      code: 'QUANTITY_INVALID',
      message: `${count} of ${nameOf(item)}: it must be 1–${quantityMax}.`,
      value: String(count),
    };
  return undefined;
}

export function costProblem(
  line: Pick<ReceiptLine, 'quantity' | 'units' | 'unitCost'>,
): Problem | undefined {
  const { unitCost } = line;
  if (!unitCost) return undefined;
  const value = `${unitCost.amount} ${unitCost.currencyCode}`;
  const message = `${value} is no cost: an amount from 0 on, not beyond what is kept, with no more decimals than its currency.`;
  try {
    const minor = minorOf(unitCost);
    const isKept = minor >= 0 && minor * quantityOf(line) <= amountMinorMax;
    return isKept ? undefined : { code: 'COST_INVALID', message, value };
  } catch (err) {
    if (!(err instanceof MoneyError)) throw err;
    return { code: 'COST_INVALID', message, value };
  }
}

// Costs of one item are summed and averaged, so they are in one currency while any is in stock.
export function currencyProblem(
  { sku, unitCost }: Pick<ReceiptLine, 'sku' | 'unitCost'>,
  { itemBySku }: Known,
  currencies: Map<string, string>,
): Problem | undefined {
  if (!unitCost) return undefined;
  const item = itemBySku.get(sku)!;
  const currency = currencies.get(item.id) ?? unitCost.currencyCode;
  currencies.set(item.id, currency);
  if (currency === unitCost.currencyCode) return undefined;
  const message = `${nameOf(item)} is kept at cost in ${currency}, not in ${unitCost.currencyCode}.`;
  return { code: 'COST_INVALID', message, value: unitCost.currencyCode };
}

type Seen = { serials: Set<string>; numbers: Set<string>; codes: Set<string> };

function unitsProblem(line: ReceiptLine, known: Known, seen: Seen): Problem | undefined {
  const item = known.itemBySku.get(line.sku)!;
  for (const unit of line.units ?? []) {
    const problem = shapeProblem(unit, item, known) ?? twinProblem(unit, { item, known, seen });
    if (problem) return problem;
  }
  return undefined;
}

function shapeProblem(
  unit: UnitInput,
  item: ReceiptItem,
  { isNumbered }: Known,
): Problem | undefined {
  const names = [unit.serial, unit.stockNumber].filter(
    (name) => name !== null && name !== undefined,
  );
  if (names.length === 0 && !isNumbered)
    return {
      code: 'UNIT_NOT_NAMED',
      message: `A unit of ${nameOf(item)} needs a serial or a stock number.`,
    };
  const unfit = [...names, ...(unit.codes ?? [])].find((name) => !isIdentifier(name));
  if (unfit !== undefined)
    return {
      code: 'UNIT_NOT_NAMED',
      message: `Serials, numbers and codes have 1–255 characters, ${identifierRule}.`,
      value: shown(unfit),
    };
  const tooMany = Object.entries(unitFieldMax).find(
    ([field, max]) => (unit[field as keyof typeof unitFieldMax]?.length ?? 0) > max,
  );
  if (tooMany)
    return { code: 'TOO_MUCH', message: `A unit has at most ${tooMany[1]} ${tooMany[0]}.` };
  return factsProblem(unit);
}

const factLengthMax = 2_000;

function factsProblem({ certificate, attributes, photos }: UnitInput): Problem | undefined {
  const texts = [
    ...Object.values(certificate ?? {}),
    ...(attributes ?? []).flatMap(({ key, value }) => [key, value]),
    ...(photos ?? []),
  ];
  const isUnfit = texts.some((text) => text && (text.length > factLengthMax || !isStorable(text)));
  if (isUnfit)
    return { code: 'TOO_MUCH', message: `A fact has at most ${factLengthMax} characters.` };
  const isUnnamed = certificate?.number === '' || attributes?.some(({ key }) => key === '');
  if (isUnnamed)
    return { code: 'UNIT_NOT_NAMED', message: 'A certificate needs a number, an attribute a key.' };
  const unfit =
    attributesProblem(attributes) ??
    addressesProblem('certificate.reportUrl', [certificate?.reportUrl]) ??
    addressesProblem('photos', photos);
  return unfit && { code: 'FACT_INVALID', message: unfit.message, value: unfit.value };
}

function twinProblem(
  unit: UnitInput,
  { item, known, seen }: { item: ReceiptItem; known: Known; seen: Seen },
): Problem | undefined {
  const { serial, stockNumber, allowLookAlike } = unit;
  if (serial && isTwin(`${item.id}/${serial}`, known.serials, seen.serials))
    return {
      code: 'DUPLICATE_SERIAL',
      message: `${nameOf(item)} has a unit with serial ${serial} already.`,
      value: serial,
    };
  const other = serial && known.lookAlikes.get(`${item.id}/${serial}`);
  if (other && !allowLookAlike) return lookAlikeProblem(serial, other);
  if (stockNumber && isTwin(foldedIdentifier(stockNumber), known.stockNumbers, seen.numbers))
    return {
      code: 'DUPLICATE_STOCK_NUMBER',
      message: `Stock number ${stockNumber} was given before; a number is never used again.`,
      value: stockNumber,
    };
  const code = unit.codes?.find((each) => isTwin(codeKey(each), known.codes, seen.codes));
  return code === undefined
    ? undefined
    : { code: 'DUPLICATE_CODE', message: `Code ${code} is in use.`, value: code };
}

function lookAlikeProblem(serial: string, other: string): Problem {
  return { code: 'LOOK_ALIKE_SERIAL', message: lookAlikeWords(serial, other), value: serial };
}

function isTwin(name: string, known: ReadonlySet<string>, seen: Set<string>): boolean {
  if (known.has(name) || seen.has(name)) return true;
  seen.add(name);
  return false;
}

export const quantityOf = ({ quantity, units }: Pick<ReceiptLine, 'quantity' | 'units'>): number =>
  units?.length ? units.length : (quantity ?? 0);

/** A level that the receipt would take above what a level may hold; PostgreSQL has the last word. */
export function overflowRefusal(lines: readonly { sku: string }[]): LineRefusal {
  const { sku } = lines[0]!;
  const message = `A level holds at most ${onHandMax} units.`;
  return { index: 0, sku, code: 'TOO_MUCH', message, value: null };
}
