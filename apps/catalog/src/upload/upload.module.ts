import { sdlIn, type Module } from '@onecount/service';
import type { CatalogDeps } from '../shared.ts';
import { uploadResolvers } from './upload.resolvers.ts';
import { uploadRoutes } from './upload.routes.ts';
import { createUploadService } from './upload.service.ts';

export const uploadModule: Module<CatalogDeps> = {
  name: 'upload',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, store, log }) => {
    const secret = config.UPLOAD_SIGNING_SECRET;
    const bytesMax = config.UPLOAD_BYTES_MAX;
    const uploads = createUploadService({ db, publicUrl: config.PUBLIC_URL, secret, bytesMax });
    return {
      resolvers: uploadResolvers({ uploads }),
      routes: uploadRoutes({ db, store, secret, bytesMax, log }),
    };
  },
};
