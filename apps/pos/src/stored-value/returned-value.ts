import type { Tx } from '@onecount/db';
import { invalidInput, notFound } from '@onecount/refusal';
import { customerErased } from '../customer/customer.errors.ts';
import { customersByIds } from '../customer/customer.sql.ts';
import type { Refund } from '../return/refund.ts';
import type { SaleReturnInput } from '../return/return.input.ts';
import type { NewReturn } from '../return/return.sql.ts';
import type { ReturnLine } from '../return/return.ts';
import type { Caller } from '../sale/idempotency.ts';
import type { Sale } from '../sale/sale.ts';
import { storedValueRefused } from './stored-value.errors.ts';
import { lockStoredValue, storedValuesByIds } from './stored-value.queries.ts';
import { ensureCredit, moveValue, type Movement } from './stored-value.sql.ts';
import { isStoredKind } from './stored-value.ts';

// The part of a return that gift cards and store credits have; inside its transaction.

type Decided = { sale: Sale; lines: readonly ReturnLine[]; refunds: readonly Refund[] };
type Asked = Decided & { input: Pick<SaleReturnInput, 'creditCustomerId'> };

/** The store credit that gets what was paid otherwise; null where no refund is of that kind. */
export async function creditAsked(tx: Tx, caller: Caller, { sale, input, refunds }: Asked) {
  if (!refunds.some(({ kind, storedValueId }) => isStoredKind(kind) && !storedValueId)) return null;
  const customerId = input.creditCustomerId ?? sale.customerId;
  return creditOfCustomer(tx, caller, { customerId, currencyCode: sale.currencyCode });
}

/**
 * Each refund with the card or credit that gets it: the one that paid, what took its place, or `credit`. All that the return
 * moves is locked here, in the order of the ids as a sale does; a gift card that comes back and was spent in the meantime
 * refuses it.
 */
export async function refundTargets(
  tx: Tx,
  { sale, lines, refunds, credit }: Decided & { credit: string | null },
) {
  const successors = await successorsOf(tx, [
    ...refunds.flatMap(({ storedValueId }) => storedValueId ?? []),
    ...cardsBack(sale, lines).map(({ storedValueId }) => storedValueId),
  ]);
  const spent = await lockedAndUnspent(tx, { sale, lines, successors, credit });
  if (spent) return spent;
  return refunds.map((refund): Refund => {
    if (!isStoredKind(refund.kind)) return refund;
    const { storedValueId: id } = refund;
    return { ...refund, storedValueId: id === null ? credit : successors.get(id)! };
  });
}

/** The store credit of a customer, made where there is none; for whatever puts money on it next. */
export async function creditOfCustomer(
  tx: Tx,
  { subject: issuedBy }: Caller,
  { customerId, currencyCode }: { customerId: string | null; currencyCode: string },
) {
  if (customerId === null)
    return invalidInput('creditCustomerId', 'A store credit is of a customer: say whose.');
  const [customer] = await customersByIds(tx, [customerId]);
  if (!customer) return notFound('Customer', customerId);
  if (!customer.profile) return customerErased(customer.askedId);
  return ensureCredit(tx, { customerId: customer.id, currencyCode, issuedBy });
}

/** By card or credit, what has its money: itself, or the card that took its place. */
async function successorsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const known = ids.length === 0 ? [] : await storedValuesByIds(tx, ids);
  return new Map(known.map(({ id, replacedBy }) => [id, replacedBy ?? id]));
}

/** What lines that come back had put on gift cards; what was given away for nothing put nothing there. */
function cardsBack(sale: Sale, lines: readonly ReturnLine[]) {
  return lines.flatMap(({ lineId, totalMinor }) => {
    const storedValueId = sale.lines.find(({ id }) => id === lineId)?.giftCardId;
    return storedValueId && totalMinor > 0 ? [{ storedValueId, lineId, totalMinor }] : [];
  });
}

type Locked = Pick<Decided, 'sale' | 'lines'> & {
  successors: ReadonlyMap<string, string>;
  credit: string | null;
};

async function lockedAndUnspent(tx: Tx, { sale, lines, successors, credit }: Locked) {
  const taken = new Map<string, number>();
  for (const { storedValueId, totalMinor } of cardsBack(sale, lines)) {
    const id = successors.get(storedValueId)!;
    taken.set(id, (taken.get(id) ?? 0) + totalMinor);
  }
  const all = new Set([...successors.values(), ...(credit === null ? [] : [credit])]);
  for (const id of [...all].sort()) {
    const { balanceMinor: availableMinor, kind, currencyCode } = (await lockStoredValue(tx, id))!;
    const requestedMinor = taken.get(id) ?? 0;
    if (requestedMinor > availableMinor)
      return storedValueRefused({
        ...{ kind, problem: 'INSUFFICIENT', currencyCode, requestedMinor, availableMinor },
      });
  }
  return undefined;
}

/** Takes from the gift cards that come back what was put on them, and gives back what cards and credits get. */
export async function moveReturned(tx: Tx, sale: Sale, back: NewReturn): Promise<void> {
  const of = { saleId: sale.id, returnId: back.id, recordedBy: back.returnedBy };
  const cards = cardsBack(sale, back.lines);
  const successors = await successorsOf(
    tx,
    cards.map(({ storedValueId }) => storedValueId),
  );
  const moves: Movement[] = [
    ...cards.map(({ storedValueId, lineId, totalMinor }) => ({
      ...{ storedValueId: successors.get(storedValueId)!, kind: 'TAKEN_BACK' as const },
      ...{ amountMinor: -totalMinor, of: { ...of, lineId } },
    })),
    ...back.refunds.flatMap(({ storedValueId, amountMinor }) =>
      storedValueId === null ? [] : [{ storedValueId, kind: 'REFUNDED' as const, amountMinor, of }],
    ),
  ];
  for (const movement of moves) await moveValue(tx, movement);
}
