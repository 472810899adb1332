import { inputHash } from '@onecount/db';
import type { KeyRecord, KeyUse } from './sale.sql.ts';

/** Without scopes: a worker of ours, which may do nothing that needs one. */
export type Caller = { tenantId: string; subject: string; scopes?: ReadonlySet<string> };

type Keyed = { idempotencyKey: string; [field: string]: unknown };

export function keyUseOf(caller: Caller, input: Keyed): KeyUse {
  return { tenantId: caller.tenantId, key: input.idempotencyKey, hash: inputHash(input) };
}

/** Whether the key was used for exactly this; anything else is somebody else's answer. */
export function isSameRequest(record: KeyRecord, use: KeyUse, operation: string): boolean {
  return record.operation === operation && record.inputHash === use.hash;
}
