import { csvOf, planFile, type Cells } from '../../test/csv.ts';

const address = (number: number) => `https://x.test/${number}.jpg`;
const rowsOf = (pictures: number): Cells[] =>
  Array.from({ length: pictures }, (_, index) => ({
    Handle: 'ring',
    ...(index === 0 ? { Title: 'Ring', 'Variant SKU': 'R' } : { Title: '', 'Variant SKU': '' }),
    ...{ 'Image Src': address(index), 'Image Position': String(index + 1) },
  }));

async function planned(rows: readonly Cells[], context = {}) {
  const [group] = await planFile(csvOf(rows), context);
  return group!.planned;
}

describe('pictures of a product', () => {
  it('are at most 250: the others are left out, each with a warning at its row', async () => {
    const plan = await planned([
      ...rowsOf(252),
      { Handle: 'ring', Title: '', 'Image Src': address(3), 'Image Position': '253' },
    ]);
    if (plan.errors) throw new Error(JSON.stringify(plan.errors));
    expect(plan.plan.media.map(({ url }) => url)).toEqual(
      Array.from({ length: 250 }, (_, index) => address(index)),
    );
    const found = plan.warnings.map(({ row, column, code }) => [row, column, code]);
    expect(found.filter(([, , code]) => code === 'IMAGE_NOT_KEPT')).toEqual([
      [252, 'Image Src', 'IMAGE_NOT_KEPT'],
      [253, 'Image Src', 'IMAGE_NOT_KEPT'],
    ]);
  });

  it('count those that only variants name', async () => {
    const rows = rowsOf(250);
    rows[0]!['Variant Image'] = address(1_000);
    const plan = await planned(rows);
    if (plan.errors) throw new Error(JSON.stringify(plan.errors));
    expect(plan.plan.media).toHaveLength(250);
    expect(plan.plan.variants[0]!.mediaUrl).toBeUndefined();
    expect(plan.warnings.map(({ column }) => column)).toContain('Variant Image');
  });

  it('refuse the product where their warning refuses', async () => {
    const plan = await planned(rowsOf(251), { warningsRefused: ['IMAGE_NOT_KEPT'] });
    expect(plan.errors).toMatchObject([{ row: 252, code: 'IMAGE_NOT_KEPT' }]);
  });
});

it('half of a character, which only JSON can write, is damage', async () => {
  const [group] = await planFile(
    '{"handle":"r","title":"Ring \\ud83d","variants":[{"sku":"R"}]}\n',
  );
  expect(group!.planned.errors).toMatchObject([{ code: 'BAD_CHARACTER' }]);
});
