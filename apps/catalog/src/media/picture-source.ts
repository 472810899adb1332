import { readFile } from 'node:fs/promises';
import type { Database } from '@onecount/db';
import {
  checkId,
  invalidInput,
  isGiven,
  isRefusal,
  isWebAddress,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import { uploadNotReady } from '../upload/upload.errors.ts';
import { uploadById } from '../upload/upload.sql.ts';
import type { UploadStore } from '../upload/upload.store.ts';
import type { FileStore } from './file-store.ts';
import { addressOf, keyOf } from './media-address.ts';
import { mediaFiles } from './media-file.sql.ts';
import { pictureRefused, type PictureRefused } from './media.errors.ts';
import type { PictureFetch } from './picture-fetch.ts';
import { pictureBytesMax, readPicture, type Picture } from './picture.ts';

const addressLengthMax = 2_000;

export type Source = {
  uploadId?: string | null;
  url?: string | null;
  contentHash?: string | null;
  copy?: boolean | null;
};

/** Its address, the picture where it is new in the store, and what is left to be removed when it is attached. */
export type Sourced = { url: string; sha256?: string; picture?: Picture; uploadFile?: string };

export type SourceRefusal =
  InvalidInput | NotFound | PictureRefused | ReturnType<typeof uploadNotReady>;

export type PictureSource = ReturnType<typeof createPictureSource>;

/** Brings pictures into the store, before the transaction that names them: one that nobody names does no harm. */
export function createPictureSource(deps: {
  db: Database;
  uploads: UploadStore;
  files: FileStore;
  fetcher: PictureFetch;
  publicUrl: string;
}) {
  const { db, uploads, files, fetcher, publicUrl } = deps;

  /** `field` is where the source stands in the input. */
  async function sourced(
    tenantId: string,
    source: Source,
    field: string,
  ): Promise<Sourced | SourceRefusal> {
    const given = [source.uploadId, source.url, source.contentHash].filter(isGiven);
    if (given.length !== 1) {
      return invalidInput(field, `Give one of ${field}.uploadId, url and contentHash.`);
    }
    if (isGiven(source.contentHash)) return kept(tenantId, source.contentHash);
    if (isGiven(source.uploadId)) return uploaded(tenantId, source.uploadId, `${field}.uploadId`);
    return linked(tenantId, source, `${field}.url`);
  }

  async function kept(tenantId: string, contentHash: string): Promise<Sourced | NotFound> {
    const [file] = await db.read(tenantId, (tx) => mediaFiles(tx, [contentHash]));
    if (file === undefined) return notFound('MediaFile', contentHash);
    return { url: addressOf(publicUrl, file), sha256: file.sha256 };
  }

  async function uploaded(
    tenantId: string,
    id: string,
    field: string,
  ): Promise<Sourced | SourceRefusal> {
    const misspelt = checkId(field, id);
    if (misspelt) return misspelt;
    const upload = await db.read(tenantId, (tx) => uploadById(tx, id));
    if (upload === undefined) return notFound('StagedUpload', id);
    if (upload.sha256 === null) return uploadNotReady('UPLOAD_NOT_RECEIVED', id);
    if ((upload.sizeBytes ?? 0) > pictureBytesMax) {
      return pictureRefused('TOO_LARGE', { field, value: upload.filename });
    }
    const uploadFile = uploads.pathOf(tenantId, id, upload.sha256);
    const bytes = await readFile(uploadFile).catch(ifAbsent);
    if (bytes === undefined) return uploadNotReady('UPLOAD_ALREADY_USED', id);
    const stored = await store(tenantId, bytes, { field, value: upload.filename });
    return isRefusal(stored) ? stored : { ...stored, uploadFile };
  }

  async function linked(
    tenantId: string,
    { url, copy }: Source,
    field: string,
  ): Promise<Sourced | SourceRefusal> {
    const address = url ?? '';
    if (!isWebAddress(address) || address.length > addressLengthMax) {
      const message = `The address of a picture begins with http or https and has at most ${addressLengthMax} characters.`;
      return invalidInput(field, message, address);
    }
    if (copy !== true) return { url: address };
    const fetched = await fetcher.fetch(address);
    if ('problem' in fetched) {
      const { problem, detail } = fetched;
      return pictureRefused(problem, { field, value: address, detail });
    }
    return store(tenantId, fetched.bytes, { field, value: address });
  }

  async function store(
    tenantId: string,
    bytes: Buffer,
    at: { field: string; value: string },
  ): Promise<Sourced | PictureRefused> {
    const picture = await readPicture(bytes);
    if (typeof picture === 'string') return pictureRefused(picture, at);
    const { sha256, extension } = picture;
    const place = { tenantId, sha256, extension };
    for (const { width: thumbnail, bytes: small } of picture.thumbnails) {
      await files.write(keyOf({ ...place, thumbnail }), small, 'image/webp');
    }
    await files.write(keyOf(place), picture.bytes, picture.contentType);
    return { url: addressOf(publicUrl, place), sha256, picture };
  }

  return {
    sourced,
    /** The uploads that are used up; a file that cannot be removed is no reason to take back what is done. */
    async discard(sources: readonly Sourced[]): Promise<void> {
      const paths = sources.flatMap(({ uploadFile }) => uploadFile ?? []);
      await Promise.allSettled(paths.map((path) => uploads.removeFile(path)));
    },
  };
}

function ifAbsent(err: NodeJS.ErrnoException): undefined {
  if (err.code !== 'ENOENT') throw err;
}
