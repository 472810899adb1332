import { sdlIn, type Module } from '@onecount/service';
import type { CatalogDeps } from '../shared.ts';
import { pictureBytesMax } from '../media/picture.ts';
import { uploadResolvers } from './upload.resolvers.ts';
import { uploadRoutes } from './upload.routes.ts';
import { createUploadService } from './upload.service.ts';
import type { UploadPurpose } from './upload.sql.ts';

export const uploadModule: Module<CatalogDeps> = {
  name: 'upload',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, store, log }) => {
    const secret = config.UPLOAD_SIGNING_SECRET;
    const bytesMax = config.UPLOAD_BYTES_MAX;
    const bytesMaxOf = (purpose: UploadPurpose) =>
      purpose === 'PICTURE' ? Math.min(pictureBytesMax, bytesMax) : bytesMax;
    const uploads = createUploadService({ db, publicUrl: config.PUBLIC_URL, secret, bytesMaxOf });
    return {
      resolvers: uploadResolvers({ uploads }),
      routes: uploadRoutes({
        db,
        store,
        secrets: [secret, config.UPLOAD_SECOND_SECRET].filter((each) => each !== undefined),
        bytesMax,
        bytesMaxOf,
        log,
      }),
    };
  },
};
