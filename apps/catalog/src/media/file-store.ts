import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

/** Where pictures lie. A key is made by us (media-address), never by a caller. */
export type FileStore = {
  /** The same key has the same content always, so a second writer changes nothing. */
  write(key: string, bytes: Buffer, contentType: string): Promise<void>;
  read(key: string): Promise<{ body: Readable; sizeBytes: number } | undefined>;
  remove(key: string): Promise<void>;
};

/** Files under one folder, which replicas of the service share. */
export function createFolderStore(directory: string): FileStore {
  const pathOf = (key: string) => join(directory, key);
  return {
    async write(key, bytes) {
      const path = pathOf(key);
      const draft = `${path}.${randomUUID()}.part`;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      try {
        // Flushed, and under its name only when it is whole.
        await writeFile(draft, bytes, { mode: 0o600, flush: true });
        await rename(draft, path);
      } catch (err) {
        await rm(draft, { force: true });
        throw err;
      }
    },
    async read(key) {
      try {
        const file = await open(pathOf(key), 'r');
        const { size } = await file.stat();
        return { body: createReadStream('', { fd: file }), sizeBytes: size };
      } catch (err) {
        if ((err as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw err;
      }
    },
    remove: (key) => rm(pathOf(key), { force: true }),
  };
}
