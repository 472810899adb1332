import { sdlIn, type Module } from '@onecount/service';
import type { QueryResolvers } from '../generated/resolver-types.ts';
import { planSearch } from '../search/search.service.ts';
import type { CatalogDeps } from '../shared.ts';
import { sendFile, signedDownload, type DownloadQuery } from '../upload/download.ts';
import { downloadUrl, trustedSecrets } from '../upload/signed-address.ts';
import { formats } from './export-format.ts';
import { exportedFile, type ExportRequest } from './export.ts';

const path = '/exports/products';
const lifeSeconds = 15 * 60;

export const productExportModule: Module<CatalogDeps> = {
  name: 'product-export',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, inventory }) => {
    const Query: Pick<QueryResolvers, 'productExport'> = {
      async productExport(_, { format, query, filter }, { caller: { tenantId } }) {
        const request: ExportRequest = { format, query: query ?? undefined, filter: filter ?? {} };
        // What no search can be made of is refused here, and not in the middle of a file.
        const { filter: wanted } = request;
        await db.read(tenantId, (tx) =>
          planSearch(tx, { query: request.query, filter: wanted, isPublic: false }),
        );
        const expiresSeconds = Math.floor(Date.now() / 1000) + lifeSeconds;
        const what = JSON.stringify(request);
        const signed = { path, tenantId, expiresSeconds, what };
        const url = downloadUrl(config.PUBLIC_URL, config.UPLOAD_SIGNING_SECRET, signed);
        return { url, expiresAt: new Date(expiresSeconds * 1000) };
      },
    };
    return {
      resolvers: { Query },
      routes: (scope) => {
        scope.get<{ Querystring: DownloadQuery }>(path, async (request, reply) => {
          const asked = signedDownload(trustedSecrets(config), path, request.query);
          if ('status' in asked) {
            const { status, ...answer } = asked;
            return reply.code(status).send(answer);
          }
          const wanted = JSON.parse(asked.what) as ExportRequest;
          const { extension } = formats[wanted.format];
          const type = extension === 'csv' ? 'text/csv' : 'application/jsonl';
          const pieces = exportedFile({ db, inventory }, asked.tenantId, wanted);
          return sendFile(reply, { filename: `products.${extension}`, type }, pieces);
        });
      },
    };
  },
};
