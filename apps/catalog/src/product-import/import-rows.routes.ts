import type { Database } from '@onecount/db';
import { access } from 'node:fs/promises';
import { createDownload } from '@onecount/service';
import { downloadSigning, type CatalogConfig } from '../config.ts';
import type { UploadStore } from '../upload/upload.store.ts';
import { importFile, rowsWithNotes } from './import-rows.ts';
import type { RowSeverity } from './row-error.sql.ts';

type Asked = { importId: string; severity: RowSeverity };
export type ImportRows = ReturnType<typeof createImportRows>;

/** Addresses of the rows of an import that have notes, while its file is kept. */
export function createImportRows(deps: {
  db: Database;
  store: UploadStore;
  config: CatalogConfig;
}) {
  const { db, store, config } = deps;
  const download = createDownload<Asked>(
    downloadSigning(config),
    '/imports/rows',
    (tenantId, asked) => ({
      ...{ filename: 'rows-to-correct.csv', type: 'text/csv; charset=utf-8' },
      pieces: rowsWithNotes({ db, store }, tenantId, asked),
    }),
  );
  return {
    routes: download.routes,
    /** Null when the file of the import is gone. */
    async address(tenantId: string, asked: Asked) {
      const file = await importFile({ db, store }, tenantId, asked.importId);
      const isThere = file !== undefined && (await isReadable(file.path));
      return isThere ? download.address(tenantId, asked) : null;
    },
  };
}

async function isReadable(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
