import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import type { CatalogConfig } from '../config.ts';
import type { FileStore } from './file-store.ts';

export type BucketSettings = Pick<
  CatalogConfig,
  | 'MEDIA_S3_BUCKET'
  | 'MEDIA_S3_ENDPOINT'
  | 'MEDIA_S3_REGION'
  | 'MEDIA_S3_ACCESS_KEY_ID'
  | 'MEDIA_S3_SECRET_ACCESS_KEY'
>;

/** One bucket of any S3-compatible store. Without a key of its own the SDK looks where it always looks. */
export function createS3Store(settings: BucketSettings): FileStore {
  const client = new S3Client({
    region: settings.MEDIA_S3_REGION,
    // Of an address of one's own the host is fixed, so the bucket stands in the path.
    ...(settings.MEDIA_S3_ENDPOINT
      ? { endpoint: settings.MEDIA_S3_ENDPOINT, forcePathStyle: true }
      : {}),
    ...keysOf(settings),
    // Stores other than Amazon's do not all know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const Bucket = settings.MEDIA_S3_BUCKET;
  return {
    async write(Key, Body, ContentType) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType }));
    },
    async read(Key) {
      try {
        const { Body, ContentLength } = await client.send(new GetObjectCommand({ Bucket, Key }));
        return Body && { body: Body as Readable, sizeBytes: ContentLength ?? 0 };
      } catch (err) {
        if (err instanceof NoSuchKey) return undefined;
        throw err;
      }
    },
    async remove(Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },
  };
}

function keysOf({
  MEDIA_S3_ACCESS_KEY_ID: accessKeyId,
  MEDIA_S3_SECRET_ACCESS_KEY: secret,
}: BucketSettings) {
  return accessKeyId && secret ? { credentials: { accessKeyId, secretAccessKey: secret } } : {};
}
