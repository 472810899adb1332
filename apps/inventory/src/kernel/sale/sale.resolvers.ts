import { badInput } from '@onecount/graphql';
import { checkId, checkWhole, firstOf, isRefusal } from '@onecount/refusal';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { Placed } from '../hold/hold.service.ts';
import { holdSecondsMax } from '../input.ts';
import type { SaleHoldLine } from './sale-hold.target.ts';
import type { SaleService } from './sale.service.ts';
import type { ClaimedLine } from './sale.sql.ts';

export function saleResolvers({ sales }: { sales: SaleService }): Pick<Resolvers, 'Mutation'> {
  return {
    Mutation: {
      async saleHoldPlace(_, { input }, { caller }) {
        const line = { ...input, holdSeconds: input.holdSeconds ?? 900 };
        const result = await sales.placeHold(caller, line);
        return isRefusal(result) ? result : placeSuccess(result, line);
      },
      async saleHoldsPlace(_, { input }, { caller }) {
        const { lines } = input;
        const basket = { ...input, holdSeconds: input.holdSeconds ?? 900 };
        const result = await sales.placeHolds(caller, basket);
        if (isRefusal(result)) return result;
        return {
          __typename: 'SaleHoldsPlaceSuccess',
          holds: result.holds.map((hold, index) => placeSuccess(hold, lines[index]!)),
        };
      },
      async saleLineHoldsRenew(_, { input }, { caller }) {
        const problem = firstOf(
          checkId('saleId', input.saleId),
          checkWhole('holdSeconds', input.holdSeconds, { min: 1, max: holdSecondsMax }),
        );
        if (problem) throw badInput(problem.message, { field: problem.field });
        return { saleId: input.saleId, holds: await sales.renewHolds(caller, input) };
      },
      async saleHoldResize(_, { input }, { caller }) {
        const line = { ...input, holdSeconds: input.holdSeconds ?? 900 };
        const result = await sales.resizeHold(caller, line);
        return isRefusal(result) ? result : placeSuccess(result, line);
      },
      saleHoldRelease: (_, { input }, { caller }) => sales.releaseLine(caller, input),
      async saleClaim(_, { input }, { caller }) {
        const result = await sales.claim(caller, input);
        return isRefusal(result) ? result : { ...result, lines: result.lines.map(claimedLine) };
      },
      saleRelease: (_, { input }, { caller }) => sales.release(caller, input),
    },
  };
}

function placeSuccess({ item, placed }: Placed, { quantity }: Pick<SaleHoldLine, 'quantity'>) {
  return {
    __typename: 'SaleHoldPlaceSuccess' as const,
    ...item,
    holdId: placed?.holdId ?? null,
    quantity: placed?.quantity ?? quantity ?? 1,
    serialUnitId: placed?.serialUnitId ?? null,
    serial: placed?.serial ?? null,
    stockNumber: placed?.stockNumber ?? null,
    locationId: placed?.locationId ?? null,
    locationCode: placed?.locationCode ?? null,
    expiresAt: placed?.expiresAt ?? null,
  };
}

function claimedLine(line: ClaimedLine) {
  // One unit of several pieces is not the line's: the others were claimed without.
  const only = line.units.length === 1 && (line.quantity ?? 1) === 1 ? line.units[0]! : null;
  return { ...line, serialUnitId: only?.serialUnitId ?? null, serial: only?.serial ?? null };
}
