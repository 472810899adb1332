import { randomBytes, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { eventually } from '@onecount/testing';
import { startCatalog, tenantB, type Catalog } from '../../test/catalog.ts';
import { isSignatureValid, uploadUrl } from './upload-signature.ts';

const bytesMax = 100_000;
const second = 'the secret that takes the place of the one in use';
let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog({ uploadBytesMax: bytesMax, uploadSecondSecret: second });
});
afterAll(() => catalog.stop());

async function place(): Promise<{ id: string; url: string }> {
  const { upload } = await catalog.mutate('stagedUploadCreate', { filename: 'products.csv' });
  return { id: upload.id, url: catalog.reachable(upload.url) };
}

const put = (url: string | URL, body: string | Buffer) =>
  fetch(url, { method: 'PUT', headers: { 'content-type': 'text/csv' }, body });

describe('an upload address', () => {
  it('takes one file, once', async () => {
    const { url } = await place();
    expect((await put(url, 'Handle,Title\n')).status).toBe(201);
    const again = await put(url, 'Handle,Title\nother,Other\n');
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ code: 'UPLOAD_ALREADY_RECEIVED' });
  });

  it('takes the first of several files that arrive at once', async () => {
    const { url } = await place();
    const before = (await readdir(catalog.uploadDir, { recursive: true })).length;
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => put(url, `Handle,Title\n${index}`.repeat(500))),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 409, 409, 409, 409]);
    expect((await readdir(catalog.uploadDir, { recursive: true })).length).toBe(before + 1);
  });

  it.each<[string, (url: URL) => void]>([
    ['another tenant', (url) => url.searchParams.set('tenant', tenantB)],
    ['another upload', (url) => void (url.pathname = `/uploads/${randomUUID()}`)],
    ['a later end', (url) => url.searchParams.set('expires', '9999999999')],
    [
      'another signature',
      (url) => url.searchParams.set('signature', randomBytes(32).toString('base64url')),
    ],
    ['a cut signature', (url) => url.searchParams.set('signature', 'abc')],
    ['no signature', (url) => url.searchParams.delete('signature')],
    ['no id', (url) => void (url.pathname = '/uploads/x')],
  ])('cannot be bent to %s', async (_, bend) => {
    const url = new URL((await place()).url);
    bend(url);
    const answer = await put(url, 'Handle,Title\n');
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'UPLOAD_REFUSED' });
  });

  it('refuses a file that is too large, announced or not, and an empty one', async () => {
    const { url } = await place();
    const large = Buffer.alloc(bytesMax + 1, 'x');
    expect((await put(url, large)).status).toBe(413);
    expect((await put(url, '')).status).toBe(400);
    const chunked = fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'text/csv' },
      body: new Blob([large]).stream(),
      duplex: 'half',
    } as RequestInit);
    // The rest of an endless body is not read: the sender sees 413 or a closed connection.
    const status = await chunked.then((answer) => answer.status).catch(() => 413);
    expect(status).toBe(413);
    // A closed connection reaches the sender before the service has taken its part off the disk.
    await eventually(async () => {
      const files = await readdir(catalog.uploadDir, { recursive: true });
      return !files.some((name) => name.endsWith('.part'));
    });
    expect((await put(url, 'Handle,Title\n')).status).toBe(201);
  });

  it('is not given out for a size that would be refused', async () => {
    const input = { filename: 'x.csv', sizeBytes: bytesMax + 1 };
    expect(await catalog.mutate('stagedUploadCreate', input)).toMatchObject({ field: 'sizeBytes' });
  });

  it('is the same for the same key', async () => {
    const input = { idempotencyKey: randomUUID(), filename: 'x.csv' };
    const one = await catalog.mutate('stagedUploadCreate', input);
    expect(await catalog.mutate('stagedUploadCreate', input)).toEqual(one);
  });

  it('ends with its time', () => {
    const secret = 'a secret';
    const signed = { tenantId: tenantB, uploadId: randomUUID(), expiresSeconds: 1 };
    const url = new URL(uploadUrl('http://x.test', secret, signed));
    const signature = url.searchParams.get('signature') ?? '';
    expect(isSignatureValid([secret], signed, signature)).toBe(true);
    expect(isSignatureValid(['other'], signed, signature)).toBe(false);
    expect(isSignatureValid([secret], { ...signed, expiresSeconds: 2 }, signature)).toBe(false);
  });

  it('is accepted when the second of two secrets has signed it, and of a third it is not', async () => {
    const statusOf = async (secret: string) => {
      const { id, url } = await place();
      const { searchParams } = new URL(url);
      const signed = {
        tenantId: searchParams.get('tenant')!,
        uploadId: id,
        expiresSeconds: Number(searchParams.get('expires')),
      };
      const address = catalog.reachable(uploadUrl('http://catalog.test', secret, signed));
      return (await put(address, 'Handle,Title\n')).status;
    };
    expect(await statusOf(second)).toBe(201);
    expect(await statusOf('a third secret that nobody has given to anyone')).toBe(403);
  });

  it('is good with whoever serves, while a secret is replaced step by step', () => {
    const [old, next] = ['the old one', 'the new one'];
    // The first signs, all are accepted: the steps of docs/running.md.
    const steps = [[old], [old, next], [next, old], [next]] as const;
    const signed = { tenantId: tenantB, uploadId: randomUUID(), expiresSeconds: 1 };
    for (const [index, before] of steps.slice(0, -1).entries()) {
      const beside = [before, steps[index + 1]!];
      for (const [signing] of beside) {
        const url = new URL(uploadUrl('http://x.test', signing, signed));
        const signature = url.searchParams.get('signature')!;
        for (const secrets of beside)
          expect(isSignatureValid(secrets, signed, signature)).toBe(true);
      }
    }
  });
});
