import { idempotencyKeyReused } from '@onecount/db';
import { isUuid, notFound } from '@onecount/refusal';
import { keyUseOf, refusedBefore, type Caller } from './idempotency.ts';
import type { BasketDeps } from './line.service.ts';
import { saleNotOpen, type LineRemoveRefusal } from './sale.errors.ts';
import { checkHoldsRenew, type SaleHoldsRenewInput } from './sale.input.ts';
import { readForCheckout, storeRenewal, type KeyRecord, type KeyUse } from './sale.sql.ts';
import { lineAsItIs, takesLines, type LineOfSale, type Sale } from './sale.ts';

type HoldsRenewed = {
  __typename: 'SaleHoldsRenewSuccess';
  sale: Sale;
  heldUntil: string | null;
  lost: LineOfSale[];
};

/** Inventory first: what it extends it never shortens, so that an attempt which died is simply made again. */
export async function renewHolds(
  deps: BasketDeps,
  caller: Caller,
  input: SaleHoldsRenewInput,
): Promise<HoldsRenewed | LineRemoveRefusal> {
  const invalid = checkHoldsRenew(input);
  if (invalid) return invalid;
  const { saleId } = input;
  if (!isUuid(saleId)) return notFound('Sale', saleId);
  const use = keyUseOf(caller, input);
  const { record, sale } = await readForCheckout(deps.db, { ...use, saleId });
  if (record) return replayed(record, use, sale);
  if (!sale) return notFound('Sale', saleId);
  if (!takesLines(sale)) return saleNotOpen(sale);
  const holdSeconds = input.holdSeconds ?? deps.holdSeconds;
  const holds = await deps.inventory.renewHolds(caller, { saleId, holdSeconds });
  const held = new Set(holds.map(({ lineId }) => lineId));
  // Of the lines that were there before: one that came meanwhile was held after the renewal.
  const lost = sale.lines.filter(({ id, heldUntil }) => heldUntil !== null && !held.has(id));
  const ids = lost.map(({ id }) => id);
  const step = await storeRenewal(deps.db, use, { saleId, holds, lost: ids });
  switch (step.outcome) {
    case 'RENEWED':
      return renewed(step.sale!, ids);
    case 'KEY_USED':
      return replayed(step.record!, use, step.sale ?? null);
    case 'NOT_OPEN':
      return saleNotOpen(step.sale!);
  }
}

function replayed(
  record: KeyRecord,
  use: KeyUse,
  sale: Sale | null,
): HoldsRenewed | LineRemoveRefusal {
  return (
    refusedBefore<LineRemoveRefusal>(record, use, 'saleHoldsRenew') ??
    (sale ? renewed(sale, record.response.lost!) : idempotencyKeyReused(use.key))
  );
}

function renewed(sale: Sale, lostIds: readonly string[]): HoldsRenewed {
  const { lines } = sale;
  const isLost = ({ id }: { id: string }) => lostIds.includes(id);
  const ends = lines.flatMap((line) => (isLost(line) ? [] : (line.heldUntil ?? [])));
  return {
    __typename: 'SaleHoldsRenewSuccess',
    sale,
    heldUntil: ends.sort((one, other) => Date.parse(one) - Date.parse(other))[0] ?? null,
    lost: lines.filter(isLost).map((line) => lineAsItIs(sale, line)),
  };
}
