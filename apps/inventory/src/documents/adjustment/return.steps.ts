import type { Tx } from '@onecount/db';
import { invalidInput, isUuid, notFound } from '@onecount/refusal';
import { idOf } from '../../kernel/input.ts';
import { nameOf, type Piece } from '../../kernel/stock.errors.ts';
import { saleDidNotSell } from './sale-correction.errors.ts';
import { isSaleKnown, lockSale, selectSaleOfUnit, selectSaleTaken } from './sale-correction.sql.ts';
import { correctableOf } from './sale-correction.ts';

type Return = { referenceId?: string | null; quantity: number };

/**
 * Locks the sale that goods come back of: two who bring them back at once see each other. First of all, as whoever
 * corrects the sale does. A return of no sale is for its item to judge.
 */
export async function lockReturnedSale(tx: Tx, { referenceId }: Return) {
  if (!referenceId) return undefined;
  if (!isUuid(referenceId)) return notFound('Sale', referenceId);
  await lockSale(tx, idOf(referenceId));
  return (await isSaleKnown(tx, idOf(referenceId))) ? undefined : notFound('Sale', referenceId);
}

/** More never comes back of a sale than it took and has not given back yet; under the lock of the sale. */
export async function returnProblem(
  tx: Tx,
  item: Piece & { id: string },
  { referenceId, quantity: requested }: Return,
) {
  if (!referenceId)
    return invalidInput('referenceId', `Give the sale that ${nameOf(item)} comes back of.`);
  const saleId = idOf(referenceId);
  const { sold, corrected } = correctableOf(
    await selectSaleTaken(tx, { saleId, stockItemId: item.id }),
    null,
  );
  return requested > sold - corrected
    ? saleDidNotSell(item, { saleId, sold, corrected, requested })
    : undefined;
}

/** A unit comes back of the sale that it left with, which need not be named; one that is here, of none. */
export async function unitReturnProblem(
  tx: Tx,
  unit: Piece & { id: string },
  { referenceId }: Return,
) {
  const saleId = await selectSaleOfUnit(tx, unit.id);
  if (!referenceId || !saleId || idOf(referenceId) === saleId) return undefined;
  return invalidInput('referenceId', `${nameOf(unit)} left with another sale.`, referenceId);
}
