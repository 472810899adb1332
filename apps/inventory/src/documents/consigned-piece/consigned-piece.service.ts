import type { Database } from '@onecount/db';
import { isRefusal } from '@onecount/refusal';
import type { Caller } from '../../kernel/caller.ts';
import type { SerialUnitStatus } from '../../kernel/serial-unit/serial-unit.sql.ts';
import type { AdjustmentService } from '../adjustment/adjustment.service.ts';
import { pieceNamed } from './consigned-piece.sql.ts';

export type ConsignedPieceLeaveInput = {
  consignmentReturnId: string;
  sku: string;
  serialUnitId?: string | null;
  locationId: string;
  quantity: number;
};
type Left = { outcome: 'LEFT' | 'NOT_COUNTED' | 'STAYS'; message: string | null };

/** What POS asks about pieces that belong to somebody else. */
export function createConsignedPieceService(deps: {
  db: Database;
  adjustments: AdjustmentService;
}) {
  return {
    named: (caller: Caller, sku: string, serial: string | null) =>
      deps.db.read(caller.tenantId, (tx) => pieceNamed(tx, sku, serial)),

    /**
     * A correction under the id of the document. As a person's (without the scope of a service) its refusal is kept: two who
     * ask at once are told the same, so that POS never takes back a piece that has left (ADR 0376).
     */
    async leave(caller: Caller, input: ConsignedPieceLeaveInput): Promise<Left> {
      const { consignmentReturnId, sku, serialUnitId, locationId, quantity } = input;
      const answer = await deps.adjustments.adjust(
        { ...caller, scopes: new Set() },
        {
          ...{ sku, serialUnitId: serialUnitId ?? null, locationId, quantity: -quantity },
          ...{ reason: 'OTHER', note: 'Given back to its owner.' },
          ...{ referenceKind: 'CONSIGNMENT_RETURN', referenceId: consignmentReturnId },
          idempotencyKey: `consignment-return ${consignmentReturnId}`,
        },
      );
      if (!isRefusal(answer)) return { outcome: 'LEFT', message: null };
      const { __typename, message } = answer;
      const isGone = __typename === 'TransitionNotAllowed' && isOutOfCount(answer.from);
      return { outcome: isGone ? 'NOT_COUNTED' : 'STAYS', message };
    },
  };
}

const isOutOfCount = (status: SerialUnitStatus) => status === 'LOST' || status === 'SCRAPPED';
