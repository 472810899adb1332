import { exactlyOne, inputHash, keepRefusalAfter, sql, type Database } from '@onecount/db';
import { isRefusal, refuse } from '@onecount/refusal';
import type { Caller } from '../../kernel/caller.ts';
import type { HoldService } from '../../kernel/hold/hold.service.ts';
import type { HoldRequest } from '../../kernel/hold/hold.ts';

export type RentalHoldInput = {
  rentalId: string;
  attempt: number;
  sku: string;
  serialUnitId: string;
};
type Deps = { db: Database; holds: HoldService; onChange: () => void };

const letGoStatement = sql(
  'inventory.rental-let-go',
  'SELECT rental_let_go($1, $2, $3) AS "wasHeld"',
);

/** The unit of a rental that is out is a hard hold of the rental: with a line, so that only the rental lets it go. */
export function createRentalHoldService({ db, holds, onChange }: Deps) {
  return {
    /**
     * A refusal is kept, and the hold is asked for once more: of two who ask at once, both are told what the one did that
     * was first (ADR 0377).
     */
    async place(caller: Caller, input: RentalHoldInput) {
      const request = requestOf(caller, input);
      const first = await holds.place(caller.tenantId, input.sku, request);
      if (!isRefusal(first)) return { isHeld: true, message: null };
      await keepRefusalAfter(db, caller.tenantId, { request: keyedOf(request), refusal: first });
      const answer = await holds.place(caller.tenantId, input.sku, request);
      return isRefusal(answer)
        ? { isHeld: false, message: answer.message }
        : { isHeld: true, message: null };
    },

    async release(caller: Caller, input: RentalHoldInput) {
      const { tenantId } = caller;
      const request = requestOf(caller, input);
      const refusal = refuse('HoldNotLive', 'HOLD_NOT_LIVE', 'The attempt is over.', {
        status: 'RELEASED',
      });
      await keepRefusalAfter(db, tenantId, { request: keyedOf(request), refusal });
      const values = [tenantId, input.sku, request.idempotencyKey];
      const rows = await db.inTransaction(tenantId, (tx) =>
        tx.query<{ wasHeld: boolean }>(letGoStatement, values),
      );
      onChange();
      return exactlyOne(rows);
    },
  };
}

const keyedOf = ({ idempotencyKey, inputHash: hash }: HoldRequest) => ({
  operation: 'holdCreate',
  key: idempotencyKey!,
  hash: hash!,
});

// Without who asks: the caller and the sweeper ask for the same.
function requestOf({ subject }: Caller, { rentalId, attempt, serialUnitId }: RentalHoldInput) {
  const idempotencyKey = `rental ${rentalId} ${attempt}`;
  const request: HoldRequest = {
    ...{ idempotencyKey, inputHash: inputHash({ idempotencyKey, serialUnitId }) },
    ...{ secretHash: null, serial: null, serialUnitId, quantity: 1, locationId: null },
    ...{ kind: 'HARD', holdSeconds: null, purpose: 'RENTAL', channel: null, subject },
    ...{ referenceKind: 'RENTAL', referenceId: rentalId, lineId: `${attempt}` },
  };
  return request;
}
