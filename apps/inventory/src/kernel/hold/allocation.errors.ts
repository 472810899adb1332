import { invalidInput, notFound } from '@onecount/refusal';
import { unitElsewhere, unitNotAvailable, unitNotFound } from '../stock.errors.ts';
import type { ChoiceRefused, HoldChoiceRefused } from './allocation.ts';
import { heldRefusal, tooMany } from './hold.errors.ts';

/** Why no unit was chosen; `of` is what was asked to be given one. */
export function choiceRefusal(
  refused: ChoiceRefused,
  of: { holdId: string } | { saleId: string; lineId: string },
) {
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
      return unitNotFound({ sku: refused.sku, serial: refused.name });
    case 'NAMED_TWICE':
      return invalidInput(`units.${refused.index}`, 'A unit is named twice.', refused.name);
    case 'UNIT_TAKEN':
      return unitNotAvailable(refused, refused);
    case 'UNIT_ELSEWHERE':
      return unitElsewhere(refused, refused);
    case 'TOO_MANY':
      return tooMany(refused.quantity);
  }
}

export function holdChoiceRefusal(refused: HoldChoiceRefused, of: { holdId: string }) {
  switch (refused.outcome) {
    case 'NO_SUCH_HOLD':
    case 'NOT_LIVE':
    case 'OF_A_DOCUMENT':
      return heldRefusal(refused, of);
    default:
      return choiceRefusal(refused, of);
  }
}
