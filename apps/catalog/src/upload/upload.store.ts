import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type StoredFile = { sizeBytes: number; sha256: string };

export type UploadStore = ReturnType<typeof createUploadStore>;

/** The sender sent more than it may; nothing is kept. */
export class UploadTooLargeError extends Error {
  readonly bytesMax: number;

  constructor(bytesMax: number) {
    super('the upload is larger than allowed');
    this.bytesMax = bytesMax;
    this.name = 'UploadTooLargeError';
  }
}

const abandonedMs = 3_600_000;
const keptMs = 7 * 24 * 3_600_000;

/**
 * Files under UPLOAD_DIR, one folder per tenant. Replicas of the service share the folder (a volume),
 * because any of them may run the import. A file's name carries its digest: two uploads that race for
 * one address write two files, and only the one the database names is read.
 */
export function createUploadStore(directory: string) {
  const folderOf = (tenantId: string) => join(directory, tenantId);
  const pathOf = (tenantId: string, uploadId: string, sha256: string) =>
    join(folderOf(tenantId), `${uploadId}-${sha256}.csv`);
  return {
    pathOf,

    /** Streams to disk and counts; throws UploadTooLargeError, and leaves no part of a failed upload. */
    async write(
      place: { tenantId: string; uploadId: string; bytesMax: number },
      body: Readable,
    ): Promise<StoredFile> {
      const folder = folderOf(place.tenantId);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = join(folder, `${place.uploadId}.${randomUUID()}.part`);
      const digest = createHash('sha256');
      let sizeBytes = 0;
      try {
        await pipeline(
          body,
          async function* (chunks: AsyncIterable<Buffer>) {
            for await (const chunk of chunks) {
              sizeBytes += chunk.length;
              if (sizeBytes > place.bytesMax) throw new UploadTooLargeError(place.bytesMax);
              digest.update(chunk);
              yield chunk;
            }
          },
          // Flushed: a receipt that a crash of the machine would turn into an empty file is none.
          createWriteStream(draft, { mode: 0o600, flush: true }),
        );
        const sha256 = digest.digest('hex');
        await rename(draft, pathOf(place.tenantId, place.uploadId, sha256));
        return { sizeBytes, sha256 };
      } catch (err) {
        await rm(draft, { force: true });
        throw err;
      }
    },

    async removeFile(path: string): Promise<void> {
      await rm(path, { force: true });
    },

    /** Removes parts that a crash left behind. */
    async removeAbandoned(): Promise<void> {
      await removeOlder('.part', abandonedMs);
    },

    /** Removes files that nobody will correct any more. */
    async removeOld(): Promise<void> {
      await removeOlder('.csv', keptMs);
    },
  };

  async function removeOlder(ending: string, ageMsMax: number): Promise<void> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const name of await readdir(directory, { recursive: true })) {
      if (!name.endsWith(ending)) continue;
      const path = join(directory, name);
      // Another process may have been faster.
      const found = await stat(path).catch(() => undefined);
      if (found && Date.now() - found.mtimeMs > ageMsMax) await rm(path, { force: true });
    }
  }
}
