import type { MutationResolvers } from '../generated/resolver-types.ts';
import type { UploadService } from './upload.service.ts';

export function uploadResolvers({ uploads }: { uploads: UploadService }) {
  const Mutation: Pick<MutationResolvers, 'stagedUploadCreate'> = {
    stagedUploadCreate: (_, { input }, { caller }) => uploads.create(caller, input),
  };
  return { Mutation };
}
