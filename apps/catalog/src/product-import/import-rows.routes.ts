import type { Database } from '@onecount/db';
import type { ServiceParts } from '@onecount/service';
import { access } from 'node:fs/promises';
import { sendFile, signedDownload, type DownloadQuery } from '../upload/download.ts';
import { downloadUrl } from '../upload/signed-address.ts';
import type { UploadStore } from '../upload/upload.store.ts';
import { importFile, rowsWithNotes } from './import-rows.ts';
import type { RowSeverity } from './row-error.sql.ts';

const path = '/imports/rows';
const lifeSeconds = 15 * 60;

type Asked = { importId: string; severity: RowSeverity };
export type ImportRows = ReturnType<typeof createImportRows>;

/** Addresses of the rows of an import that have notes, while its file is kept. */
export function createImportRows(deps: {
  db: Database;
  store: UploadStore;
  publicUrl: string;
  secrets: readonly [string, ...string[]];
}) {
  const { db, store, publicUrl, secrets } = deps;

  const routes: NonNullable<ServiceParts['routes']> = (scope) => {
    scope.get<{ Querystring: DownloadQuery }>(path, async (request, reply) => {
      const asked = signedDownload(secrets, path, request.query);
      if ('status' in asked) {
        const { status, ...answer } = asked;
        return reply.code(status).send(answer);
      }
      const pieces = rowsWithNotes({ db, store }, asked.tenantId, JSON.parse(asked.what) as Asked);
      return sendFile(reply, { filename: 'rows-to-correct.csv', type: 'text/csv' }, pieces);
    });
  };

  return {
    routes,
    /** Null when the file of the import is gone. */
    async address(tenantId: string, asked: Asked) {
      const file = await importFile({ db, store }, tenantId, asked.importId);
      if (file === undefined || !(await isReadable(file.path))) return null;
      const expiresSeconds = Math.floor(Date.now() / 1000) + lifeSeconds;
      const signed = { path, tenantId, expiresSeconds, what: JSON.stringify(asked) };
      const url = downloadUrl(publicUrl, secrets[0], signed);
      return { url, expiresAt: new Date(expiresSeconds * 1000) };
    },
  };
}

async function isReadable(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
