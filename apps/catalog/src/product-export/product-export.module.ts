import { createDownload, sdlIn, type Module } from '@onecount/service';
import type { QueryResolvers } from '../generated/resolver-types.ts';
import { planSearch } from '../search/search.service.ts';
import type { CatalogDeps } from '../shared.ts';
import { downloadSigning } from '../config.ts';
import { formats } from './export-format.ts';
import { exportedFile, type ExportRequest } from './export.ts';

export const productExportModule: Module<CatalogDeps> = {
  name: 'product-export',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, inventory }) => {
    const download = createDownload<ExportRequest>(
      downloadSigning(config),
      '/exports/products',
      (tenantId, wanted) => {
        const { extension } = formats[wanted.format];
        return {
          filename: `products.${extension}`,
          type: `${extension === 'csv' ? 'text/csv' : 'application/jsonl'}; charset=utf-8`,
          pieces: exportedFile({ db, inventory }, tenantId, wanted),
        };
      },
    );
    const Query: Pick<QueryResolvers, 'productExport'> = {
      async productExport(_, { format, query, filter }, { caller: { tenantId } }) {
        const request: ExportRequest = { format, query: query ?? undefined, filter: filter ?? {} };
        // What no search can be made of is refused here, and not in the middle of a file.
        const { filter: wanted } = request;
        await db.read(tenantId, (tx) =>
          planSearch(tx, { query: request.query, filter: wanted, isPublic: false }),
        );
        return download.address(tenantId, request);
      },
    };
    return { resolvers: { Query }, routes: download.routes };
  },
};
