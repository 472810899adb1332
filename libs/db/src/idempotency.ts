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

/** Who asks, as far as a key is concerned; without scopes a worker of ours. */
export type KeyHolder = { tenantId: string; subject?: string; scopes?: ReadonlySet<string> };

// No key of a tenant's own begins so: one that does is hashed too (keyFor).
const publicPrefix = 'public ';

/**
 * The key as it is kept, in the space of its caller's class (ADR 0171). Each publishable token has a space of its own:
 * what anybody's browser sends never meets, blocks or tells a key of the tenant's.
 */
export function keyFor({ subject = '', scopes }: KeyHolder, key: string): string {
  const hash = (of: string) => createHash('sha256').update(of).digest('hex');
  if (isPublic(scopes)) return publicPrefix + hash(`${subject}\0${key}`);
  return key.startsWith(publicPrefix) ? `tenant ${hash(key)}` : key;
}

// A publishable token has scopes of a public shop and no other.
function isPublic(scopes: ReadonlySet<string> | undefined): boolean {
  return (
    scopes !== undefined && scopes.size > 0 && [...scopes].every((one) => one.startsWith('shop:'))
  );
}

/**
 * Whether a refusal is the answer under its key from then on. Not for services and workers, which ask until it is done;
 * not what says nothing of the state: other input under the key, input that is wrong as it is written.
 */
export function isKept({ scopes }: KeyHolder, { __typename }: Refusal): boolean {
  if (!scopes || [...scopes].some((scope) => scope.startsWith('service:'))) return false;
  return __typename !== 'IdempotencyKeyReused' && __typename !== 'InvalidInput';
}

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
const insertRefusal = sql(
  'idempotency.insert-refusal',
  `INSERT INTO idempotency_record (tenant_id, key, operation, input_hash, response)
   VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT ON CONSTRAINT idempotency_record_pkey DO NOTHING
   RETURNING key`,
);
const storeResponse = sql(
  'idempotency.store-response',
  'UPDATE idempotency_record SET response = $3 WHERE tenant_id = $1 AND key = $2 RETURNING key',
);

// As JSON writes NUL and half a surrogate pair, which jsonb does not take.
const unstorable = /\\u(0000|d[89a-f])/i;

export type KeyedRequest = {
  operation: string;
  /** As it is kept. */
  key: string;
  hash: string;
};

/**
 * Runs once per (tenant, key). The key is inserted before anything else: a concurrent twin waits on
 * the unique index until this transaction ends, then reads the stored answer, or runs itself when
 * this one rolled back. The answer must survive JSON unchanged: ids and numbers, no Date, no object
 * with behaviour. A refusal (part of T) rolls back and is kept after that, by `keepRefusal`.
 */
export async function idempotent<T>(
  tx: Tx,
  request: KeyedRequest,
  run: () => Promise<T>,
): Promise<T | IdempotencyKeyReused> {
  const { operation, key, hash } = request;
  const inserted = await tx.query(insertKey, [tx.tenantId, key, operation, hash]);
  if (inserted.length === 0) return storedAnswer<T>(tx, request);
  const result = await run();
  if (isRefusal(result)) return result;
  // Wrapped, so that an answer of null differs from no answer.
  exactlyOne(await tx.query(storeResponse, [tx.tenantId, key, JSON.stringify({ answer: result })]));
  return result;
}

/** What was answered under the key first: this refusal, or what a twin that came in between was told. */
export async function keepRefusal<T>(
  tx: Tx,
  request: KeyedRequest,
  refusal: Refusal,
): Promise<T | Refusal> {
  const { operation, key, hash } = request;
  const response = JSON.stringify({ refusal });
  // It repeats a text that no row can have, so it is the answer for ever without being kept.
  if (unstorable.test(response)) return refusal;
  const values = [tx.tenantId, key, operation, hash, response];
  const inserted = await tx.query(insertRefusal, values);
  return inserted.length > 0 ? refusal : storedAnswer<T>(tx, request);
}

/**
 * The same in a transaction of its own, after the rollback: nothing of what was refused may be written with it. A
 * process that dies in between has told nobody anything.
 */
export async function keepRefusalAfter<T>(
  db: { inTransaction: InTransaction },
  tenantId: string,
  kept: { request: KeyedRequest; refusal: Refusal },
): Promise<T | Refusal> {
  // In an object: a refusal that is returned rolls back.
  const { said } = await db.inTransaction(tenantId, async (tx) => ({
    said: await keepRefusal<T>(tx, kept.request, kept.refusal),
  }));
  return said;
}

type InTransaction = <R>(tenantId: string, fn: (tx: Tx) => Promise<R>) => Promise<R>;

async function storedAnswer<T>(
  tx: Tx,
  { operation, key, hash }: KeyedRequest,
): Promise<T | IdempotencyKeyReused> {
  // READ COMMITTED: this statement has a newer snapshot than the INSERT that waited.
  const stored = exactlyOne(await tx.query<Record_>(selectKey, [tx.tenantId, key]));
  if (stored.operation !== operation || stored.input_hash !== hash)
    return idempotencyKeyReused(key);
  const response = stored.response as { answer: T } | { refusal: Refusal };
  return 'refusal' in response ? (refusalOf(response.refusal) as T) : response.answer;
}

/** A refusal that was kept as JSON is one again. */
export function refusalOf({ __typename, code, message, ...data }: Refusal): Refusal {
  return refuse(__typename, code, message, data);
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
