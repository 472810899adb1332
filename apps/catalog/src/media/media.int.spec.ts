import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { factCounts, startCatalog, tenantB, type Catalog } from '../../test/catalog.ts';
import { bomb, photo, png } from '../../test/pictures.ts';

let catalog: Catalog;
let web: Server;
let webUrl: string;
let served: Buffer = Buffer.alloc(0);
beforeAll(async () => {
  catalog = await startCatalog({ fetchesLoopback: true, uploadBytesMax: 40_000_000 });
  web = createServer((_, answer) => answer.end(served));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  webUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}/x.jpg`;
});
afterAll(async () => {
  web.closeAllConnections();
  await new Promise((resolve) => web.close(resolve));
  await catalog.stop();
});

async function uploaded(bytes: Buffer, filename = 'ring.jpg'): Promise<string> {
  const { upload } = await catalog.mutate('stagedUploadCreate', { filename, purpose: 'PICTURE' });
  const body = new Uint8Array(bytes);
  const answer = await fetch(catalog.reachable(upload.url), { method: 'PUT', body });
  expect(answer.status).toBe(201);
  return upload.id as string;
}

async function product(options: { name: string; values: string[] }[] = []) {
  const answer = await catalog.mutate('productCreate', { title: `Ring ${randomUUID()}`, options });
  const { id, variants } = answer.product;
  const variantIds = Object.fromEntries(variants.nodes.map((one: any) => [one.title, one.id]));
  return { id: id as string, variantIds: variantIds as Record<string, string> };
}

const url = (name: string) => ({ url: `https://img.test/${name}.jpg` });
async function withPictures(...names: string[]) {
  const { id } = await product();
  const { media } = await catalog.mutate('mediaAttach', {
    productId: id,
    pictures: names.map(url),
  });
  return { id, ids: media.map((one: any) => one.id) as string[] };
}

describe('a picture that is attached', () => {
  it('is kept once, in three small forms, and served so that it can be kept for ever', async () => {
    const { id } = await product();
    const bytes = await photo();
    const pictures = [
      { uploadId: await uploaded(bytes), alt: 'A ring' },
      { uploadId: await uploaded(await png()) },
    ];
    const { media, product: after } = await catalog.mutate('mediaAttach', {
      productId: id,
      pictures,
    });
    expect(media).toMatchObject([
      {
        alt: 'A ring',
        position: 1,
        isPrimary: true,
        file: { contentType: 'image/jpeg', width: 300, height: 600 },
      },
      {
        position: 2,
        isPrimary: false,
        file: { contentType: 'image/png', width: 600, height: 300 },
      },
    ]);
    expect(after.version).toBe(2);
    const answer = await fetch(catalog.reachable(media[0].url));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    expect((await answer.arrayBuffer()).byteLength).toBe(media[0].file.sizeBytes);
    const small = await fetch(catalog.reachable(media[0].thumbnailUrl));
    expect(small.headers.get('content-type')).toBe('image/webp');
    // The same photo for another product is the same file.
    const again = await catalog.mutate('mediaFileStore', {
      source: { uploadId: await uploaded(bytes) },
    });
    expect(again.file.url).toBe(media[0].url);
    const events = await catalog.db.read('01900000-0000-7000-8000-00000000000a', (tx) =>
      tx.query<{ total: number }>('SELECT count(*)::integer AS total FROM media_file'),
    );
    expect(events[0]?.total).toBe(2);
  });

  it('is answered again by its key, though its upload is used up', async () => {
    const { id } = await product();
    const uploadId = await uploaded(await png('#123'));
    const input = { idempotencyKey: randomUUID(), productId: id, pictures: [{ uploadId }] };
    const one = await catalog.mutate('mediaAttach', input);
    expect(await catalog.mutate('mediaAttach', input)).toEqual(one);
    const other = await catalog.mutate('mediaAttach', { productId: id, pictures: [{ uploadId }] });
    expect(other).toMatchObject({ code: 'UPLOAD_ALREADY_USED', uploadId });
    const { contentHash } = one.media[0].file;
    const known = await catalog.mutate('mediaAttach', {
      productId: id,
      pictures: [{ contentHash }],
    });
    expect(known.product).toMatchObject({ media: [{ id: one.media[0].id }] });
  });

  it('is a reference by its address, or a copy of what stands there', async () => {
    const { id } = await product();
    served = await png('#456');
    const pictures = [{ url: webUrl }, { url: webUrl, copy: true }];
    const { media } = await catalog.mutate('mediaAttach', { productId: id, pictures });
    expect(media).toMatchObject([
      { url: webUrl, file: null, thumbnailUrl: webUrl },
      { file: { contentType: 'image/png' } },
    ]);
  });

  it('names a photo of a serial unit by an address that stays', async () => {
    served = await photo('#0ff');
    const { file } = await catalog.mutate('mediaFileStore', { source: { url: webUrl } });
    const query = '($hash: String!) { mediaFile(contentHash: $hash) { url } }';
    const ask = (tenantId?: string) =>
      catalog.graphql(`query ${query}`, { hash: file.contentHash }, tenantId ? { tenantId } : {});
    expect((await ask()).data.mediaFile).toEqual({ url: file.url });
    expect((await ask(tenantB)).data.mediaFile).toBeNull();
  });
});

describe('what is refused writes nothing', () => {
  it.each<[string, string, () => Promise<Buffer>]>([
    ['a page named .jpg', 'NOT_A_PICTURE', async () => Buffer.from('<script>alert(1)</script>')],
    ['a decompression bomb', 'TOO_MANY_PIXELS', bomb],
    ['an SVG', 'TYPE_NOT_SUPPORTED', async () => Buffer.from('<svg/>')],
  ])('%s: %s', async (_, reason, make) => {
    const { id } = await product();
    const before = await factCounts(catalog.db);
    const source = { uploadId: await uploaded(await make()) };
    const answer = await catalog.mutate('mediaAttach', { productId: id, pictures: [source] });
    expect(answer).toMatchObject({
      code: 'PICTURE_REFUSED',
      reason,
      field: 'pictures.0.uploadId',
      value: 'ring.jpg',
    });
    expect(await factCounts(catalog.db)).toEqual(before);
  });

  it.each([
    ['http://169.254.169.254/latest/meta-data', 'PictureRefused'],
    ['http://10.1.2.3/x.jpg', 'PictureRefused'],
    ['file:///etc/passwd', 'InvalidInput'],
    ['javascript:alert(1)', 'InvalidInput'],
  ])('%s is a %s', async (address, kind) => {
    const { id } = await product();
    const pictures = [url('good'), { url: address, copy: true }];
    const before = await factCounts(catalog.db);
    const answer = await catalog.mutate('mediaAttach', { productId: id, pictures });
    expect(answer).toMatchObject({ __typename: kind, field: 'pictures.1.url', value: address });
    expect(await factCounts(catalog.db)).toEqual(before);
  });

  it('30 MB: at the address and before', async () => {
    const input = { filename: 'x.jpg', purpose: 'PICTURE' };
    const { upload } = await catalog.mutate('stagedUploadCreate', input);
    const body = new Uint8Array(30_000_000);
    const answer = fetch(catalog.reachable(upload.url), { method: 'PUT', body });
    // The rest is not read: the sender sees 413 or a closed connection.
    expect(await answer.then(({ status }) => status).catch(() => 413)).toBe(413);
    const asked = await catalog.mutate('stagedUploadCreate', { ...input, sizeBytes: 30_000_000 });
    expect(asked).toMatchObject({ code: 'INVALID_INPUT', field: 'sizeBytes' });
  });

  it.each([
    ['two sources', { ...url('a'), contentHash: 'b' }, 'InvalidInput'],
    ['no source', {}, 'InvalidInput'],
    ['a hash of nothing', { contentHash: 'f'.repeat(64) }, 'NotFound'],
    ['an upload of nobody', { uploadId: randomUUID() }, 'NotFound'],
  ])('%s', async (_, source, kind) => {
    const { id } = await product();
    const answer = await catalog.mutate('mediaAttach', { productId: id, pictures: [source] });
    expect(answer.__typename).toBe(kind);
  });

  it('picture 251', async () => {
    const media = Array.from({ length: 251 }, (_, index) => url(`${index}`));
    const refused = await catalog.mutate('productCreate', { title: 'Too many', media });
    expect(refused).toMatchObject({ code: 'INVALID_INPUT', field: 'media', value: '251' });
    const full = await catalog.mutate('productCreate', { title: 'Full', media: media.slice(1) });
    const { id } = full.product;
    const answer = await catalog.mutate('mediaAttach', {
      productId: id,
      pictures: [url('one more')],
    });
    expect(answer).toMatchObject({ code: 'MEDIA_LIMIT_EXCEEDED', requested: 251, limit: 250 });
    const [variant] = full.product.variants.nodes;
    const imageUrl = url('one more').url;
    const place = { productId: id, productVersion: 1 };
    const others: [string, object, string][] = [
      ['variantUpdate', { id: variant.id, productVersion: 1, imageUrl }, 'imageUrl'],
      ['variantsUpdate', { ...place, bulk: [{ imageUrl }] }, 'rows'],
    ];
    for (const [name, input, field] of others) {
      expect(await catalog.mutate(name, input)).toMatchObject({ code: 'INVALID_INPUT', field });
    }
  });
});

describe('the pictures of a product', () => {
  const order = (answer: any) => answer.product.media.map((one: any) => one.id);

  it('stand in the order that was asked for, without holes', async () => {
    const { id, ids } = await withPictures('a', 'b', 'c');
    const [a, b, c] = ids as [string, string, string];
    const turned = await catalog.mutate('mediaReorder', { productId: id, mediaIds: [c, b, a] });
    expect(order(turned)).toEqual([c, b, a]);
    const primary = await catalog.mutate('mediaPrimarySet', { mediaId: a });
    expect(order(primary)).toEqual([a, c, b]);
    const left = await catalog.mutate('mediaDelete', { mediaId: c });
    expect(left.product.media.map((one: any) => [one.id, one.position])).toEqual([
      [a, 1],
      [b, 2],
    ]);
    expect(await catalog.mutate('mediaDelete', { mediaId: c })).toMatchObject({
      kind: 'Media',
      id: c,
    });
    const told = await catalog.mutate('mediaAltSet', { mediaId: b, alt: ' Seen from above ' });
    expect(told.product.media[1].alt).toBe('Seen from above');
    expect(told.product.version).toBe(left.product.version + 1);
  });

  it.each<[string, (ids: string[]) => string[]]>([
    ['lacks one', ([a]) => [a!]],
    ['has one twice', ([a]) => [a!, a!]],
    ['has a stranger', ([a]) => [a!, randomUUID()]],
  ])('keep their order when the new one %s', async (_, bend) => {
    const { id, ids } = await withPictures('a', 'b');
    const answer = await catalog.mutate('mediaReorder', { productId: id, mediaIds: bend(ids) });
    expect(answer.code).toBe('INVALID_INPUT');
  });

  it('are not changed over somebody else', async () => {
    const { ids } = await withPictures('a', 'b');
    const input = { mediaId: ids[1], version: 1 };
    expect(await catalog.mutate('mediaPrimarySet', input)).toMatchObject({ versionGiven: 1 });
  });
});

describe('a picture of an option value', () => {
  const imagesOf = (answer: any) =>
    Object.fromEntries(
      answer.product.variants.nodes.map((one: any) => [one.title, one.image?.id ?? null]),
    );

  it('is that of its variants, of later ones too, until it is taken away', async () => {
    const { id, variantIds } = await product([
      { name: 'Color', values: ['Red', 'Blue'] },
      { name: 'Size', values: ['S', 'M'] },
    ]);
    const { media } = await catalog.mutate('mediaAttach', {
      productId: id,
      pictures: ['red', 'blue', 'other'].map(url),
    });
    const [red, blue, other] = media.map((one: any) => one.id);
    const images = [
      { value: 'red', mediaId: red },
      { value: 'Blue', mediaId: blue },
    ];
    const set = await catalog.mutate('mediaOptionValuesSet', {
      productId: id,
      optionName: 'color',
      images,
    });
    expect(imagesOf(set)).toEqual({
      'Red / S': red,
      'Red / M': red,
      'Blue / S': blue,
      'Blue / M': blue,
    });
    expect(set.product.media[0].optionValues).toEqual([{ name: 'Color', value: 'Red' }]);

    const own = {
      productId: id,
      mediaId: other,
      variantIds: [variantIds['Red / S'], variantIds['Blue / S']],
    };
    const shared = await catalog.mutate('mediaVariantsSet', own);
    expect(imagesOf(shared)).toMatchObject({ 'Red / S': other, 'Blue / S': other, 'Red / M': red });

    const variants = [{ optionValues: ['Red', 'L'] }];
    await catalog.mutate('variantsAdd', {
      productId: id,
      productVersion: shared.product.version,
      variants,
    });
    const without = await catalog.mutate('mediaDelete', { mediaId: blue });
    expect(imagesOf(without)).toEqual({
      'Red / S': other,
      'Red / M': red,
      'Red / L': red,
      'Blue / S': other,
      'Blue / M': null,
    });
    const none = [{ value: 'Red', mediaId: null }];
    const cleared = await catalog.mutate('mediaOptionValuesSet', {
      productId: id,
      optionName: 'Color',
      images: none,
    });
    expect(imagesOf(cleared)).toMatchObject({
      'Red / M': null,
      'Red / L': null,
      'Blue / S': other,
    });
  });

  it('goes with its option and value to their new names, and ends with the value', async () => {
    const { id: productId } = await product([{ name: 'Color', values: ['Red', 'Blue'] }]);
    const attached = await catalog.mutate('mediaAttach', { productId, pictures: [url('hue')] });
    const mediaId = attached.media[0].id;
    const images = ['Red', 'Blue'].map((value) => ({ value, mediaId }));
    const set = await catalog.mutate('mediaOptionValuesSet', {
      ...{ productId, optionName: 'Color', images },
    });
    let productVersion: number = set.product.version;
    const change = async (name: string, input: object) => {
      const answer = await catalog.ask(
        name,
        '... on OptionsChangeSuccess { product { version } }',
        {
          ...{ productId, productVersion, ...input },
        },
      );
      productVersion = answer.product.version;
    };
    await change('optionRename', { option: 'color', name: 'Hue' });
    await change('optionValueRename', { option: 'Hue', value: 'red', name: 'Crimson' });
    await change('optionValueRemove', { option: 'Hue', value: 'Blue' });
    const query = 'query ($id: ID!) { product(id: $id) { media { optionValues { name value } } } }';
    const { product: found } = (await catalog.graphql(query, { id: productId })).data;
    expect(found.media[0].optionValues).toEqual([{ name: 'Hue', value: 'Crimson' }]);
  });

  it.each<[string, object, string]>([
    ['of another option', { optionName: 'Material', images: [] }, 'optionName'],
    ['of another value', { optionName: 'Color', images: [{ value: 'Green' }] }, 'images.0.value'],
  ])('is refused %s', async (_, input, field) => {
    const { id } = await product([{ name: 'Color', values: ['Red'] }]);
    const answer = await catalog.mutate('mediaOptionValuesSet', { productId: id, ...input });
    expect(answer).toMatchObject({ code: 'INVALID_INPUT', field });
  });

  it("is refused with another product's picture, and nothing of the request is done", async () => {
    const { id, variantIds } = await product([{ name: 'Color', values: ['Red', 'Blue'] }]);
    const own = await catalog.mutate('mediaAttach', { productId: id, pictures: [url('red')] });
    const { ids: strangers } = await withPictures('x');
    const images = [
      { value: 'Red', mediaId: own.media[0].id },
      { value: 'Blue', mediaId: strangers[0] },
    ];
    const answer = await catalog.mutate('mediaOptionValuesSet', {
      productId: id,
      optionName: 'Color',
      images,
    });
    expect(answer).toMatchObject({ kind: 'Media', id: strangers[0] });
    const variants = {
      productId: id,
      variantIds: Object.values(variantIds),
      mediaId: strangers[0],
    };
    expect(await catalog.mutate('mediaVariantsSet', variants)).toMatchObject({ kind: 'Media' });
    const alone = await catalog.mutate('mediaAltSet', { mediaId: own.media[0].id, alt: null });
    expect(imagesOf(alone)).toEqual({ Red: null, Blue: null });
  });
});

describe('an address of the store', () => {
  it.each([
    '/media/../catalog',
    '/media/%2e%2e/%2e%2e/etc/passwd',
    '/media/..%2f..%2fetc%2fpasswd',
    `/media/01900000-0000-7000-8000-00000000000a/${'a'.repeat(64)}.jpg`,
    '/media/',
  ])('%s leads nowhere', async (path) => {
    const answer = await fetch(catalog.reachable(`http://catalog.test${path}`));
    expect(answer.status).toBe(404);
  });
});
