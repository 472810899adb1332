import { sumMinor } from '@onecount/money';
import { invalidInput, isRefusal, isUuid, notFound } from '@onecount/refusal';
import { unitsOf, type Sale, type SaleLine, type SoldUnit } from '../sale/sale.ts';
import { paidForLine } from '../tax/sale-tax.ts';
import { taxesBack, type ReturnedTax } from './return-tax.ts';
import { returnExceedsSold } from './return.errors.ts';
import type { SaleReturnLineInput } from './return.input.ts';
import { shareOfPieces } from './return-share.ts';

// What of a sale comes back; pure.

export type Disposition = 'STOCK' | 'INSPECTION' | 'BENCH' | 'DAMAGED';
/** What came back of a line before. */
export type LineBack = { quantity: number; unitIds: readonly string[] };
export type ReturnLine = {
  lineId: string;
  quantity: number;
  totalMinor: number;
  /** Null for what is not counted. */
  disposition: Disposition | null;
  /** As far as the sale knows its pieces one by one. */
  units: SoldUnit[];
  /** The tax in what goes back. */
  taxes: ReturnedTax[];
};

/** A line may be named several times, each part going its own way; all of it together comes back once. */
export function decideLines(
  sale: Sale,
  before: ReadonlyMap<string, LineBack>,
  inputs: readonly SaleReturnLineInput[],
  field = 'lines',
) {
  const back = new Map(before);
  const lines: ReturnLine[] = [];
  for (const [index, input] of inputs.entries()) {
    const line = sale.lines.find(({ id }) => id === input.lineId.toLowerCase());
    if (!line) return notFound('SaleLine', input.lineId);
    const already = back.get(line.id) ?? { quantity: 0, unitIds: [] };
    const decided = decideLine(sale, { line, already, at: `${field}.${index}` }, input);
    if (isRefusal(decided)) return decided;
    lines.push(decided);
    const unitIds = [...already.unitIds, ...decided.units.map((unit) => unit.serialUnitId)];
    back.set(line.id, { quantity: already.quantity + decided.quantity, unitIds });
  }
  const isWhole = sale.lines.every(({ id, quantity }) => back.get(id)?.quantity === quantity);
  return { lines, isWhole };
}

type Place = { line: SaleLine; already: LineBack; at: string };

function decideLine(sale: Sale, place: Place, input: SaleReturnLineInput) {
  const { line, already } = place;
  const left = line.quantity - already.quantity;
  const quantity = input.quantity ?? input.serialUnitIds?.length ?? left;
  const { id: lineId, sku } = line;
  if (quantity > left || left === 0) {
    const requestedQuantity = quantity || line.quantity;
    const counts = { soldQuantity: line.quantity, returnedQuantity: already.quantity };
    return returnExceedsSold({ lineId, sku, ...counts, requestedQuantity });
  }
  const units = decideUnits(place, { ...input, quantity });
  if (isRefusal(units)) return units;
  const pieces = { from: already.quantity, count: quantity };
  return {
    ...{ lineId, quantity, units },
    totalMinor: shareOfPieces(paidForLine(sale, line), line.quantity, pieces),
    taxes: taxesBack(sale, line, pieces),
    disposition: line.tracking === 'NONE' ? null : (input.disposition ?? 'STOCK'),
  };
}

/** Which pieces: those that are named, or all that are left. Whoever brings back some of several says which. */
function decideUnits(
  { line, already, at }: Place,
  { quantity, serialUnitIds }: { quantity: number; serialUnitIds?: string[] | null },
) {
  const field = `${at}.serialUnitIds`;
  const left = unitsOf(line).filter(({ serialUnitId }) => !already.unitIds.includes(serialUnitId));
  const nameless = line.quantity - already.quantity - left.length;
  if (!serialUnitIds) {
    if (quantity === left.length + nameless) return left;
    return nameless >= quantity
      ? []
      : invalidInput(field, `Say which of the ${left.length} pieces come back.`);
  }
  const named: SoldUnit[] = [];
  for (const id of serialUnitIds) {
    const unit = isUuid(id) && left.find(({ serialUnitId }) => serialUnitId === id.toLowerCase());
    if (unit && !named.includes(unit)) named.push(unit);
    else if (already.unitIds.includes(id.toLowerCase()) || (unit && named.includes(unit)))
      return returnExceedsSold({
        ...{ lineId: line.id, sku: line.sku },
        ...{ soldQuantity: 1, returnedQuantity: 1, requestedQuantity: 1 },
      });
    else return invalidInput(field, 'No such piece was sold on this line.', id);
  }
  return named.length > quantity || quantity - named.length > nameless
    ? invalidInput(field, `${quantity} come back, name as many.`, named.length)
    : named;
}

/** The return that takes back the last piece gives back all that is left: cash that was rounded is given back rounded. */
export function dueOf(
  { lines, isWhole }: { lines: readonly ReturnLine[]; isWhole: boolean },
  leftMinor: number,
): number {
  return isWhole ? leftMinor : Math.min(sumMinor(lines.map((line) => line.totalMinor)), leftMinor);
}
