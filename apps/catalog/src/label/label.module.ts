import type { Database } from '@onecount/db';
import { createDownload, sdlIn, type Module } from '@onecount/service';
import type { CatalogDeps } from '../shared.ts';
import { downloadSigning } from '../config.ts';
import { createLabelTemplateService } from './label-template.service.ts';
import { labelResolvers } from './label.resolvers.ts';
import { createLabelService, type AskedPrint } from './label.service.ts';
import { labelPrintById } from './label.sql.ts';

export const labelModule: Module<CatalogDeps> = {
  name: 'label',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, inventory }) => {
    const download = createDownload<AskedPrint>(
      downloadSigning(config),
      '/labels',
      (tenantId, asked) => ({
        filename: `labels.${asked.extension}`,
        type: asked.contentType,
        pieces: piecesOf(db, tenantId, asked.id),
      }),
    );
    const labels = createLabelService({ db, inventory, address: download.address });
    const templates = createLabelTemplateService({ db });
    return { resolvers: labelResolvers({ db, labels, templates }), routes: download.routes };
  },
};

async function* piecesOf(db: Database, tenantId: string, id: string) {
  const print = await db.read(tenantId, (tx) => labelPrintById(tx, id));
  if (print === undefined) throw new Error(`labels ${id} of a signed address are gone`);
  const { printFile } = await import('./label-file.ts');
  yield* printFile(print);
}
