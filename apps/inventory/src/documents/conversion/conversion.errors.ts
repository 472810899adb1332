import { refuse } from '@onecount/refusal';
import { nameOf, type Piece } from '../../kernel/stock.errors.ts';
import type { CollapseReason, RegistrationReason } from './conversion.ts';

/** `holdIds`: at most 100 of them; the answer shows the holds. */
export type Claims = {
  code: string;
  message: string;
  sku: string;
  holdIds: string[];
  holdCount: number;
};

export function stockItemClaimed(piece: Piece, claims: Pick<Claims, 'holdIds' | 'holdCount'>) {
  const { holdIds, holdCount } = claims;
  const message = `${holdCount} live ${holdCount === 1 ? 'hold claims' : 'holds claim'} ${nameOf(piece)}: it is converted when nothing does.`;
  return refuse('StockItemClaimed', 'STOCK_ITEM_CLAIMED', message, {
    sku: piece.sku,
    holdIds,
    holdCount,
  });
}

export function stockItemBackordered(piece: Piece, backorderLimit: number) {
  const message = `${nameOf(piece)} may be sold ${backorderLimit} ahead of stock: a unit that is not there cannot be named. Set its backorder limit to 0 first.`;
  return refuse('StockItemBackordered', 'STOCK_ITEM_BACKORDERED', message, {
    sku: piece.sku,
    backorderLimit,
  });
}

export function unitRegistrationRefused(reasons: RegistrationReason[]) {
  const more = reasons.length > 1 ? ` ${reasons.length - 1} more stand against it.` : '';
  const message = `${reasons[0]!.message}${more}`;
  return refuse('UnitRegistrationRefused', 'UNIT_REGISTRATION_REFUSED', message, { reasons });
}

const shownMax = 100;

export function unitsNotCollapsible(reasons: CollapseReason[]) {
  const more = reasons.length > 1 ? ` ${reasons.length - 1} more units stand against it.` : '';
  const message = `${reasons[0]!.message}${more}`;
  return refuse('UnitsNotCollapsible', 'UNITS_NOT_COLLAPSIBLE', message, {
    reasons: reasons.slice(0, shownMax),
    unitCount: reasons.length,
  });
}
