import { checkKey, invalidInput, isUuid, type InvalidInput } from '@onecount/refusal';
import type { UnitReference } from '../known-unit/known-unit.ts';

export type RepairOpenInput = {
  idempotencyKey: string;
  serialUnitId?: string | null;
  sku?: string | null;
  serial?: string | null;
  pieceDescription?: string | null;
  workRequested: string;
  customerName?: string | null;
  customerPhone?: string | null;
};

/** The piece on the ticket: a unit of ours, or a description of the customer's own. */
export type Piece = { unit: UnitReference } | { description: string };

const lengthMax = {
  pieceDescription: 2000,
  workRequested: 2000,
  customerName: 200,
  customerPhone: 40,
};

/** The first thing that is wrong, in the order: key, texts, piece. */
export function pieceOf(input: RepairOpenInput): Piece | InvalidInput {
  return checkKey(input.idempotencyKey) ?? textProblem(input) ?? namedPiece(input);
}

function textProblem(input: RepairOpenInput): InvalidInput | undefined {
  if (input.workRequested.trim() === '')
    return invalidInput('workRequested', 'workRequested says what is to be done.');
  for (const [field, max] of Object.entries(lengthMax)) {
    const text = input[field as keyof typeof lengthMax];
    // The value is not repeated: it may be a name or a phone number, and refusals are logged by clients.
    if (text && text.length > max)
      return invalidInput(field, `${field} has at most ${max} characters.`);
  }
  return undefined;
}

function namedPiece(input: RepairOpenInput): Piece | InvalidInput {
  const { serialUnitId, sku, serial, pieceDescription } = input;
  const ways = [serialUnitId, sku || serial, pieceDescription?.trim()].filter(Boolean).length;
  const isWhole = !(sku || serial) || (sku && serial);
  if (ways !== 1 || !isWhole)
    return invalidInput(
      'serialUnitId',
      'Give exactly one of: serialUnitId, sku together with serial, or pieceDescription.',
    );
  if (serialUnitId && !isUuid(serialUnitId))
    return invalidInput('serialUnitId', 'serialUnitId is not an id of ours.', serialUnitId);
  if (serialUnitId) return { unit: { serialUnitId } };
  if (sku && serial) return { unit: { sku, serial } };
  return { description: pieceDescription!.trim() };
}
