import { refuse } from '@onecount/refusal';
import type { LineRefusal } from './receipt.ts';

export function stockReceiveRefused(reasons: LineRefusal[]) {
  const more = reasons.length > 1 ? ` ${reasons.length - 1} more lines cannot be received.` : '';
  const message = `${reasons[0]!.message}${more}`;
  return refuse('StockReceiveRefused', 'STOCK_RECEIVE_REFUSED', message, { reasons });
}
