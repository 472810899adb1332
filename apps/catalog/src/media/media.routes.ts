import type { ServiceParts } from '@onecount/service';
import { contentTypeOf } from './media-address.ts';
import type { FileStore } from './file-store.ts';

type Routes = NonNullable<ServiceParts['routes']>;

/**
 * GET /media/<tenant>/<content hash>.<extension>: public, as a web shop's visitors need it; who does not know the picture
 * cannot guess its hash. What an address shows never changes. A browser takes it for a picture and for nothing else.
 */
export function mediaRoutes(files: FileStore): Routes {
  return (scope) => {
    scope.get<{ Params: { '*': string } }>('/media/*', async (request, reply) => {
      const key = request.params['*'];
      const contentType = contentTypeOf(key);
      const file = contentType === undefined ? undefined : await files.read(key);
      if (contentType === undefined || file === undefined) {
        const answer = { code: 'NOT_FOUND', message: 'There is no such picture.' };
        return reply.code(404).header('cache-control', 'no-store').send(answer);
      }
      return reply
        .headers({
          'content-type': contentType,
          'content-length': file.sizeBytes,
          'cache-control': 'public, max-age=31536000, immutable',
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
          'cross-origin-resource-policy': 'cross-origin',
        })
        .send(file.body);
    });
  };
}
