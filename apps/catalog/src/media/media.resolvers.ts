import type {
  MediaFileResolvers,
  MediaResolvers,
  MutationResolvers,
  QueryResolvers,
  ThumbnailSize,
} from '../generated/resolver-types.ts';
import type { Reads } from '../reads.ts';
import { addressOf, hashIn } from './media-address.ts';
import type { MediaFileRow } from './media-file.sql.ts';
import type { MediaService } from './media.service.ts';
import { contentTypes, thumbnailWidths } from './picture.ts';

export function mediaResolvers(deps: { media: MediaService; reads: Reads; publicUrl: string }) {
  const { media, reads, publicUrl } = deps;
  const thumbnail = (file: MediaFileRow, size: ThumbnailSize) =>
    addressOf(publicUrl, { ...file, thumbnail: thumbnailWidths[size] });

  const Query: Pick<QueryResolvers, 'mediaFile'> = {
    mediaFile: (_, { contentHash }, context) => reads.mediaFile(context, contentHash),
  };

  const Mutation: Pick<
    MutationResolvers,
    | 'mediaFileStore'
    | 'mediaAttach'
    | 'mediaReorder'
    | 'mediaPrimarySet'
    | 'mediaAltSet'
    | 'mediaDelete'
    | 'mediaOptionValuesSet'
    | 'mediaVariantsSet'
  > = {
    mediaFileStore: (_, { input }, { caller }) => media.store(caller, input),
    mediaAttach: (_, { input }, { caller }) => media.attach(caller, input),
    mediaReorder: (_, { input }, { caller }) => media.reorder(caller, input),
    mediaPrimarySet: (_, { input }, { caller }) => media.setPrimary(caller, input),
    mediaAltSet: (_, { input }, { caller }) => media.setAlt(caller, input),
    mediaDelete: (_, { input }, { caller }) => media.remove(caller, input),
    mediaOptionValuesSet: (_, { input }, { caller }) => media.setOptionValues(caller, input),
    mediaVariantsSet: (_, { input }, { caller }) => media.setVariants(caller, input),
  };

  // An address of ours is a kept picture wherever it was written from.
  const Media: MediaResolvers = {
    isPrimary: ({ position }) => position === 1,
    async file({ tenantId, url }, _, context) {
      const sha256 = hashIn(publicUrl, tenantId, url);
      return sha256 === undefined ? null : reads.mediaFile(context, sha256);
    },
    async thumbnailUrl({ tenantId, url }, { size }, context) {
      const sha256 = hashIn(publicUrl, tenantId, url);
      const file = sha256 === undefined ? undefined : await reads.mediaFile(context, sha256);
      return file === undefined ? url : thumbnail(file, size);
    },
    async optionValues({ id }, _, context) {
      const images = await reads.valueImages(context, id);
      return images.map(({ optionName: name, optionValue: value }) => ({ name, value }));
    },
  };

  const MediaFile: MediaFileResolvers = {
    contentHash: ({ sha256 }) => sha256,
    url: (file) => addressOf(publicUrl, file),
    thumbnailUrl: (file, { size }) => thumbnail(file, size),
    contentType: ({ extension }) => contentTypes[extension],
  };

  return { Query, Mutation, Media, MediaFile };
}
