import type { Money } from '@onecount/money';
import { foldedIdentifier } from '@onecount/refusal';
import { quantityMax } from '../../kernel/input.ts';
import { nameOf } from '../../kernel/stock.errors.ts';
import {
  costProblem,
  currencyProblem,
  itemProblem,
  type Known,
  type LineRefusal,
  type Problem,
} from './receipt.ts';

// A delivery as a document: what was announced, what came, and the rule between them. Pure.

export type StockReceiptStatus = 'EXPECTED' | 'PARTIAL' | 'RECEIVED' | 'CLOSED' | 'CANCELLED';
export const openStatuses: readonly StockReceiptStatus[] = ['EXPECTED', 'PARTIAL', 'RECEIVED'];

export type StockReceiptRow = {
  id: string;
  status: StockReceiptStatus;
  supplier: string;
  documentNumber: string | null;
  locationId: string;
  note: string | null;
  createdBy: string;
  createdAt: Date;
  closedBy: string | null;
  closedAt: Date | null;
};

export type StockReceiptLineRow = {
  stockReceiptId: string;
  line: number;
  stockItemId: string;
  sku: string;
  expected: number;
  received: number;
  unitCostMinor: number | null;
  unitCostCurrency: string | null;
};

export type ExpectedLine = { sku: string; quantity: number; unitCost?: Money | null };

/** Why lines cannot be expected: in their order, at most one reason each. */
export function expectedRefusals(lines: readonly ExpectedLine[], known: Known): LineRefusal[] {
  const currencies = new Map(known.currencies);
  const seen = new Set<string>();
  return lines.flatMap((line, index) => {
    const { sku } = line;
    const problem =
      itemProblem(sku, known) ??
      expectedProblem(line, seen) ??
      costProblem(line) ??
      currencyProblem(line, known, currencies);
    seen.add(foldedIdentifier(sku));
    return problem ? [{ index, sku, value: null, ...problem }] : [];
  });
}

function expectedProblem(
  { sku, quantity }: ExpectedLine,
  seen: ReadonlySet<string>,
): Problem | undefined {
  if (seen.has(foldedIdentifier(sku)))
    return { code: 'DUPLICATE_SKU', message: `${sku} is on two lines: put them together.` };
  if (quantity >= 1 && quantity <= quantityMax) return undefined;
  const message = `${quantity} of ${nameOf({ sku })}: it must be 1–${quantityMax}.`;
  return { code: 'QUANTITY_INVALID', message, value: String(quantity) };
}

/** How many may come of what was expected, whole units; the rule is the tenant's. */
export function receivableOf(expected: number, overReceiptPercent: number): number {
  return Math.floor((expected * (100 + overReceiptPercent)) / 100);
}

export type Overrun = {
  sku: string;
  expected: number;
  received: number;
  requested: number;
  allowed: number;
};

/** The first SKU of which more would have come than may; one that was not expected at all is such a one. */
export function overrunOf(
  arrived: readonly { sku: string; stockItemId: string; quantity: number }[],
  lines: readonly Pick<StockReceiptLineRow, 'stockItemId' | 'expected' | 'received'>[],
  overReceiptPercent: number,
): Overrun | undefined {
  const lineByItem = new Map(lines.map((line) => [line.stockItemId, line]));
  for (const { sku, stockItemId, quantity: requested } of arrived) {
    const { expected, received } = lineByItem.get(stockItemId) ?? { expected: 0, received: 0 };
    const allowed = Math.max(receivableOf(expected, overReceiptPercent) - received, 0);
    if (requested > allowed) return { sku, expected, received, requested, allowed };
  }
  return undefined;
}

export function statusAfter(
  lines: readonly Pick<StockReceiptLineRow, 'expected' | 'received'>[],
): StockReceiptStatus {
  if (lines.every(({ expected, received }) => received >= expected)) return 'RECEIVED';
  return lines.some(({ received }) => received > 0) ? 'PARTIAL' : 'EXPECTED';
}

/** Lines of one item together, in the order of their first. */
export function totalsByItem<Line extends { stockItemId: string; quantity: number }>(
  lines: readonly Line[],
): Line[] {
  const totals = new Map<string, Line>();
  for (const line of lines) {
    const { quantity = 0 } = totals.get(line.stockItemId) ?? {};
    totals.set(line.stockItemId, { ...line, quantity: quantity + line.quantity });
  }
  return [...totals.values()];
}
