import { readPdf } from '@onecount/testing';
import { htmlTexts, line, printedLines, receipt, sale, shop } from '../../test/receipt.ts';
import { receiptFile } from './receipt-file.ts';
import { receiptRows } from './receipt-layout.ts';
import type { Receipt, ReceiptFormat, Row } from './receipt.ts';

async function file(format: ReceiptFormat, given: Partial<Receipt> = {}): Promise<Buffer> {
  const pieces = [];
  for await (const piece of receiptFile(receipt(given), format)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
const textsOf = (rows: Row[]) =>
  rows.flatMap((row) => {
    if (row.kind === 'RULE') return [];
    return 'text' in row ? [row.text] : [row.left, row.right];
  });
const titled = (title: string, more = {}) => ({
  sale: sale({ lines: [line({ title, ...more })] }),
});
const accents = 'Łódź Größe Ελλάδα Привет İş ŠĒ';

it('is a page that says every row once, in its order', async () => {
  const html = (await file('HTML')).toString();
  expect(htmlTexts(html).texts).toEqual(textsOf(receiptRows(receipt())));
  expect(html).toContain('<title>Beleg HQ-000042</title>');
  expect(html).toContain('<html lang="de-DE">');
});

it('has no tag, script or entity of any text in its page', async () => {
  const nasty = `<script>alert(1)</script>"'&amp;<img src=x onerror=y>`;
  const html = await file('HTML', {
    ...{ cashier: nasty, registerName: nasty },
    ...{ ...titled(nasty, { sku: nasty, serialUnitId: 'u', serial: nasty }), kind: 'RECEIPT' },
    copy: { number: 1, by: nasty, at: new Date(0) },
    shop: {
      ...{ ...shop, shopName: nasty, addressLines: [nasty], taxNumber: nasty },
      ...{ header: nasty, footer: nasty },
    },
  });
  const { tags, texts } = htmlTexts(html.toString());
  expect(tags).toEqual(['body', 'div', 'h1', 'hr', 'p', 'span']);
  expect(texts.filter((text) => text.includes(nasty))).toHaveLength(10);
});

it('is a PDF with the same texts, amounts at its right edge, and letters of all Europe', async () => {
  const [page, ...more] = await readPdf(await file('PDF', titled(accents)));
  const said = page!.texts.map(({ text }) => text);
  expect(more).toEqual([]);
  expect(said).toEqual(expect.arrayContaining([accents, '10,00', '42,00 €', 'Brosche & Söhne']));
  const edges = page!.texts
    .filter(({ text }) => text.endsWith('€'))
    .map(({ x, width }) => x + width);
  expect(Math.max(...edges) - Math.min(...edges)).toBeLessThan(0.5);
  expect(page!.size[0]! - edges[0]!).toBeCloseTo(57, 0);
});

it('is a PDF of several pages that loses no line of a long sale', async () => {
  const lines = Array.from({ length: 120 }, (_, index) => line({ title: `Ring ${index}` }));
  const pages = await readPdf(await file('PDF', { sale: sale({ lines }) }));
  const said = pages.flatMap(({ texts }) => texts.map(({ text }) => text));
  expect(pages.length).toBeGreaterThan(3);
  expect(said.filter((text) => text.startsWith('Ring'))).toEqual(lines.map(({ title }) => title));
  for (const { size, texts } of pages) {
    expect(Math.max(...texts.map(({ y }) => y))).toBeLessThan(size[1]!);
  }
});

describe.each([
  ['ESCPOS_58', 32],
  ['ESCPOS_80', 48],
] as const)('on the roll of %s', (format, columns) => {
  it('says the same, no line longer than the roll, with amounts at its edge', async () => {
    const long = 'A necklace of cultured pearls, graduated, with a clasp of white gold';
    const printed = printedLines(await file(format, titled(long)));
    expect(Math.max(...printed.map((one) => one.length))).toBe(columns);
    const words = (text: string) => text.replaceAll(/[\s─]+/g, ' ').trim();
    expect(words(printed.join(' '))).toContain('Brosche & Söhne Kirchgasse 5 8001 Zürich');
    const total = printed.find((one) => one.startsWith('Summe'))!;
    expect(words(total)).toBe('Summe 42,00 €');
    expect(total).toHaveLength(columns);
    // The name wraps beside its amount.
    const [first, ...rest] = printed.slice(printed.findIndex((one) => one.startsWith('A neck')));
    expect(first).toMatch(/^A necklace of.* 10,00$/);
    const name = [first!.replace(/10,00$/, ''), ...rest.slice(0, 4)].join(' ');
    expect(words(name)).toContain(long);
  });

  it('prints letters of all Europe by code pages, and others as Latin ones', async () => {
    const printed = printedLines(await file(format, titled(accents)));
    expect(printed.join(' ').replaceAll(/\s+/g, ' ')).toContain(accents.slice(0, 18));
    const other = printedLines(await file(format, titled('耳环 💍 ﬁ')));
    expect(other.some((one) => one.startsWith('ErHuan  fi '))).toBe(true);
    const yen = titled('Ring ￥5 ½');
    expect(printedLines(await file(format, yen)).join(' ')).toContain('Ring ¥5 ½');
  });

  it('keeps whole the largest amounts', async () => {
    const totalMinor = 999_999_999_999_999;
    const printed = printedLines(await file(format, { sale: sale({ totalMinor }) }));
    expect(printed.some((one) => one.endsWith('9.999.999.999.999,99 €'))).toBe(true);
  });
});
