import { refuse } from '@onecount/refusal';
import type { Sale } from '../sale/sale.ts';

export function saleNotCommitted(sale: Sale) {
  const message = `The sale is ${sale.status}: only a committed one has a receipt.`;
  return refuse('SaleNotCommitted', 'SALE_NOT_COMMITTED', message, { sale });
}

export function customerHasNoEmail(saleId: string) {
  const message = 'The sale names no customer with an e-mail address.';
  return refuse('CustomerHasNoEmail', 'CUSTOMER_HAS_NO_EMAIL', message, { saleId });
}
