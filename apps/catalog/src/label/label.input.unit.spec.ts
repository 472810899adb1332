import { isRefusal } from '@onecount/refusal';
import type { LabelTemplateInput } from '../generated/resolver-types.ts';
import { itemsProblem } from './label-items.ts';
import { specOf } from './label.input.ts';

const sheet = {
  ...{ pageWidthMm: 210, pageHeightMm: 297, columns: 2, rows: 5 },
  ...{ marginLeftMm: 5, marginTopMm: 5, pitchXMm: 100, pitchYMm: 57 },
};
const own: LabelTemplateInput = {
  ...{ name: ' Own sheet ', fields: ['NAME', 'PRICE'], symbology: 'CODE128' },
  ...{ printer: 'PDF_SHEET', widthMm: 95, heightMm: 50, sheet },
};

describe('a template', () => {
  it('has a sheet of its own, or the sizes of a preset', () => {
    expect(specOf(own)).toMatchObject({ name: 'Own sheet', widthMm: 95, sheet, tailMm: 0 });
    expect(specOf({ ...own, preset: 'AVERY_5160' })).toMatchObject({
      ...{ widthMm: 66.675, heightMm: 25.4, locale: 'en' },
      sheet: { columns: 3, rows: 10 },
    });
    expect(specOf({ ...own, printer: 'ZPL_203', sheet: null })).toMatchObject({ sheet: null });
  });

  it.each<[string, object, string, string | null]>([
    ['no name', { name: '  ' }, 'template.name', ''],
    ['no size', { widthMm: null }, 'template.widthMm', null],
    ['9 mm of width', { widthMm: 9 }, 'template.widthMm', '9'],
    ['4 mm of height', { heightMm: 4 }, 'template.heightMm', '4'],
    ['301 mm of height', { heightMm: 301 }, 'template.heightMm', '301'],
    ['a tail longer than the label', { tailMm: 90 }, 'template.tailMm', '90'],
    ['no sheet', { sheet: null }, 'template.sheet', null],
    ['no columns', { sheet: { ...sheet, columns: 0 } }, 'template.sheet.columns', '0'],
    [
      'a margin before the page',
      { sheet: { ...sheet, marginTopMm: -1 } },
      'template.sheet.marginTopMm',
      '-1',
    ],
    [
      'labels over each other',
      { sheet: { ...sheet, pitchXMm: 90 } },
      'template.sheet.pitchXMm',
      '90',
    ],
    [
      'labels over the edge',
      { sheet: { ...sheet, rows: 6 } },
      'template.sheet.pageHeightMm',
      '297',
    ],
    [
      'a preset on a roll',
      { preset: 'AVERY_5160', printer: 'ZPL_203' },
      'template.preset',
      'AVERY_5160',
    ],
    ['a field twice', { fields: ['SKU', 'SKU'] }, 'template.fields', 'SKU'],
    ['nothing to print', { fields: [], symbology: 'NONE' }, 'template.fields', null],
    ['more lines than it has room for', { heightMm: 5, symbology: 'NONE' }, 'template.fields', '2'],
    ['no room for an EAN', { widthMm: 22, symbology: 'EAN' }, 'template.symbology', 'EAN'],
    [
      'no room for a QR code',
      { heightMm: 9, fields: ['SKU'], symbology: 'QR' },
      'template.symbology',
      'QR',
    ],
    ['no room for bars', { heightMm: 9, fields: ['SKU'] }, 'template.symbology', 'CODE128'],
    ['a link of a bar code', { link: 'https://a.example' }, 'template.link', 'https://a.example'],
    [
      'a link that runs',
      { symbology: 'QR', link: 'javascript:alert(1)' },
      'template.link',
      'javascript:alert(1)',
    ],
    [
      'a name that no link has',
      { symbology: 'QR', link: 'https://a.example/{id}' },
      'template.link',
      'https://a.example/{id}',
    ],
    ['a language that is none', { locale: 'not a language' }, 'template.locale', 'not a language'],
  ])('is refused for %s', (_, wrong, field, value) => {
    const refusal = specOf({ ...own, ...wrong });
    expect(isRefusal(refusal)).toBe(true);
    expect(refusal).toMatchObject({ __typename: 'InvalidInput', field, value });
  });
});

describe('a batch', () => {
  const sku = 'R-1';
  it.each<[string, object[], string, string | null]>([
    ['nothing', [], 'items', '0'],
    ['201 variants', Array(201).fill({ sku }), 'items', '201'],
    ['0 labels', [{ sku, copies: 0 }], 'items.0.copies', '0'],
    ['10,000 labels', [{ sku, copies: 10_000 }], 'items.0.copies', '10000'],
    ['10,000 labels of several', Array(10).fill({ sku, copies: 1_000 }), 'items', '10000'],
    ['neither a SKU nor a unit', [{ sku }, {}], 'items.1', null],
    ['both', [{ sku, serialUnitId: 'u' }], 'items.0', null],
  ])('is refused with %s', (_, items, field, value) => {
    expect(itemsProblem(items)).toMatchObject({ __typename: 'InvalidInput', field, value });
  });

  it('has at most 2,000 labels', () => {
    expect(
      itemsProblem([
        { sku, copies: 1_000 },
        { sku, copies: 1_000 },
      ]),
    ).toBeUndefined();
  });
});
