import type { Tx } from '@onecount/db';
import { invalidInput, isRefusal, notFound } from '@onecount/refusal';
import { registersByIds } from '../register/register.sql.ts';
import { registerClosed } from '../sale/sale.errors.ts';
import type { TenderInput } from '../sale/sale.input.ts';
import type { Sale } from '../sale/sale.ts';
import { belowMinimumPrice } from '../consignment/consignment.errors.ts';
import { promotionRefused } from '../discount/promotion.errors.ts';
import { sumOf, tendersOf } from '../sale/tender.ts';
import { lockOpenShift } from '../shift/shift.sql.ts';
import { layByAmountRefused } from './lay-by.errors.ts';
import { linesBelow, reservePromotions } from './lay-by.sql.ts';

export type Paying = { leastMinor: number; mostMinor: number };

/**
 * What is paid now: what stays in the drawer, since the till has given the change. More than is left would be change of
 * another day, so it is refused.
 */
export function payable(
  inputs: readonly TenderInput[],
  of: Paying & { currencyCode: string; registerId: string | null },
) {
  const tenders = tendersOf(inputs, of.currencyCode);
  if (isRefusal(tenders)) return tenders;
  const cash = tenders.findIndex(({ kind }) => kind === 'CASH');
  if (cash >= 0 && of.registerId === null)
    return invalidInput(`tenders.${cash}.kind`, 'Cash is taken at a register.', 'CASH');
  const tenderedMinor = sumOf(tenders);
  return tenderedMinor < of.leastMinor || tenderedMinor > of.mostMinor
    ? layByAmountRefused({ ...of, tenderedMinor })
    : { tenders, amountMinor: tenderedMinor };
}

/** What every checkout minds besides the money: prices that were agreed with owners, and promotions that can be used up. */
export async function checkoutProblem(tx: Tx, { id, currencyCode }: Sale) {
  const below = await linesBelow(tx, id);
  if (below.length > 0) return belowMinimumPrice(below, currencyCode);
  const problem = await reservePromotions(tx, id);
  return problem ? promotionRefused(problem.code, problem.reason) : undefined;
}

/** The open shift in which the money is taken or given, locked; null where no till is named. */
export async function tillOf(tx: Tx, registerId: string | null) {
  if (registerId === null) return null;
  const [register] = await registersByIds(tx, [registerId]);
  if (!register) return notFound('Register', registerId);
  const shift = await lockOpenShift(tx, registerId);
  return shift ? { registerId, shiftId: shift.id } : registerClosed(registerId);
}

/** Payments are numbered where the sale is. */
export const seriesOf = ({ locationCode, channel }: Sale): string => locationCode ?? channel;
