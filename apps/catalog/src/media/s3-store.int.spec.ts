import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import S3rver from 's3rver';
import { createFolderStore, type FileStore } from './file-store.ts';
import { createS3Store } from './s3-store.ts';

const key = 'tenant/picture.jpg';
let directory: string;
let s3: S3rver;
let stores: Record<'folder' | 'bucket', FileStore>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'onecount-store-'));
  s3 = new S3rver({
    ...{ address: '127.0.0.1', port: 0, silent: true, directory: join(directory, 's3') },
    configureBuckets: [{ name: 'pictures', configs: [] }],
  });
  const { port } = await s3.run();
  stores = {
    folder: createFolderStore(join(directory, 'folder')),
    bucket: createS3Store({
      MEDIA_S3_BUCKET: 'pictures',
      MEDIA_S3_ENDPOINT: `http://127.0.0.1:${port}`,
      MEDIA_S3_REGION: 'us-east-1',
      MEDIA_S3_ACCESS_KEY_ID: 'S3RVER',
      MEDIA_S3_SECRET_ACCESS_KEY: 'S3RVER',
    }),
  };
});
afterAll(async () => {
  await s3.close();
  await rm(directory, { recursive: true, force: true });
});

describe.each(['folder', 'bucket'] as const)('a store in a %s', (kind) => {
  it('gives back what was put there, until it is removed', async () => {
    const store = stores[kind];
    const bytes = Buffer.from('a picture');
    expect(await store.read(key)).toBeUndefined();
    await store.write(key, bytes, 'image/jpeg');
    await store.write(key, bytes, 'image/jpeg');
    const found = await store.read(key);
    expect(found?.sizeBytes).toBe(bytes.length);
    expect(await buffer(found!.body)).toEqual(bytes);
    await store.remove(key);
    await store.remove(key);
    expect(await store.read(key)).toBeUndefined();
  });
});
