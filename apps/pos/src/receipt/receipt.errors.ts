import { refuse } from '@onecount/refusal';
import type { Sale } from '../sale/sale.ts';

export function saleNotCommitted(sale: Sale) {
  const message = `The sale is ${sale.status}: only a committed one has a receipt.`;
  return refuse('SaleNotCommitted', 'SALE_NOT_COMMITTED', message, { sale });
}
