import { invalidInput, refuse } from '@onecount/refusal';
import { nameOf, type Piece } from '../stock.errors.ts';
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

export function unitCollapsed(piece: Piece) {
  const message = `${nameOf(piece)} is one of a quantity by now, and no unit any more.`;
  return invalidInput('serialUnitId', message);
}

export function lookAlikeWords(serial: string, other: string): string {
  return `Serial ${serial} looks like ${other}, which another unit of the item has: give allowLookAlike if it is meant.`;
}

export function unitNameLooksAlike(serial: string, other: string) {
  const data = { field: 'serial', value: serial };
  return refuse('UnitNameTaken', 'UNIT_NAME_TAKEN', lookAlikeWords(serial, other), data);
}

/** `field`: `serial` or `stockNumber`. */
export function unitNameTaken(field: string, value: string) {
  const message =
    field === 'serial'
      ? `Serial ${value} is that of another unit of the item.`
      : `Stock number ${value} was given before; a number is never used again.`;
  return refuse('UnitNameTaken', 'UNIT_NAME_TAKEN', message, { field, value });
}

export function unitHasSuccessor(piece: Piece, successorId: string) {
  const message = `${nameOf(piece)} was made into another unit before.`;
  return refuse('UnitHasSuccessor', 'UNIT_HAS_SUCCESSOR', message, { successorId });
}

export function unitNotSucceedable(piece: Piece, status: SerialUnitStatus) {
  const message = `${nameOf(piece)} is ${status}: only what came back, is at the bench or was scrapped is made into another unit.`;
  return refuse('UnitNotSucceedable', 'UNIT_NOT_SUCCEEDABLE', message, { status });
}
