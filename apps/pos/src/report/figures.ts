import { sumMinor } from '@onecount/money';
import type { CashMovementKind } from '../cash/cash-movement.ts';
import type { Tender } from '../sale/sale.ts';
import type { ComponentTotal } from '../tax/tax.ts';

export type TenderKind = Tender['kind'];
type InCurrency = { currencyCode: string };
export type Total = InCurrency & { count: number; totalMinor: number };
export type CashierTotal = Total & { cashier: string };
export type TenderTotal = InCurrency & {
  kind: TenderKind;
  count: number;
  receivedMinor: number;
  changeMinor: number;
};
export type CashMovementTotal = Total & { kind: CashMovementKind };
export type RefundTotal = Total & { kind: TenderKind };
export type ReceiptRange = { from: string; to: string; count: number };

export type TaxTotal = InCurrency &
  ComponentTotal & { returnedBaseMinor: number; returnedTaxMinor: number };

/** What happened in a shift, as shift_figures.sql gives it; a row for each currency there was. */
export type Figures = {
  /** Of the drawer; null as long as no cash of it was counted or moved. */
  currencyCode: string | null;
  openingFloatMinor: number | null;
  sales: Total[];
  voids: Total[];
  cashiers: CashierTotal[];
  tenders: TenderTotal[];
  cashMovements: CashMovementTotal[];
  /** What was taken off the sales; a report from before discounts has none. */
  discounts?: Total[];
  /** What of the sales are gift cards sold or filled up: owed, and no revenue; a report from before has none. */
  giftCards?: Total[];
  /** What came back, and what was given back for it; a report from before returns has neither. */
  returns?: Total[];
  refunds?: RefundTotal[];
  /** Sales that were taken back as a whole; a report from before them has none. */
  postVoids?: Total[];
  /** What was paid of lay-bys, and what of the sales was paid so before; a report from before them has neither. */
  layByPayments?: Total[];
  layBySales?: Total[];
  /** Tax by component, rate and scheme, and what totals were changed by so that coins could pay them. */
  taxes?: TaxTotal[];
  roundings?: Total[];
  receipts: ReceiptRange | null;
};

export type TenderAmount = InCurrency & { kind: TenderKind; amountMinor: number };

/** Of a movement of cash: what the drawer has more by it. */
const signs: Record<CashMovementKind, 1 | -1> = { PAY_IN: 1, PAY_OUT: -1, DROP: -1 };

/**
 * What should be there of each tender: cash is the float, plus taken, minus change, minus refunded, plus paid in, minus
 * paid out and dropped; anything else is what was taken, minus refunded. Cash first.
 */
export function expectedOf(figures: Figures): TenderAmount[] {
  const { currencyCode, openingFloatMinor } = figures;
  const cash = (code: string, amountMinor: number): TenderAmount => ({
    kind: 'CASH',
    currencyCode: code,
    amountMinor,
  });
  // An exchange is no money: what it brought it took in the same shift.
  return addedUp([
    ...(currencyCode === null ? [] : [cash(currencyCode, openingFloatMinor ?? 0)]),
    ...figures.tenders.filter(isMoney).map(({ receivedMinor, changeMinor, ...tender }) => ({
      kind: tender.kind,
      currencyCode: tender.currencyCode,
      amountMinor: receivedMinor - changeMinor,
    })),
    ...(figures.refunds ?? []).filter(isMoney).map(({ kind, currencyCode: code, totalMinor }) => ({
      ...{ kind, currencyCode: code, amountMinor: -totalMinor },
    })),
    ...figures.cashMovements.map((moved) =>
      cash(moved.currencyCode, signs[moved.kind] * moved.totalMinor),
    ),
  ]);
}

const isMoney = ({ kind }: { kind: TenderKind }): boolean => kind !== 'EXCHANGE';

/** Zero where there is none. */
export function cashOf(amounts: readonly TenderAmount[], currencyCode: string): number {
  const cash = amounts.find((one) => one.kind === 'CASH' && one.currencyCode === currencyCode);
  return cash?.amountMinor ?? 0;
}

export const tenderKey = ({ kind, currencyCode }: Omit<TenderAmount, 'amountMinor'>): string =>
  `${kind === 'CASH' ? 0 : 1} ${kind} ${currencyCode}`;

function addedUp(amounts: TenderAmount[]): TenderAmount[] {
  return [...Map.groupBy(amounts, tenderKey)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, group]) => ({
      ...group[0]!,
      amountMinor: sumMinor(group.map(({ amountMinor }) => amountMinor)),
    }));
}
