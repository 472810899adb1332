import { refuse } from '@onecount/db';
import { invalidInput, nameOf, type Piece } from '../stock.errors.ts';
import type { SerialUnitStatus } from './serial-unit.sql.ts';

export function transitionNotAllowed(
  piece: Piece,
  asked: { from: SerialUnitStatus; to: SerialUnitStatus; allowed: SerialUnitStatus[] },
) {
  const { from, to, allowed } = asked;
  const ways = allowed.length > 0 ? `it can become ${allowed.join(', ')}` : 'it stays that';
  const message = `${nameOf(piece)} is ${from} and cannot be made ${to}: ${ways}.`;
  return refuse('TransitionNotAllowed', 'TRANSITION_NOT_ALLOWED', message, { from, to, allowed });
}

export function notSerial(piece: Piece) {
  const message = `${nameOf(piece)} is not counted unit by unit: correct the count of its item.`;
  return invalidInput('serialUnitId', message);
}
