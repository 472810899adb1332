import type { Tx } from '@onecount/db';
import {
  checkText,
  checkWhole,
  firstOf,
  identifierOf,
  isSameIdentifier,
  notFound,
} from '@onecount/refusal';
import { quantityMax } from '../../kernel/input.ts';
import { lockItemsBySku } from '../receipt/receipt.sql.ts';
import { nameOf } from '../../kernel/stock.errors.ts';
import { bySku } from '../../kernel/stock-item/stock-item.ts';
import { resolveCodes } from '../../kernel/stock-code/stock-code.sql.ts';
import { reasonOf, type Item, type Pick, type TransferReason } from './transfer.ts';
import { lockItems, selectUnitsByName, type NamedUnit } from './transfer.sql.ts';

// From what people write or scan to items and units; the items are locked on the way.

export type TransferLineInput = {
  sku: string;
  quantity?: number | null;
  serials?: readonly string[] | null;
};
export type Picked = { picks: Pick[]; reasons: TransferReason[] };

export const linesMax = 500;
export const unitsMax = 1_000;

export function checkLines(lines: readonly TransferLineInput[], min: 0 | 1) {
  const named = lines.reduce((sum, { serials }) => sum + (serials?.length ?? 0), 0);
  return firstOf(
    checkWhole('lines', lines.length, { min, max: linesMax }),
    checkWhole('lines.serials', named, { min: 0, max: unitsMax }),
    ...lines.map(({ sku }, index) => checkText(`lines.${index}.sku`, sku, { min: 1, max: 255 })),
    ...lines.flatMap(({ serials }, index) =>
      (serials ?? []).map((serial) =>
        checkText(`lines.${index}.serials`, serial, { min: 1, max: 255 }),
      ),
    ),
  );
}

export function checkCodes(codes: readonly string[], min: 0 | 1) {
  return firstOf(
    checkWhole('codes', codes.length, { min, max: unitsMax }),
    ...codes.map((code) => checkText('codes', code, { min: 1, max: 255 })),
  );
}

/** Lines by SKU, each a quantity or named units; the index is the line's. */
export async function pickLines(tx: Tx, lines: readonly TransferLineInput[]): Promise<Picked> {
  const items = await lockItemsBySku(tx, [...new Set(lines.map(({ sku }) => sku))]);
  const itemBySku = bySku(items);
  const units = await selectUnitsByName(
    tx,
    lines.flatMap(({ serials }) => serials ?? []),
  );
  const picked: Picked = { picks: [], reasons: [] };
  for (const [index, line] of lines.entries()) {
    const item = itemBySku.get(line.sku);
    const problem = lineProblem(line, item);
    if (problem) picked.reasons.push(reasonOf({ index, item }, { value: line.sku, ...problem }));
    else if (line.serials?.length) pickUnits({ index, item: item!, line, units }, picked);
    else picked.picks.push({ index, item: item!, unitId: null, quantity: line.quantity! });
  }
  return picked;
}

function lineProblem({ sku, quantity, serials }: TransferLineInput, item: Item | undefined) {
  if (!item)
    return { code: 'UNKNOWN_SKU' as const, message: notFound('StockItem', sku).message, sku };
  if (item.tracking === 'NONE')
    return { code: 'NOT_TRACKED' as const, message: `${nameOf(item)} is not counted.` };
  const named = serials?.length ?? 0;
  const count = quantity ?? (named > 0 ? named : 0);
  if (Number.isInteger(count) && count >= 1 && count <= quantityMax && (!named || count === named))
    return undefined;
  const units = named > 0 ? `, but ${named} units are named` : `: it must be 1–${quantityMax}`;
  return {
    code: 'QUANTITY_INVALID' as const,
    message: `${count} of ${nameOf(item)}${units}.`,
    value: String(count),
  };
}

type Named = { index: number; item: Item; line: TransferLineInput; units: readonly NamedUnit[] };

// The serial value first, the stock number for pieces that carry none.
function pickUnits({ index, item, line, units }: Named, into: Picked): void {
  for (const name of line.serials!.map(identifierOf)) {
    const own = units.filter(({ stockItemId }) => stockItemId === item.id);
    const unit =
      own.find(({ serial }) => serial === name) ??
      own.find(({ stockNumber }) => stockNumber && isSameIdentifier(stockNumber, name));
    if (unit) into.picks.push({ index, item, unitId: unit.id, quantity: 1 });
    else
      into.reasons.push(
        reasonOf(
          { index, item },
          { code: 'UNKNOWN_UNIT', message: `${nameOf(item)} has no unit ${name}.`, value: name },
        ),
      );
  }
}

/** Scanned codes, each one unit or one of an item; the index is the code's. */
export async function pickCodes(tx: Tx, codes: readonly string[]): Promise<Picked> {
  if (codes.length === 0) return { picks: [], reasons: [] };
  const targets = await resolveCodes(tx, codes);
  const itemIds = [...new Set([...targets.values()].map(({ stockItemId }) => stockItemId))];
  const items = new Map((await lockItems(tx, itemIds)).map((item) => [item.id, item]));
  const picked: Picked = { picks: [], reasons: [] };
  for (const [index, code] of codes.entries()) {
    const target = targets.get(code);
    const item = target && items.get(target.stockItemId);
    const problem = codeProblem(code, item);
    if (problem) picked.reasons.push(reasonOf({ index, item }, { value: code, ...problem }));
    else picked.picks.push({ index, item: item!, unitId: target!.serialUnitId, quantity: 1 });
  }
  return picked;
}

function codeProblem(code: string, item: Item | undefined) {
  if (!item)
    return { code: 'UNKNOWN_CODE' as const, message: `${code} names nothing, or several things.` };
  if (item.tracking === 'NONE')
    return { code: 'NOT_TRACKED' as const, message: `${nameOf(item)} is not counted.` };
  return undefined;
}
