import sharp, { type Color } from 'sharp';

const plain = (background: Color, side: number) =>
  sharp({ create: { width: side, height: Math.round(side / 2), channels: 3, background } });

/** A JPEG as a telephone writes it: turned, and with the place where it was taken. */
export const photo = (background: Color = '#c00', side = 600): Promise<Buffer> =>
  plain(background, side)
    .withExif({
      IFD0: { Copyright: 'of nobody' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 12/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();

export const png = (background: Color = '#0c0', side = 600): Promise<Buffer> =>
  plain(background, side).png().toBuffer();

/** A few kilobytes that unfold to 121 megapixels. */
export const bomb = (): Promise<Buffer> =>
  sharp({ create: { width: 11_000, height: 11_000, channels: 3, background: '#000' } })
    .toColourspace('b-w')
    .png({ compressionLevel: 1 })
    .toBuffer();
