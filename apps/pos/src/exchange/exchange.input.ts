import { firstOf, type InvalidInput } from '@onecount/refusal';
import { checkReturn, type ReturnRefundInput, type ReturnReason } from '../return/return.input.ts';
import type { SaleReturnLineInput } from '../return/return.input.ts';
import { checkTenders, type TenderInput } from '../sale/sale.input.ts';

export type SaleExchangeInput = {
  saleId: string;
  returnedSaleId: string;
  returnedLines: SaleReturnLineInput[];
  reason: ReturnReason;
  note?: string | null;
  tenders?: TenderInput[] | null;
  refunds?: ReturnRefundInput[] | null;
  idempotencyKey: string;
};

// One place is the exchange's own.
const tendersMax = 19;

/** What is wrong with the request by itself. */
export function checkExchange(input: SaleExchangeInput): InvalidInput | undefined {
  const back = { ...input, saleId: input.returnedSaleId, lines: input.returnedLines };
  return firstOf(checkReturn(back, 'returnedLines'), checkTenders(input.tenders ?? [], tendersMax));
}
