import { sdlIn, type Module } from '@onecount/service';
import type { CatalogDeps } from '../shared.ts';
import { mediaResolvers } from './media.resolvers.ts';
import { mediaRoutes } from './media.routes.ts';
import { createMediaService } from './media.service.ts';
import { createPictureFetch } from './picture-fetch.ts';
import { createPictureSource } from './picture-source.ts';
import { pictureBytesMax } from './picture.ts';

export const mediaModule: Module<CatalogDeps> = {
  name: 'media',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, store: uploads, files, reads }) => {
    const allowsLoopback = config.MEDIA_FETCH_LOOPBACK;
    const fetcher = createPictureFetch({ allowsLoopback, bytesMax: pictureBytesMax });
    const publicUrl = config.PUBLIC_URL;
    const pictures = createPictureSource({ db, uploads, files, fetcher, publicUrl });
    const media = createMediaService({ db, pictures });
    return {
      resolvers: mediaResolvers({ media, reads, publicUrl }),
      routes: mediaRoutes(files),
      background: [{ name: 'picture-fetch', start: () => undefined, stop: () => fetcher.close() }],
    };
  },
};
