import { createHash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';

/** A picture as it is kept: written anew from its pixels, with nothing else of the file that came in. */
export type Picture = {
  bytes: Buffer;
  sha256: string;
  contentType: string;
  extension: Extension;
  width: number;
  height: number;
  thumbnails: { width: ThumbnailWidth; bytes: Buffer }[];
};

export type Extension = 'jpg' | 'png' | 'webp' | 'gif' | 'avif';
export type PictureProblem =
  'NOT_A_PICTURE' | 'TYPE_NOT_SUPPORTED' | 'TOO_MANY_PIXELS' | 'PICTURE_BROKEN';

export const thumbnailWidths = { SMALL: 160, MEDIUM: 480, LARGE: 1200 } as const;
export type ThumbnailWidth = (typeof thumbnailWidths)[keyof typeof thumbnailWidths];

export const pictureBytesMax = 20 * 1024 * 1024;
/** A photo of 100 megapixels, all frames of an animation counted. */
const pixelsMax = 100_000_000;
const secondsMax = 20;
export const contentTypes: Record<Extension, string> = {
  ...{ jpg: 'image/jpeg', png: 'image/png', webp: 'image/webp' },
  ...{ gif: 'image/gif', avif: 'image/avif' },
};

// What is not loaded for certain cannot be attacked: SVG and PDF run references, TIFF and the rest bring old decoders.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map((name) => `VipsForeignLoad${name}`),
});
// Nothing is read twice, and what lies in a cache is memory.
sharp.cache(false);

let last: Promise<unknown> = Promise.resolve();

/**
 * Decodes and encodes anew, upright and in sRGB. EXIF with its place, colour profiles, comments and whatever hangs behind
 * the picture are gone, so a file that is a picture and something else is a picture only. One after another: a
 * picture may take 400 MB while it is turned.
 */
export function readPicture(bytes: Buffer): Promise<Picture | PictureProblem> {
  const turn = last.then(() => pictureOf(bytes));
  last = turn.catch(() => undefined);
  return turn;
}

async function pictureOf(bytes: Buffer): Promise<Picture | PictureProblem> {
  const extension = await extensionOf(bytes);
  if (extension === undefined)
    return looksLikeAnother(bytes) ? 'TYPE_NOT_SUPPORTED' : 'NOT_A_PICTURE';
  try {
    const { data, info } = await encoded(open(bytes, -1).autoOrient(), extension).toBuffer({
      resolveWithObject: true,
    });
    return {
      ...{ bytes: data, extension, contentType: contentTypes[extension] },
      sha256: createHash('sha256').update(data).digest('hex'),
      ...{ width: info.width, height: info.pageHeight ?? info.height },
      thumbnails: await thumbnailsOf(bytes),
    };
  } catch (err) {
    return /pixel limit/i.test(String(err)) ? 'TOO_MANY_PIXELS' : 'PICTURE_BROKEN';
  }
}

const open = (bytes: Buffer, pages: number): Sharp =>
  sharp(bytes, { limitInputPixels: pixelsMax, failOn: 'error', pages }).timeout({
    seconds: secondsMax,
  });

/** By its content, never by its name; undefined for what no permitted decoder recognises. */
async function extensionOf(bytes: Buffer): Promise<Extension | undefined> {
  try {
    const { format, compression } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (format === 'jpeg') return 'jpg';
    if (format === 'heif') return compression === 'av1' ? 'avif' : undefined;
    return format === 'png' || format === 'webp' || format === 'gif' ? format : undefined;
  } catch {
    return undefined;
  }
}

// Only to say it better: TIFF, BMP, PSD, SVG, PDF, ISO media (HEIC).
const looksLikeAnother = (bytes: Buffer): boolean =>
  /^(II\*\0|MM\0\*|BM|8BPS|%PDF|<svg|<\?xml|....ftyp)/s.test(
    bytes.subarray(0, 12).toString('latin1'),
  );

// Quality 90 cannot be told from the original by eye; a smaller form is what thumbnails are for.
function encoded(picture: Sharp, extension: Extension): Sharp {
  switch (extension) {
    case 'jpg':
      return picture.jpeg({ quality: 90 });
    case 'png':
      return picture.png();
    case 'webp':
      return picture.webp({ quality: 90 });
    case 'gif':
      return picture.gif();
    case 'avif':
      return picture.avif({ quality: 70, effort: 2 });
  }
}

function thumbnailsOf(bytes: Buffer): Promise<Picture['thumbnails']> {
  return Promise.all(
    Object.values(thumbnailWidths).map(async (width) => ({
      width,
      bytes: await open(bytes, 1)
        .autoOrient()
        .resize({ width, height: width, fit: 'inside', withoutEnlargement: true })
        .webp({ quality: 80 })
        .toBuffer(),
    })),
  );
}
