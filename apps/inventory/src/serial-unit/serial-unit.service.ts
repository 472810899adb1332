import {
  idempotent,
  isRefusal,
  refusalFromConstraint,
  type Database,
  type Refusal,
} from '@onecount/db';
import { wakeRelays } from '@onecount/messaging';
import type { Caller } from '../caller.ts';
import { checkId, checkKey, checkReference, checkText, firstOf, idOf } from '../input.ts';
import { invalidInput } from '../stock.errors.ts';
import { traceparent } from '../trace.ts';
import type { SerialUnitStatus } from './serial-unit.sql.ts';
import { setUnitStatus } from './unit-status.service.ts';

export type SerialUnitStatusSetInput = {
  serialUnitId: string;
  to: SerialUnitStatus;
  locationId?: string | null;
  note?: string | null;
  referenceKind?: string | null;
  referenceId?: string | null;
  idempotencyKey: string;
};
export type UnitStatusSet = { serialUnitId: string; movementId: string | null };
export type SerialUnitService = ReturnType<typeof createSerialUnitService>;

/** What people do to a unit by hand. */
export function createSerialUnitService(deps: { db: Database; onChange?: () => void }) {
  const { db, onChange = () => {} } = deps;
  return {
    async setStatus(
      caller: Caller,
      input: SerialUnitStatusSetInput,
    ): Promise<UnitStatusSet | Refusal> {
      const problem = checkStatusSet(input);
      if (problem) return problem;
      const request = { operation: 'serialUnitStatusSet', key: input.idempotencyKey, input };
      const change = {
        unitId: idOf(input.serialUnitId),
        to: input.to,
        ...(input.locationId ? { locationId: idOf(input.locationId) } : {}),
      };
      const document = {
        reason: null,
        referenceKind: input.referenceKind ?? null,
        referenceId: input.referenceId ?? null,
        note: input.note ?? null,
        actor: caller.subject,
        traceparent: traceparent(),
      };
      try {
        return await db.inTransaction(caller.tenantId, (tx) => {
          tx.afterCommit(wakeRelays);
          tx.afterCommit(onChange);
          return idempotent(tx, request, async () => {
            const set = await setUnitStatus(tx, change, document);
            if (isRefusal(set)) return set;
            return { serialUnitId: set.unitId, movementId: set.movementId };
          });
        });
      } catch (err) {
        return refusalFromConstraint<Refusal>(err, {
          level_on_hand_max: () =>
            invalidInput('serialUnitId', 'The level cannot hold one more unit.'),
        });
      }
    },
  };
}

function checkStatusSet(input: SerialUnitStatusSetInput): Refusal | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkId('serialUnitId', input.serialUnitId),
    checkId('locationId', input.locationId),
    checkText('note', input.note, { max: 1_000 }),
    checkReference(input),
  );
}
