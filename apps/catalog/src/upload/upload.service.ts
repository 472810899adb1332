import { uuidv7, type Database, type KeyHolder } from '@onecount/db';
import { invalidInput, isRefusal } from '@onecount/refusal';
import type { StagedUploadCreateInput } from '../generated/resolver-types.ts';
import { textRefusal } from '../product/product.input.ts';
import { uploadUrl } from './upload-signature.ts';
import { insertUpload, uploadById, type UploadPurpose } from './upload.sql.ts';

export type UploadService = ReturnType<typeof createUploadService>;

const lifeSeconds = 15 * 60;
const filenameLengthMax = 255;
// What a picture is, its content says; the header decides nothing.
const contentTypes = { IMPORT: 'text/csv', PICTURE: 'application/octet-stream' } as const;

export function createUploadService(deps: {
  db: Database;
  publicUrl: string;
  secret: string;
  bytesMaxOf: (purpose: UploadPurpose) => number;
}) {
  const { db, publicUrl, secret, bytesMaxOf } = deps;
  return {
    /** Opens a place for one file, for 15 minutes. */
    async create(caller: KeyHolder, input: StagedUploadCreateInput) {
      const refusal = textRefusal(input);
      if (refusal) return refusal;
      const { idempotencyKey, sizeBytes = null, purpose: asked } = input;
      const purpose = asked ?? 'IMPORT';
      const bytesMax = bytesMaxOf(purpose);
      const filename = input.filename.trim();
      if (filename === '' || filename.length > filenameLengthMax) {
        return invalidInput(
          'filename',
          `A file name has 1 to ${filenameLengthMax} characters.`,
          filename,
        );
      }
      if (sizeBytes !== null && (sizeBytes < 1 || sizeBytes > bytesMax)) {
        const message = `A file has 1 to ${bytesMax} bytes.`;
        return invalidInput('sizeBytes', message, sizeBytes);
      }
      const request = { idempotencyKey, filename: input.filename, sizeBytes, purpose: asked };
      const upload = await db.command(
        caller,
        { operation: 'stagedUploadCreate', input: request },
        async (tx) => {
          const uploadId = uuidv7();
          await insertUpload(tx, { id: uploadId, filename, sizeBytes, purpose, lifeSeconds });
          return uploadId;
        },
        uploadById,
      );
      if (upload === undefined) throw new Error('an upload that was created is gone');
      if (isRefusal(upload)) return upload;
      const { id, expiresAt } = upload;
      const expiresSeconds = Math.floor(expiresAt.getTime() / 1000);
      const { tenantId } = caller;
      const url = uploadUrl(publicUrl, secret, { tenantId, uploadId: id, expiresSeconds });
      return {
        __typename: 'StagedUploadCreateSuccess' as const,
        upload: {
          ...{ id, url, expiresAt, method: 'PUT' as const, sizeBytesMax: bytesMax },
          headers: [{ name: 'content-type', value: contentTypes[upload.purpose] }],
        },
      };
    },
  };
}
