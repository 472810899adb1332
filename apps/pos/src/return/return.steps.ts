import { uuidv7, type Tx } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { appendEvents } from '@onecount/messaging';
import { sumMinor } from '@onecount/money';
import { insufficientCash } from '../cash/cash-movement.errors.ts';
import type { Register } from '../register/register.sql.ts';
import { cashOf, expectedOf } from '../report/figures.ts';
import { readFigures } from '../report/figures.sql.ts';
import type { Caller } from '../sale/idempotency.ts';
import type { Sale } from '../sale/sale.ts';
import { moveReturned } from '../stored-value/returned-value.ts';
import { keptOf, type PaidTender, type Refund } from './refund.ts';
import { saleReturnedEvent } from './return.event.ts';
import type { ReturnReason } from './return.input.ts';
import {
  countInSale,
  insertReturn,
  nextReturnNumber,
  nextVersion,
  refundedOf,
  type NewReturn,
  type ReturnKind,
} from './return.sql.ts';
import type { ReturnLine } from './return.ts';

// What every kind of return does, inside the transaction of its use case.

/** What comes back, and what of which tender goes back for it. */
export type DecidedReturn = { lines: ReturnLine[]; tenders: PaidTender[]; refunds: Refund[] };

/** What each tender of the sale paid and gave back so far. */
export async function paidTenders(tx: Tx, sale: Sale): Promise<PaidTender[]> {
  const refunded = await refundedOf(tx, sale.id);
  return keptOf(sale.tenders, sale.changeMinor).map((keptMinor, position) => ({
    ...{ position, kind: sale.tenders[position]!.kind, keptMinor },
    storedValueId: sale.tenders[position]!.storedValue?.id ?? null,
    refundedMinor: refunded[position]!,
  }));
}

const totalOf = (refunds: readonly Refund[]) =>
  sumMinor(refunds.map(({ amountMinor }) => amountMinor));

/** Cash that is not in the drawer cannot leave it; behind the lock of the shift, as every movement of its cash. */
export async function drawerProblem(
  tx: Tx,
  caller: Caller,
  { shiftId, sale, registerId }: { shiftId: string; sale: Sale; registerId: string },
  { refunds }: Pick<DecidedReturn, 'refunds'>,
) {
  const minor = totalOf(refunds.filter(({ kind }) => kind === 'CASH'));
  if (minor === 0) return undefined;
  const { currencyCode } = sale;
  const inDrawer = cashOf(expectedOf(await readFigures(tx, shiftId)), currencyCode);
  const isTold = caller.scopes?.has('register:manage') ?? false;
  return minor <= inDrawer
    ? undefined
    : insufficientCash(registerId, { minor, currencyCode }, isTold ? inDrawer : null);
}

export type ReturnDocument = DecidedReturn & {
  kind: ReturnKind;
  register: Pick<Register, 'id' | 'locationId' | 'locationCode'>;
  shiftId: string;
  reason: ReturnReason;
  note?: string | null | undefined;
  returnedBy: string;
};

/**
 * Counts what comes back in the sale, writes the document, and says so once. Behind the locks of sale, shift, cards and
 * credits (`refundTargets`).
 */
export async function writeReturn(tx: Tx, sale: Sale, of: ReturnDocument): Promise<string> {
  await countInSale(tx, sale.id, of);
  return storeReturn(tx, sale, { ...of, id: uuidv7() });
}

/** Of what is counted in the sale already. Answers its id. */
export async function storeReturn(
  tx: Tx,
  sale: Sale,
  of: ReturnDocument & { id: string },
): Promise<string> {
  const { id, kind, register, shiftId, lines, refunds, reason, returnedBy } = of;
  const version = await nextVersion(tx, sale.id);
  const back: NewReturn = {
    ...{ id, kind, saleId: sale.id, registerId: register.id, shiftId },
    number: await nextReturnNumber(tx, register.locationCode),
    ...{ locationId: register.locationId, currencyCode: sale.currencyCode, lines, refunds },
    ...{ totalMinor: totalOf(refunds), reason, returnedBy, note: of.note?.trim() || null },
  };
  const returnedAt = await insertReturn(tx, back);
  await moveReturned(tx, sale, back);
  await appendEvents(tx, [saleReturnedEvent(tx.tenantId, sale, { ...back, returnedAt, version })]);
  crashAt('return.before-commit');
  return back.id;
}
