import { uuidv7, type Database, type Tx } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { appendEvents } from '@onecount/messaging';
import { sumMinor } from '@onecount/money';
import { isRefusal, isUuid, notFound } from '@onecount/refusal';
import { insufficientCash } from '../cash/cash-movement.errors.ts';
import { registersByIds, type Register } from '../register/register.sql.ts';
import { cashOf, expectedOf } from '../report/figures.ts';
import { readFigures } from '../report/figures.sql.ts';
import type { Caller } from '../sale/idempotency.ts';
import { registerClosed } from '../sale/sale.errors.ts';
import { lockSale } from '../sale/sale.queries.ts';
import type { Sale } from '../sale/sale.ts';
import { lockOpenShift } from '../shift/shift.sql.ts';
import { keptOf, leftOfAll, refundsAsked, refundsInOrder, type Refund } from './refund.ts';
import { saleNotReturnable, type SaleReturnRefusal } from './return.errors.ts';
import { saleReturnedEvent } from './return.event.ts';
import { checkReturn, readRefunds, type SaleReturnInput } from './return.input.ts';
import { returnsByIds } from './return.queries.ts';
import {
  countInSale,
  insertReturn,
  linesBack,
  nextReturnNumber,
  refundedOf,
  type NewReturn,
  type SaleReturn,
} from './return.sql.ts';
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

// Locks in the order of a sale: key, sale, lines, shift, series. Returns of one sale come one after the other behind it.
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
  const uncovered = await drawerProblem(tx, caller, { shiftId: shift.id, sale, register }, decided);
  if (uncovered) return uncovered;
  const version = await countInSale(tx, sale.id, decided);
  const { lines, refunds } = decided;
  const back: NewReturn = {
    ...{ id: uuidv7(), saleId: sale.id, registerId: register.id, shiftId: shift.id },
    number: await nextReturnNumber(tx, register.locationCode),
    ...{ locationId: register.locationId, currencyCode: sale.currencyCode, lines, refunds },
    ...{ totalMinor: totalOf(refunds), reason: input.reason, returnedBy: caller.subject },
    note: input.note?.trim() || null,
  };
  const returnedAt = await insertReturn(tx, back);
  await appendEvents(tx, [saleReturnedEvent(tx.tenantId, sale, { ...back, returnedAt, version })]);
  crashAt('return.before-commit');
  return { returnId: back.id };
}

/** What comes back and what goes back for it, or why not. */
async function decide(tx: Tx, sale: Sale, input: SaleReturnInput) {
  const back = decideLines(sale, await linesBack(tx, sale.id), input.lines);
  if (isRefusal(back)) return back;
  const { currencyCode } = sale;
  const wishes = input.refunds ? readRefunds(input.refunds, currencyCode) : undefined;
  if (isRefusal(wishes)) return wishes;
  const refunded = await refundedOf(tx, sale.id);
  const tenders = keptOf(sale.tenders, sale.changeMinor).map((keptMinor, position) => ({
    ...{ position, kind: sale.tenders[position]!.kind, keptMinor },
    refundedMinor: refunded[position]!,
  }));
  const dueMinor = dueOf(back, leftOfAll(tenders));
  const refunds = wishes
    ? refundsAsked(tenders, { dueMinor, currencyCode }, wishes)
    : refundsInOrder(tenders, dueMinor);
  return isRefusal(refunds) ? refunds : { lines: back.lines, tenders, refunds };
}

const totalOf = (refunds: readonly Refund[]) =>
  sumMinor(refunds.map(({ amountMinor }) => amountMinor));

/** Cash that is not in the drawer cannot leave it; behind the lock of the shift, as every movement of its cash. */
async function drawerProblem(
  tx: Tx,
  caller: Caller,
  { shiftId, sale, register }: { shiftId: string; sale: Sale; register: Register },
  { refunds }: { refunds: readonly Refund[] },
) {
  const minor = totalOf(refunds.filter(({ kind }) => kind === 'CASH'));
  if (minor === 0) return undefined;
  const { currencyCode } = sale;
  const inDrawer = cashOf(expectedOf(await readFigures(tx, shiftId)), currencyCode);
  const isTold = caller.scopes?.has('register:manage') ?? false;
  return minor <= inDrawer
    ? undefined
    : insufficientCash(register.id, { minor, currencyCode }, isTold ? inDrawer : null);
}
