import { invalidInput, notFound, type Refusal } from '@onecount/refusal';
import { insufficientStock, nameOf, unitNotAvailable } from '../../stock.errors.ts';
import type { AllocationOutcome } from './allocation.ts';
import { changeRefusal, tooMany } from './hold.errors.ts';

/** Why no unit was chosen; `of` is what was asked to be given one. */
export function allocationRefusal(
  refused: Exclude<AllocationOutcome, { outcome: 'DONE' }>,
  of: { holdId: string } | { saleId: string; lineId: string },
): Refusal {
  const subject = 'holdId' in of ? 'holdId' : 'lineId';
  switch (refused.outcome) {
    case 'NOT_SERIAL':
      return invalidInput(subject, `${refused.sku} is not counted unit by unit.`);
    case 'HAS_UNIT':
      return invalidInput(subject, 'It has its unit already: swap it by holdReallocate.');
    case 'HAS_NO_UNIT':
      return invalidInput(subject, 'It has no unit yet: choose one by holdAllocate.');
    case 'NO_SUCH_LINE':
      return notFound('SaleLine', 'lineId' in of ? of.lineId : of.holdId);
    case 'NOT_SOLD':
      return invalidInput(subject, 'The sale is not in the ledger yet: use holdAllocate.');
    case 'NO_SUCH_UNIT':
      return notFound('SerialUnit', `${refused.sku} ${refused.name}`);
    case 'NAMED_TWICE':
      return invalidInput(`units.${refused.index}`, 'A unit is named twice.', refused.name);
    case 'UNIT_TAKEN':
      return unitNotAvailable(refused, refused);
    case 'UNIT_ELSEWHERE':
      return invalidInput(
        'units',
        `${nameOf(refused)} is at ${refused.locationCode}.`,
        refused.serial,
      );
    case 'INSUFFICIENT':
      return insufficientStock(refused, refused);
    case 'TOO_MANY':
      return tooMany(refused.quantity);
    case 'NO_SUCH_HOLD':
    case 'NOT_LIVE':
    case 'OF_A_SALE':
    case 'OF_A_DOCUMENT':
      return changeRefusal(refused, { holdId: 'holdId' in of ? of.holdId : of.lineId });
  }
}
