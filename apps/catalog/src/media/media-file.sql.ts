import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Extension, Picture } from './picture.ts';

export type MediaFileRow = {
  tenantId: string;
  sha256: string;
  extension: Extension;
  width: number;
  height: number;
  sizeBytes: number;
  createdAt: Date;
};

const columns = `tenant_id AS "tenantId", sha256, extension, width, height, size_bytes AS "sizeBytes",
  created_at AS "createdAt"`;

const insert = sql(
  'catalog.media-file-insert',
  `INSERT INTO media_file (tenant_id, sha256, extension, width, height, size_bytes)
   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT ON CONSTRAINT media_file_pkey DO NOTHING`,
);
const byHashes = sql(
  'catalog.media-files',
  `SELECT ${columns} FROM media_file WHERE tenant_id = $1 AND sha256 = ANY ($2::text[])`,
);

export async function insertMediaFile(tx: Tx, picture: Picture): Promise<void> {
  const { sha256, extension, width, height, bytes } = picture;
  await tx.query(insert, [tx.tenantId, sha256, extension, width, height, bytes.length]);
}

export function mediaFiles(tx: Tx, hashes: readonly string[]): Promise<MediaFileRow[]> {
  return tx.query<MediaFileRow>(byHashes, [tx.tenantId, hashes]);
}

export async function mediaFile(tx: Tx, sha256: string): Promise<MediaFileRow> {
  return exactlyOne(await mediaFiles(tx, [sha256]));
}
