import { isRefusal } from '@onecount/refusal';
import type { MutationResolvers } from '../generated/resolver-types.ts';
import { textRefusal } from '../product/product.input.ts';
import type { UploadService } from './upload.service.ts';

export function uploadResolvers({ uploads }: { uploads: UploadService }) {
  const Mutation: Pick<MutationResolvers, 'stagedUploadCreate'> = {
    async stagedUploadCreate(_, { input }, { caller }) {
      const refusal = textRefusal(input);
      if (refusal) return refusal;
      const { idempotencyKey, filename, sizeBytes = null } = input;
      const answer = await uploads.create(caller.tenantId, { idempotencyKey, filename, sizeBytes });
      if (isRefusal(answer)) return answer;
      return {
        __typename: 'StagedUploadCreateSuccess',
        upload: {
          ...answer,
          method: 'PUT',
          headers: [{ name: 'content-type', value: 'text/csv' }],
          sizeBytesMax: uploads.bytesMax,
        },
      };
    },
  };
  return { Mutation };
}
