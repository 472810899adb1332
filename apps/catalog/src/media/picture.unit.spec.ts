import sharp from 'sharp';
import { bomb, photo, png } from '../../test/pictures.ts';
import { readPicture, type Picture } from './picture.ts';

const script = '<script>alert(1)</script>';

async function read(bytes: Buffer): Promise<Picture> {
  const picture = await readPicture(bytes);
  if (typeof picture === 'string') throw new Error(picture);
  return picture;
}

test('a photo stands upright and says no longer where it was taken', async () => {
  const taken = await photo();
  expect(taken.includes('of nobody')).toBe(true);
  const picture = await read(taken);
  expect(picture).toMatchObject({ contentType: 'image/jpeg', width: 300, height: 600 });
  const { exif, icc, xmp, orientation } = await sharp(picture.bytes).metadata();
  expect({ exif, icc, xmp, orientation }).toEqual({});
  expect(picture.bytes.includes('of nobody')).toBe(false);
});

test('the same pixels are the same file, whatever the file said beside them', async () => {
  const one = await read(await png());
  const other = await read(Buffer.concat([await png(), Buffer.from('something else')]));
  expect(other.sha256).toBe(one.sha256);
  expect((await read(await png('#00c'))).sha256).not.toBe(one.sha256);
});

test.each([
  ['JPEG', photo],
  ['PNG', png],
  [
    'GIF',
    async () =>
      sharp(await png())
        .gif()
        .toBuffer(),
  ],
  [
    'WebP',
    async () =>
      sharp(await png())
        .webp()
        .toBuffer(),
  ],
  [
    'AVIF',
    async () =>
      sharp(await png('#0cc', 64))
        .avif({ effort: 0 })
        .toBuffer(),
  ],
])('a %s that is a page too is a picture only', async (_, make) => {
  const picture = await read(Buffer.concat([await make(), Buffer.from(script)]));
  expect(picture.bytes.includes(script)).toBe(false);
});

test('small forms keep the shape and never grow', async () => {
  const { thumbnails } = await read(await png('#ccc', 1000));
  const sizes = thumbnails.map(async ({ bytes }) => {
    const { width, height, format } = await sharp(bytes).metadata();
    return [width, height, format];
  });
  expect(await Promise.all(sizes)).toEqual([
    [160, 80, 'webp'],
    [480, 240, 'webp'],
    [1000, 500, 'webp'],
  ]);
});

test.each<[string, string, () => Promise<Buffer>]>([
  ['a decompression bomb', 'TOO_MANY_PIXELS', bomb],
  ['a page', 'NOT_A_PICTURE', async () => Buffer.from(`<html>${script}`)],
  ['nothing', 'NOT_A_PICTURE', async () => Buffer.alloc(0)],
  ['an SVG', 'TYPE_NOT_SUPPORTED', async () => Buffer.from(`<svg onload="x">${script}</svg>`)],
  ['a PDF', 'TYPE_NOT_SUPPORTED', async () => Buffer.from('%PDF-1.7')],
  ['half a photo', 'PICTURE_BROKEN', async () => (await photo()).subarray(0, 1500)],
])('%s is refused as %s', async (_, problem, make) => {
  expect(await readPicture(await make())).toBe(problem);
});
