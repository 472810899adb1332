import { notFound, refuse } from '@onecount/refusal';
import { textOfReference, type UnitReference } from '../known-unit/known-unit.ts';
import { nextStages, type RepairRow, type RepairStage } from './repair.ts';

export const unitNotFound = (reference: UnitReference) =>
  notFound('SerialUnit', textOfReference(reference));

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
