import type { Database, Tx } from '@onecount/db';
import { checkId, checkKey, checkWhole, firstOf } from '@onecount/refusal';
import type { Caller } from '../caller.ts';
import { changeRefusal } from './hold.errors.ts';
import { ownerFor, secondsMaxFor } from './hold.input.ts';
import { extendHold, hardenHold } from './hold.sql.ts';
import type { HoldChangeOutcome } from './hold.ts';

/** Id only: the answer is stored under its key. */
export type ChangedHold = { holdId: string };
export type HoldChangeService = ReturnType<typeof createHoldChangeService>;

type Change = { holdId: string; idempotencyKey: string };

/** The time of a hold that is there: longer, or without end. Letting go is `holds.release`. */
export function createHoldChangeService({ db }: { db: Database }) {
  function change<const Name extends string>(
    caller: Caller,
    { operation, input, done }: { operation: string; input: Change; done: Name },
    run: (tx: Tx) => Promise<HoldChangeOutcome>,
  ) {
    const { holdId } = input;
    const asked = { ...input, subject: caller.subject };
    return db.command(caller, { operation, input: asked }, async (tx) => {
      const outcome = await run(tx);
      return outcome.outcome === 'DONE'
        ? { __typename: done, holdId: outcome.holdId }
        : changeRefusal(outcome, { holdId });
    });
  }

  return {
    async extend(caller: Caller, input: Change & { holdSeconds: number }) {
      const { holdId, holdSeconds } = input;
      const problem = firstOf(
        checkKey(input.idempotencyKey),
        checkId('holdId', holdId),
        checkWhole('holdSeconds', holdSeconds, { min: 1, max: secondsMaxFor(caller) }),
      );
      if (problem) return problem;
      const ownedBy = ownerFor(caller);
      return change(caller, { operation: 'holdExtend', input, done: 'HoldExtendSuccess' }, (tx) =>
        extendHold(tx, { holdId, holdSeconds, ownedBy }),
      );
    },

    async harden(caller: Caller, input: Change) {
      const problem = firstOf(checkKey(input.idempotencyKey), checkId('holdId', input.holdId));
      if (problem) return problem;
      return change(caller, { operation: 'holdHarden', input, done: 'HoldHardenSuccess' }, (tx) =>
        hardenHold(tx, input.holdId),
      );
    },
  };
}
