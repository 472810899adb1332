import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { ConnectionRow } from './connection.ts';

// Never the secret: it leaves the table for signing and for the answer to its creation only.
const columns = `id, name, kind, webhook_url AS "webhookUrl", location_codes AS "locationCodes",
  requires_photo AS "requiresPhoto", status AS "storedStatus", created_at AS "createdAt",
  failing_since AS "failingSince", retry_at AS "retryAt", last_error AS "lastError"`;

const insertStatement = sql(
  'connection.insert',
  `INSERT INTO connection (tenant_id, name, kind, webhook_url, webhook_secret, location_codes,
                           requires_photo)
   VALUES ($1, $2, 'WEBHOOK', $3, $4, $5, $6) RETURNING id`,
);
export type ConnectionDraft = {
  name: string;
  webhookUrl: string;
  webhookSecret: string;
  locationCodes: string[] | null;
  requiresPhoto: boolean;
};
export async function insertConnection(tx: Tx, draft: ConnectionDraft): Promise<string> {
  const { name, webhookUrl, webhookSecret, locationCodes, requiresPhoto } = draft;
  const values = [tx.tenantId, name, webhookUrl, webhookSecret, locationCodes, requiresPhoto];
  return exactlyOne(await tx.query<{ id: string }>(insertStatement, values)).id;
}

const countStatement = sql(
  'connection.count',
  'SELECT count(*)::integer AS connections FROM connection WHERE tenant_id = $1',
);
export const countConnections = async (tx: Tx): Promise<number> =>
  exactlyOne(await tx.query<{ connections: number }>(countStatement, [tx.tenantId])).connections;

const byIdsStatement = sql(
  'connection.by-ids',
  `SELECT ${columns} FROM connection WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`,
);
export const connectionsByIds = (tx: Tx, ids: readonly string[]) =>
  tx.query<ConnectionRow>(byIdsStatement, [tx.tenantId, ids]);

const allStatement = sql(
  'connection.all',
  `SELECT ${columns} FROM connection WHERE tenant_id = $1 ORDER BY id`,
);
export const allConnections = (tx: Tx) => tx.query<ConnectionRow>(allStatement, [tx.tenantId]);

const secretStatement = sql(
  'connection.secret',
  'SELECT webhook_secret AS secret FROM connection WHERE tenant_id = $1 AND id = $2',
);
export const secretOf = async (tx: Tx, id: string): Promise<string> =>
  exactlyOne(await tx.query<{ secret: string }>(secretStatement, [tx.tenantId, id])).secret;

const pauseStatement = sql(
  'connection.pause',
  `UPDATE connection SET status = 'PAUSED' WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);
export const pauseConnection = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.query(pauseStatement, [tx.tenantId, id])).length === 1;

const resumeStatement = sql(
  'connection.resume',
  `UPDATE connection
   SET status = 'ACTIVE', failing_since = NULL, failures = 0, retry_at = NULL, last_error = NULL
   WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);
// What waits goes out at once: only the newest count of each listing waits.
const dueNowStatement = sql(
  'connection.due-now',
  `UPDATE listing SET next_attempt_at = clock_timestamp(), attempts = 0
   WHERE tenant_id = $1 AND connection_id = $2 AND delivered_version < version`,
);
export async function resumeConnection(tx: Tx, id: string): Promise<boolean> {
  const resumed = await tx.query(resumeStatement, [tx.tenantId, id]);
  if (resumed.length === 1) await tx.query(dueNowStatement, [tx.tenantId, id]);
  return resumed.length === 1;
}
