import { refuse } from '@onecount/refusal';
import type { Sale } from '../sale/sale.ts';

/** `registerName` of the till that has the basket. */
export function saleNotParked(sale: Sale, registerName: string | null) {
  const where = registerName === null ? '' : `; ${registerName} has it`;
  const message = `The basket is not parked${where}.`;
  return refuse('SaleNotParked', 'SALE_NOT_PARKED', message, { sale });
}
