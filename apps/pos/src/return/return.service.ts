import type { Database, Tx } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { isRefusal, isUuid, notFound } from '@onecount/refusal';
import { registersByIds } from '../register/register.sql.ts';
import type { Caller } from '../sale/idempotency.ts';
import { registerClosed } from '../sale/sale.errors.ts';
import { lockSale } from '../sale/sale.queries.ts';
import type { Sale } from '../sale/sale.ts';
import { lockOpenShift } from '../shift/shift.sql.ts';
import { creditAsked, refundTargets } from '../stored-value/returned-value.ts';
import { leftOfAll, refundsAsked, refundsInOrder } from './refund.ts';
import { saleNotReturnable, type SaleReturnRefusal } from './return.errors.ts';
import { checkReturn, readRefunds, type SaleReturnInput } from './return.input.ts';
import { returnsByIds } from './return.queries.ts';
import { linesBack, type SaleReturn } from './return.sql.ts';
import { drawerProblem, paidTenders, writeReturn } from './return.steps.ts';
import { decideLines, dueOf } from './return.ts';

export type ReturnService = ReturnType<typeof createReturnService>;
type Returned = { __typename: 'SaleReturnSuccess'; saleReturn: SaleReturn };

export function createReturnService({ db, wakeRelay }: { db: Database; wakeRelay: () => void }) {
  const committed = () => {
    crashAt('return.after-commit');
    wakeRelay();
  };
  return {
    /** Takes goods of a sale back, and gives their money back, in one transaction with the event that says so. */
    async takeBack(caller: Caller, input: SaleReturnInput): Promise<Returned | SaleReturnRefusal> {
      const invalid = checkReturn(input);
      if (invalid) return invalid;
      if (!isUuid(input.saleId)) return notFound('Sale', input.saleId);
      if (!isUuid(input.registerId)) return notFound('Register', input.registerId);
      return db.command(
        caller,
        { operation: 'saleReturn', input, afterCommit: [committed] },
        (tx) => takeBack(tx, caller, input),
        async (tx, { returnId }) => ({
          __typename: 'SaleReturnSuccess' as const,
          saleReturn: (await returnsByIds(tx, [returnId]))[0]!,
        }),
      );
    },
  };
}

// Locks in the order of a sale: key, sale, lines, shift, cards and credits, series. Returns of one sale come one after the other behind it.
async function takeBack(tx: Tx, caller: Caller, input: SaleReturnInput) {
  const sale = await lockSale(tx, input.saleId);
  if (!sale) return notFound('Sale', input.saleId);
  if (sale.status !== 'COMMITTED') return saleNotReturnable(sale);
  const [register] = await registersByIds(tx, [input.registerId]);
  if (!register) return notFound('Register', input.registerId);
  const decided = await decide(tx, sale, input);
  if (isRefusal(decided)) return decided;
  const shift = await lockOpenShift(tx, register.id);
  if (!shift) return registerClosed(register.id);
  const till = { shiftId: shift.id, sale, registerId: register.id };
  const uncovered = await drawerProblem(tx, caller, till, decided);
  if (uncovered) return uncovered;
  const credit = await creditAsked(tx, caller, { sale, input, ...decided });
  if (isRefusal(credit)) return credit;
  const refunds = await refundTargets(tx, { sale, credit, ...decided });
  if (isRefusal(refunds)) return refunds;
  const { reason, note } = input;
  const returnId = await writeReturn(tx, sale, {
    ...{ ...decided, refunds },
    ...{ kind: 'RETURN', register, shiftId: shift.id, reason, note, returnedBy: caller.subject },
  });
  return { returnId };
}

/** What comes back and what goes back for it, or why not. */
async function decide(tx: Tx, sale: Sale, input: SaleReturnInput) {
  const back = decideLines(sale, await linesBack(tx, sale.id), input.lines);
  if (isRefusal(back)) return back;
  const { currencyCode } = sale;
  const wishes = input.refunds ? readRefunds(input.refunds, currencyCode) : undefined;
  if (isRefusal(wishes)) return wishes;
  const tenders = await paidTenders(tx, sale);
  const dueMinor = dueOf(back, leftOfAll(tenders));
  const refunds = wishes
    ? refundsAsked(tenders, { dueMinor, currencyCode }, wishes)
    : refundsInOrder(tenders, dueMinor);
  return isRefusal(refunds) ? refunds : { lines: back.lines, tenders, refunds };
}
