import { uuidv7, type Database, type IdempotencyKeyReused } from '@onecount/db';
import { invalidInput, isRefusal, type InvalidInput } from '@onecount/refusal';
import { uploadUrl } from './upload-signature.ts';
import { insertUpload, uploadById } from './upload.sql.ts';

export type UploadService = ReturnType<typeof createUploadService>;

export type StagedUpload = { id: string; url: string; expiresAt: Date };

const lifeSeconds = 15 * 60;
const filenameLengthMax = 255;

export function createUploadService(deps: {
  db: Database;
  publicUrl: string;
  secret: string;
  bytesMax: number;
}) {
  const { db, publicUrl, secret, bytesMax } = deps;
  return {
    bytesMax,
    /** Opens a place for one file, for 15 minutes. */
    async create(
      tenantId: string,
      request: { idempotencyKey: string; filename: string; sizeBytes: number | null },
    ): Promise<StagedUpload | InvalidInput | IdempotencyKeyReused> {
      const filename = request.filename.trim();
      if (filename === '' || filename.length > filenameLengthMax) {
        return invalidInput(
          'filename',
          `A file name has 1 to ${filenameLengthMax} characters.`,
          filename,
        );
      }
      const { sizeBytes } = request;
      if (sizeBytes !== null && (sizeBytes < 1 || sizeBytes > bytesMax)) {
        const message = `A file has 1 to ${bytesMax} bytes.`;
        return invalidInput('sizeBytes', message, sizeBytes);
      }
      const upload = await db.command(
        { tenantId },
        { operation: 'stagedUploadCreate', input: request },
        async (tx) => {
          const uploadId = uuidv7();
          await insertUpload(tx, { id: uploadId, filename, sizeBytes, lifeSeconds });
          return uploadId;
        },
        uploadById,
      );
      if (upload === undefined) throw new Error('an upload that was created is gone');
      if (isRefusal(upload)) return upload;
      const { id, expiresAt } = upload;
      const expiresSeconds = Math.floor(expiresAt.getTime() / 1000);
      const url = uploadUrl(publicUrl, secret, { tenantId, uploadId: id, expiresSeconds });
      return { id, url, expiresAt };
    },
  };
}
