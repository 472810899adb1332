import { createHash } from 'node:crypto';
import { isRefusal, refuse, type Refusal } from '@onecount/refusal';
import { tenantTable } from './tenant-table.ts';
import { exactlyOne } from './rows.ts';
import { sql } from './statement.ts';
import type { Tx } from './transaction.ts';

/** Migration SQL: what was asked under which key, and what was answered. */
export const idempotencyTable = `
CREATE TABLE idempotency_record (
  tenant_id  uuid NOT NULL,
  key        text NOT NULL CONSTRAINT idempotency_record_key_length CHECK (length(key) BETWEEN 1 AND 255),
  operation  text NOT NULL,
  input_hash text NOT NULL,
  response   jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_record_pkey PRIMARY KEY (tenant_id, key)
);
${tenantTable('idempotency_record')}
`;

export type IdempotencyKeyReused = Refusal<'IdempotencyKeyReused'> & { idempotencyKey: string };
type Record_ = { operation: string; input_hash: string; response: unknown };

const insertKey = sql(
  'idempotency.insert',
  `INSERT INTO idempotency_record (tenant_id, key, operation, input_hash)
   VALUES ($1, $2, $3, $4)
   ON CONFLICT ON CONSTRAINT idempotency_record_pkey DO NOTHING
   RETURNING key`,
);
const selectKey = sql(
  'idempotency.select',
  'SELECT operation, input_hash, response FROM idempotency_record WHERE tenant_id = $1 AND key = $2',
);
const storeResponse = sql(
  'idempotency.store-response',
  'UPDATE idempotency_record SET response = $3 WHERE tenant_id = $1 AND key = $2 RETURNING key',
);

/**
 * Runs once per (tenant, key). The key is inserted before anything else: a concurrent twin waits on
 * the unique index until this transaction ends, then reads the stored answer, or runs itself when
 * this one rolled back. The answer must survive JSON unchanged: ids and numbers, no Date, no object
 * with behaviour. A refusal (part of T) is not kept: asked again, the world may have changed.
 */
export async function idempotent<T>(
  tx: Tx,
  request: { operation: string; key: string; input: unknown },
  run: () => Promise<T>,
): Promise<T | IdempotencyKeyReused> {
  const { operation, key } = request;
  const hash = inputHash(request.input);
  const inserted = await tx.query(insertKey, [tx.tenantId, key, operation, hash]);
  if (inserted.length === 0) return storedAnswer<T>(tx, { operation, key, hash });
  const result = await run();
  if (isRefusal(result)) return result;
  // Wrapped, so that an answer of null differs from no answer.
  exactlyOne(await tx.query(storeResponse, [tx.tenantId, key, JSON.stringify({ answer: result })]));
  return result;
}

async function storedAnswer<T>(
  tx: Tx,
  asked: { operation: string; key: string; hash: string },
): Promise<T | IdempotencyKeyReused> {
  // READ COMMITTED: this statement has a newer snapshot than the INSERT that waited.
  const stored = exactlyOne(await tx.query<Record_>(selectKey, [tx.tenantId, asked.key]));
  if (stored.operation !== asked.operation || stored.input_hash !== asked.hash)
    return idempotencyKeyReused(asked.key);
  return (stored.response as { answer: T }).answer;
}

export function idempotencyKeyReused(key: string): IdempotencyKeyReused {
  return refuse(
    'IdempotencyKeyReused',
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotency key was used before with other input.',
    { idempotencyKey: key },
  );
}

/** SHA-256 of the input as canonical JSON: sorted keys, without `idempotencyKey`, absent = undefined. */
export function inputHash(input: unknown): string {
  const { idempotencyKey: _, ...rest } = isRecord(input) ? input : { value: input };
  return createHash('sha256').update(canonical(rest)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`;
  if (value instanceof Date) return JSON.stringify(value);
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(',')}}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
