import { refuse } from '@onecount/db';
import { textOfReference, type UnitReference } from '../known-unit/known-unit.ts';
import { nextStages, type RepairRow, type RepairStage } from './repair.ts';

export const invalidInput = (field: string, message: string, value?: string) =>
  refuse('InvalidInput', 'INVALID_INPUT', message, { field, value: value?.slice(0, 80) });

export const unitNotFound = (reference: UnitReference) => {
  const id = textOfReference(reference);
  return refuse('NotFound', 'NOT_FOUND', `There is no serial unit ${id}.`, {
    kind: 'SerialUnit',
    id,
  });
};

export const repairNotFound = (id: string) =>
  refuse('NotFound', 'NOT_FOUND', `There is no repair ${id}.`, { kind: 'Repair', id });

export const stageNotAllowed = (repair: RepairRow, to: RepairStage) => {
  const allowed = nextStages[repair.stage];
  const choices = allowed.length > 0 ? `only ${allowed.join(' or ')}` : 'nothing';
  return refuse(
    'StageNotAllowed',
    'STAGE_NOT_ALLOWED',
    `Ticket ${repair.ticketNumber} is ${repair.stage}; ${choices} can follow, not ${to}.`,
    { ticketNumber: repair.ticketNumber, from: repair.stage, to, allowed: [...allowed] },
  );
};
