import { sql, type Tx } from '@onecount/db';

export type UploadPurpose = 'IMPORT' | 'PICTURE';

export type UploadRow = {
  id: string;
  filename: string;
  status: 'WAITING' | 'RECEIVED';
  expiresAt: Date;
  isExpired: boolean;
  sizeBytes: number | null;
  sha256: string | null;
  purpose: UploadPurpose;
};

const columns = `id, filename, status, expires_at AS "expiresAt",
  expires_at <= clock_timestamp() AS "isExpired", size_bytes AS "sizeBytes", sha256, purpose`;

const insert = sql(
  'catalog.upload-insert',
  `INSERT INTO upload (tenant_id, id, filename, size_bytes_declared, purpose, expires_at)
   VALUES ($1, $2, $3, $4, $5, date_trunc('second', clock_timestamp()) + make_interval(secs => $6))`,
);
const byId = sql(
  'catalog.upload-by-id',
  `SELECT ${columns} FROM upload WHERE tenant_id = $1 AND id = $2`,
);
const lockById = sql(
  'catalog.upload-lock',
  `SELECT ${columns} FROM upload WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
);
// Of several uploads to one address the first that is complete counts; the others find no WAITING row.
const receive = sql(
  'catalog.upload-receive',
  `UPDATE upload SET status = 'RECEIVED', size_bytes = $3, sha256 = $4, received_at = clock_timestamp()
   WHERE tenant_id = $1 AND id = $2 AND status = 'WAITING' RETURNING id`,
);

export async function insertUpload(
  tx: Tx,
  upload: Pick<UploadRow, 'id' | 'filename' | 'sizeBytes' | 'purpose'> & { lifeSeconds: number },
): Promise<void> {
  const { id, filename, sizeBytes, purpose, lifeSeconds } = upload;
  await tx.query(insert, [tx.tenantId, id, filename, sizeBytes, purpose, lifeSeconds]);
}

export async function uploadById(tx: Tx, id: string): Promise<UploadRow | undefined> {
  return (await tx.query<UploadRow>(byId, [tx.tenantId, id]))[0];
}

export async function lockUpload(tx: Tx, id: string): Promise<UploadRow | undefined> {
  return (await tx.query<UploadRow>(lockById, [tx.tenantId, id]))[0];
}

export async function receiveUpload(
  tx: Tx,
  id: string,
  file: { sizeBytes: number; sha256: string },
): Promise<boolean> {
  const rows = await tx.query(receive, [tx.tenantId, id, file.sizeBytes, file.sha256]);
  return rows.length === 1;
}
