import {
  idempotencyKeyReused,
  inputHash,
  isKept,
  keepRefusalAfter,
  keyFor,
  refusalOf,
  type Database,
  type IdempotencyKeyReused,
} from '@onecount/db';
import { isRefusal, type Refusal } from '@onecount/refusal';
import type { KeyRecord, KeyUse } from './sale.sql.ts';

/** Without scopes: a worker of ours, which may do nothing that needs one. */
export type Caller = { tenantId: string; subject: string; scopes?: ReadonlySet<string> };
type Keyed = { idempotencyKey: string; [field: string]: unknown };

export function keyUseOf(caller: Caller, input: Keyed): KeyUse {
  const key = keyFor(caller, input.idempotencyKey);
  return { tenantId: caller.tenantId, key, hash: inputHash(input) };
}

/**
 * What a key that was used before is answered with, unless that was a success: the refusal of then, or that it was used
 * for something else, which is somebody else's answer.
 */
export function refusedBefore<R extends Refusal>(
  { operation: usedFor, inputHash: hash, response }: KeyRecord,
  use: KeyUse,
  operation: string,
): R | IdempotencyKeyReused | undefined {
  if (usedFor !== operation || hash !== use.hash) return idempotencyKeyReused(use.key);
  return response.refusal && (refusalOf(response.refusal) as R);
}

// These follow from the sale's row, which keeps the key itself.
const ofTheSale = new Set(['SaleClaimLost', 'SalePending', 'RefundDue']);

/** Runs a use case, and keeps its refusal under its key (ADR 0171). */
export async function keepingRefusal<A>(
  db: Database,
  caller: Caller,
  { operation, input }: { operation: string; input: Keyed },
  run: () => Promise<A>,
): Promise<A> {
  const answer = await run();
  if (!isRefusal(answer) || !isKept(caller, answer) || ofTheSale.has(answer.__typename))
    return answer;
  const request = { operation, ...keyUseOf(caller, input) };
  const kept = { request, refusal: answer };
  const said = await keepRefusalAfter<undefined>(db, caller.tenantId, kept);
  // A twin under the same key was first, and did it: its answer is the answer.
  return said === undefined ? run() : (said as A);
}
