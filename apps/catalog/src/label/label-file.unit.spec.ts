import { readPdf, scanned, scannedBitmap, zplLabels } from '../../test/labels.ts';
import { previewOf, printFile } from './label-file.ts';
import { planLabels } from './label-plan.ts';
import { presets, type LabelContent, type LabelSpec } from './label.ts';

const texts = {
  NAME: 'Café Ring',
  FULL_TITLE: 'Café Ring - Größe 54 / Złoto',
  OPTIONS: 'Größe 54 / Złoto',
  PRICE: '1.234,50 €',
  SKU: 'RING-54',
  BARCODE: '4006381333931',
  STOCK_NUMBER: 'N-2301',
  SERIAL: '',
  METAL: '18 ct yellow gold 4.25 g',
  STONES: '0.50 ct VS1',
  CERTIFICATE: 'GIA 2201234567',
};
const content = (code: string, more: object = {}): LabelContent => ({
  ...{ id: 'RING-54', what: 'RING-54', code },
  texts: { ...texts, ...more },
});
const roll: LabelSpec = {
  ...{ name: 'Roll', fields: ['FULL_TITLE', 'PRICE', 'SKU'], symbology: 'EAN' },
  ...{ printer: 'PDF_ROLL', widthMm: 57, heightMm: 32, tailMm: 0, tailAt: 'MIDDLE' },
  ...{ sheet: null, link: null, locale: 'de' },
};
const l7160: LabelSpec = { ...roll, ...presets.AVERY_L7160, printer: 'PDF_SHEET', symbology: 'QR' };
/** A barbell of 56 × 13 mm, of which the 12 mm between its flags go around the ring. */
const barbell: LabelSpec = {
  ...{ ...roll, printer: 'ZPL_203', symbology: 'QR', fields: ['STOCK_NUMBER', 'PRICE', 'METAL'] },
  ...{ widthMm: 56, heightMm: 13, tailMm: 12 },
};

async function planned(spec: LabelSpec, contents: LabelContent[]) {
  const labels = await planLabels(spec, contents);
  if ('code' in labels) throw new Error(labels.message);
  return labels;
}

async function file(
  spec: LabelSpec,
  labels: { content: LabelContent; copies: number }[],
  skip = 0,
): Promise<Buffer> {
  const pieces = [];
  for await (const piece of printFile({ spec, labels, skip, createdAt: new Date(0) })) {
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces);
}

const codes = [
  ['EAN', '4006381333931', 'EAN13', '4006381333931'],
  ['EAN', '96385074', 'EAN8', '96385074'],
  // To a scanner a UPC-A is an EAN-13 that begins with zero.
  ['UPC', '036000291452', 'EAN13', '0036000291452'],
  ['CODE128', 'N-2301/a', 'Code128', 'N-2301/a'],
  ['QR', 'https://shop.example/ring-größe', 'QRCode', 'https://shop.example/ring-größe'],
] as const;

describe('what a scanner reads of a label', () => {
  it.each(codes)('is the code of %s %s, in ZPL and in the preview', async (...row) => {
    const [symbology, code, format, text] = row;
    const read = [{ format, text }];
    for (const printer of ['ZPL_203', 'ZPL_300'] as const) {
      const spec: LabelSpec = { ...roll, symbology, printer };
      const zpl = await file(spec, [{ content: content(code), copies: 3 }]);
      const [label, ...more] = zplLabels(zpl.toString());
      expect([label?.copies, more]).toEqual([3, []]);
      expect(await scannedBitmap(label!.bitmap)).toEqual(read);
      const preview = await previewOf(spec, (await planned(spec, [content(code)]))[0]!);
      expect(await scanned(Buffer.from(preview.dataUrl.split(',')[1]!, 'base64'))).toEqual(read);
    }
  });

  it('stands on one flag of a barbell tag, its words on the other, and nothing between', async () => {
    for (const printer of ['ZPL_203', 'ZPL_300'] as const) {
      const zpl = await file({ ...barbell, printer }, [{ content: content('N-2301'), copies: 1 }]);
      const { bitmap } = zplLabels(zpl.toString())[0]!;
      expect(await scannedBitmap(bitmap)).toEqual([{ format: 'QRCode', text: 'N-2301' }]);
      const black = blackColumns(bitmap).map((x) => (x * barbell.widthMm) / bitmap.width);
      expect(black.filter((mm) => mm > 22 && mm < 34)).toEqual([]);
      expect(black.some((mm) => mm < 22)).toBe(true);
    }
  });
});

const blackColumns = ({ width, dots }: { width: number; dots: Uint8Array }): number[] => [
  ...new Set([...dots.entries()].filter(([, dot]) => dot === 0).map(([index]) => index % width)),
];

describe('a PDF', () => {
  it('has a page a label on a roll, and the words as they were given', async () => {
    const hebrew = content('4006381333931', { FULL_TITLE: 'טבעת זהב', SKU: 'خاتم' });
    const pages = await readPdf(
      await file(roll, [
        { content: content('4006381333931'), copies: 2 },
        { content: hebrew, copies: 1 },
      ]),
    );
    expect(pages.map(({ texts: each }) => each.map(({ text }) => text))).toEqual([
      ['Café Ring - Größe 54 / Złoto', '1.234,50 €', 'RING-54'],
      ['Café Ring - Größe 54 / Złoto', '1.234,50 €', 'RING-54'],
      ['טבעת זהב', '1.234,50 €', 'خاتم'],
    ]);
    expect(await scanned(pages[2]!.png)).toEqual([{ format: 'EAN13', text: '4006381333931' }]);
    expect(pages[0]!.size.map((points) => (points * 25.4) / 72)).toEqual([
      expect.closeTo(57, 2),
      expect.closeTo(32, 2),
    ]);
    // Hebrew begins at the right edge, less the margin.
    const [title] = pages[2]!.texts;
    expect(((title!.x + title!.width) * 25.4) / 72).toBeCloseTo(57 - 1.2, 1);
  });

  it('puts labels into the cells of a sheet, from the first that is free', async () => {
    const labels = [{ content: content('https://shop.example/ring'), copies: 3 }];
    const pages = await readPdf(await file(l7160, labels, 19));
    const cells = pages.map(({ texts: each }) =>
      each
        .filter(({ text }) => text === 'RING-54')
        .map(({ x, y }) => [mm(x) - 7.2, mm(y) - 15.1])
        .map(([x = 0, y = 0]) => [Math.floor(x / 66.04), Math.floor(y / 38.1)]),
    );
    expect(cells).toEqual([
      [
        [1, 6],
        [2, 6],
      ],
      [[0, 0]],
    ]);
    const code = { format: 'QRCode', text: 'https://shop.example/ring' };
    expect(await scanned(pages[0]!.png)).toEqual([code, code]);
  });
});
const mm = (points: number): number => (points * 25.4) / 72;
