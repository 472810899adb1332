import { waitForCopy, type Database, type IdempotencyKeyReused, type Tx } from '@onecount/db';
import { appendEvents } from '@onecount/messaging';
import { checkKey, isUuid, notFound, type InvalidInput, type NotFound } from '@onecount/refusal';
import { findUnit, lockUnits } from '../known-unit/known-unit.sql.ts';
import { stageNotAllowed, unitNotFound } from './repair.errors.ts';
import { repairChanged } from './repair.events.ts';
import { pieceOf, type Piece, type RepairOpenInput } from './repair.input.ts';
import { insertRepair, lockRepair, setStage } from './repair.sql.ts';
import {
  canFollow,
  type RepairDraft,
  type RepairOpened,
  type RepairStage,
  type RepairStageChanged,
} from './repair.ts';

export type RepairStageSetInput = { idempotencyKey: string; repairId: string; stage: RepairStage };
type Caller = { tenantId: string; subject: string };
type UnitNotFound = ReturnType<typeof unitNotFound>;
type StageRefusal = NotFound | ReturnType<typeof stageNotAllowed>;

export type RepairService = {
  open(
    caller: Caller,
    input: RepairOpenInput,
  ): Promise<RepairOpened | InvalidInput | UnitNotFound | IdempotencyKeyReused>;
  setStage(
    caller: Caller,
    input: RepairStageSetInput,
  ): Promise<RepairStageChanged | InvalidInput | StageRefusal | IdempotencyKeyReused>;
};

export function createRepairService(deps: {
  db: Database;
  /** How long a unit whose event is still in flight is waited for. */
  waitMs: number;
}): RepairService {
  const { db, waitMs } = deps;
  return {
    async open(caller, input) {
      const { tenantId, subject } = caller;
      const piece = pieceOf(input);
      if ('__typename' in piece) return piece;
      const located = await locate(db, { tenantId, piece, waitMs });
      if ('__typename' in located) return located;
      const draft = draftOf(input, located, subject);
      return db.command(caller, { operation: 'repairOpen', input }, (tx) => openRepair(tx, draft));
    },

    async setStage(caller, input) {
      const problem = checkKey(input.idempotencyKey);
      if (problem) return problem;
      if (!isUuid(input.repairId)) return notFound('Repair', input.repairId);
      return db.command(caller, { operation: 'repairStageSet', input }, (tx) =>
        moveRepair(tx, input),
      );
    },
  };
}

type Located = Pick<RepairDraft, 'serialUnitId' | 'pieceDescription'>;

async function locate(
  db: Database,
  of: { tenantId: string; piece: Piece; waitMs: number },
): Promise<Located | UnitNotFound> {
  if ('description' in of.piece)
    return { serialUnitId: null, pieceDescription: of.piece.description };
  const reference = of.piece.unit;
  const read = () => db.read(of.tenantId, (tx) => findUnit(tx, reference));
  const unit = await waitForCopy(read, { waitMs: of.waitMs });
  return unit ? { serialUnitId: unit.id, pieceDescription: null } : unitNotFound(reference);
}

function draftOf(input: RepairOpenInput, located: Located, openedBy: string): RepairDraft {
  return {
    ...located,
    workRequested: input.workRequested.trim(),
    customerName: input.customerName?.trim() || null,
    customerPhone: input.customerPhone?.trim() || null,
    openedBy,
  };
}

async function openRepair(tx: Tx, draft: RepairDraft): Promise<RepairOpened> {
  if (draft.serialUnitId) await lockUnits(tx, [draft.serialUnitId]);
  const repair = await insertRepair(tx, draft);
  await appendEvents(tx, [repairChanged(repair)]);
  return { __typename: 'RepairOpenSuccess', repairId: repair.id };
}

async function moveRepair(
  tx: Tx,
  input: RepairStageSetInput,
): Promise<RepairStageChanged | StageRefusal> {
  const repair = await lockRepair(tx, input.repairId);
  if (!repair) return notFound('Repair', input.repairId);
  if (!canFollow(repair.stage, input.stage)) return stageNotAllowed(repair, input.stage);
  const moved = await setStage(tx, { id: repair.id, from: repair.stage, to: input.stage });
  await appendEvents(tx, [repairChanged(moved)]);
  return { __typename: 'RepairStageSetSuccess', repairId: repair.id };
}
