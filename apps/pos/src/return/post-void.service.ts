import type { Database, Tx } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { isRefusal, isUuid, notFound } from '@onecount/refusal';
import { registersByIds } from '../register/register.sql.ts';
import type { Caller } from '../sale/idempotency.ts';
import { lockSale } from '../sale/sale.queries.ts';
import { shiftsOfSales, lockShift } from '../shift/shift.sql.ts';
import { refundTargets } from '../stored-value/returned-value.ts';
import { saleNotPostVoidable, type SalePostVoidRefusal } from './post-void.errors.ts';
import { leftOfAll, refundsInOrder } from './refund.ts';
import { saleNotReturnable } from './return.errors.ts';
import { checkReason, type ReturnReason } from './return.input.ts';
import { returnsByIds } from './return.queries.ts';
import { linesBack, type SaleReturn } from './return.sql.ts';
import { drawerProblem, paidTenders, writeReturn } from './return.steps.ts';
import { decideLines } from './return.ts';

export type SalePostVoidInput = {
  saleId: string;
  reason: ReturnReason;
  note?: string | null;
  idempotencyKey: string;
};
type Voided = { __typename: 'SalePostVoidSuccess'; saleReturn: SaleReturn };

export type PostVoidService = ReturnType<typeof createPostVoidService>;

export function createPostVoidService({ db, wakeRelay }: { db: Database; wakeRelay: () => void }) {
  const committed = () => {
    crashAt('return.after-commit');
    wakeRelay();
  };
  return {
    /** Takes a committed sale back as a whole while its shift is open: goods to where they were, money as it came. */
    async postVoid(
      caller: Caller,
      input: SalePostVoidInput,
    ): Promise<Voided | SalePostVoidRefusal> {
      const invalid = checkReason(input);
      if (invalid) return invalid;
      if (!isUuid(input.saleId)) return notFound('Sale', input.saleId);
      return db.command(
        caller,
        { operation: 'salePostVoid', input, afterCommit: [committed] },
        (tx) => postVoid(tx, caller, input),
        async (tx, { returnId }) => ({
          __typename: 'SalePostVoidSuccess' as const,
          saleReturn: (await returnsByIds(tx, [returnId]))[0]!,
        }),
      );
    },
  };
}

// The order of locks of a return. Of two at once the second finds what the first took back.
async function postVoid(tx: Tx, caller: Caller, input: SalePostVoidInput) {
  const sale = await lockSale(tx, input.saleId);
  if (!sale) return notFound('Sale', input.saleId);
  if (sale.status !== 'COMMITTED') return saleNotReturnable(sale);
  const before = await linesBack(tx, sale.id);
  if ([...before.values()].some(({ quantity }) => quantity > 0))
    return saleNotPostVoidable(sale, 'CAME_BACK');
  if (sale.exchangeOf !== null) return saleNotPostVoidable(sale, 'EXCHANGE');
  const shift = await openShiftOf(tx, sale.id);
  if (!shift) return saleNotPostVoidable(sale, 'SHIFT_NOT_OPEN');
  const whole = decideLines(
    sale,
    before,
    sale.lines.map(({ id }) => ({ lineId: id })),
  );
  if (isRefusal(whole)) throw new Error(`nothing of sale ${sale.id} came back, yet ${whole.code}`);
  const tenders = await paidTenders(tx, sale);
  const asPaid = refundsInOrder(tenders, leftOfAll(tenders));
  const till = { shiftId: shift.id, sale, registerId: shift.registerId };
  const uncovered = await drawerProblem(tx, caller, till, { refunds: asPaid });
  if (uncovered) return uncovered;
  const { lines } = whole;
  const refunds = await refundTargets(tx, { sale, credit: null, lines, refunds: asPaid });
  if (isRefusal(refunds)) return refunds;
  const [register] = await registersByIds(tx, [shift.registerId]);
  const { reason, note } = input;
  const returnId = await writeReturn(tx, sale, {
    ...{ lines, tenders, refunds, kind: 'POST_VOID', register: register! },
    ...{ shiftId: shift.id, reason, note, returnedBy: caller.subject },
  });
  return { returnId };
}

async function openShiftOf(tx: Tx, saleId: string) {
  const [sold] = await shiftsOfSales(tx, [saleId]);
  const shift = sold?.shiftId ? await lockShift(tx, sold.shiftId) : undefined;
  return shift?.closedAt === null ? shift : undefined;
}
