import { checkId, checkText, checkWhole, firstOf, isRefusal } from '@onecount/refusal';
import type { Caller } from '../caller.ts';
import { quantityMax } from '../input.ts';
import { requestAnswer, checkTerms, type SaleHoldDeps } from './sale-hold.service.ts';
import { requestFor, type SaleHoldTerms } from './sale-hold.target.ts';
import { saleHoldOutdated } from './sale.errors.ts';
import { resizeSaleHold } from './sale.sql.ts';

export type SaleHoldResizeInput = SaleHoldTerms & {
  lineId: string;
  sku: string;
  quantity: number;
  anyLocation?: boolean;
  /** Version of the sale in which the line has this quantity. */
  lineVersion: number;
  /** Whether it has it already: then the hold is made smaller if need be, else larger. */
  isWritten: boolean;
};

/** A basket's line changes its quantity, and its hold with it (ADR 0200). */
export function createSaleHoldResizeService({ db, onChange }: Omit<SaleHoldDeps, 'holds'>) {
  return {
    async resizeHold(caller: Caller, input: SaleHoldResizeInput) {
      const { lineId, sku, quantity, anyLocation, lineVersion: version, isWritten } = input;
      const problem = firstOf(
        checkTerms(input),
        checkId('lineId', lineId),
        checkText('sku', sku, { min: 1, max: 255 }),
        checkWhole('quantity', quantity, { min: 1, max: quantityMax }),
        checkWhole('lineVersion', version, { min: 1, max: 2_147_483_647 }),
      );
      if (problem) return problem;
      const { tenantId } = caller;
      const line = { lineId, sku, quantity, ...(anyLocation ? { anyLocation } : {}) };
      const asked = await requestFor(db, tenantId, { line, terms: input });
      if (isRefusal(asked)) return asked;
      const decision = await resizeSaleHold(db, tenantId, { ...asked, version, isWritten });
      if (decision.outcome === 'OUTDATED') return saleHoldOutdated(lineId);
      const answer = requestAnswer(decision, asked);
      if (!isRefusal(answer)) onChange();
      return answer;
    },
  };
}
