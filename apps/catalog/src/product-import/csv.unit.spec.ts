import fc from 'fast-check';
import { csvOf, fileOf, headerColumns, planFile, type Cells } from '../../test/csv.ts';
import { columnsOf } from './csv-columns.ts';
import { planGroup } from './csv-product.ts';
import { survey } from './csv-source.ts';
import { FileUnreadableError } from './file-unreadable.ts';

const ring: Cells = {
  Handle: 'ring',
  Title: 'Ring',
  'Option1 Name': 'Size',
  'Option1 Value': '6',
  'Variant SKU': 'RING-6',
  'Variant Inventory Qty': '2',
  'Variant Price': '120.00',
};
const ring7: Cells = {
  Handle: 'ring',
  'Option1 Value': '7',
  'Variant SKU': 'RING-7',
  'Variant Inventory Qty': '1',
  'Variant Price': '125',
};
const notFilled: Cells = { 'Variant Inventory Tracker': '', 'Variant Inventory Qty': '' };
const brooch: Cells = { Handle: 'brooch', Title: 'Brooch', 'Variant Price': '4200' };

/** The one product of a file, planned; fails the test on row errors. */
async function planned(rows: Cells[]) {
  const [group] = await planFile(csvOf(rows));
  if (group?.planned.errors !== undefined) throw new Error(JSON.stringify(group.planned.errors));
  return group!.planned.plan;
}

async function errorsOf(rows: Cells[]) {
  const groups = await planFile(csvOf(rows));
  return groups.flatMap(({ planned: { errors } }) => errors ?? []);
}

describe('the header', () => {
  it('lists the columns that mean nothing', () => {
    const columns = headerColumns(['Handle', 'Title', 'HS Code', 'Google Shopping', 'Title', '']);
    expect(columns.ignored).toEqual(['HS Code', 'Google Shopping', 'Title']);
  });

  it('knows the present template and metafields by their key', () => {
    const { indexOf } = headerColumns([
      'URL handle',
      'Title',
      'Inventory quantity',
      'Serial Number (product.metafields.custom.serial_number)',
      'Gutachten (variant.metafields.custom.certificate_number)',
    ]);
    expect(Object.fromEntries(indexOf)).toEqual({
      handle: 0,
      title: 1,
      quantity: 2,
      serials: 3,
      certificateNumber: 4,
    });
  });

  it('must name handle and title', () => {
    expect(columnsOf(['Title', 'Price'])).toEqual({
      problem: 'The first row must be the header of a product file; it lacks Handle.',
    });
  });
});

describe('rows become products', () => {
  it('with one variant per row of a handle', async () => {
    expect(await planned([ring, ring7])).toMatchObject({
      title: 'Ring',
      handle: 'ring',
      status: 'ACTIVE',
      options: [{ name: 'Size', values: ['6', '7'] }],
      variants: [
        {
          sku: 'RING-6',
          title: '6',
          priceMinor: 12000,
          tracking: 'QUANTITY',
          openingStock: [{ locationCode: 'HQ', quantity: 2, serials: [] }],
        },
        { sku: 'RING-7', title: '7', priceMinor: 12500 },
      ],
    });
  });

  it('with pictures from rows that have nothing else, by their position', async () => {
    const plan = await planned([
      { ...brooch, 'Image Src': 'https://x.test/2.jpg', 'Image Position': '2' },
      { Handle: 'brooch', 'Image Src': 'https://x.test/1.jpg', 'Image Position': '1' },
      { Handle: 'brooch', 'Image Src': 'https://x.test/3.jpg', 'Image Alt Text': 'Back' },
    ]);
    expect(plan.variants).toHaveLength(1);
    expect(plan.media).toEqual([
      { url: 'https://x.test/1.jpg' },
      { url: 'https://x.test/2.jpg' },
      { url: 'https://x.test/3.jpg', alt: 'Back' },
    ]);
  });

  it('without options when the only one is Title / Default Title', async () => {
    const plan = await planned([
      { ...brooch, 'Option1 Name': 'Title', 'Option1 Value': 'Default Title' },
    ]);
    expect(plan.options).toEqual([]);
    expect(plan.variants).toMatchObject([{ title: 'Brooch', optionValues: [] }]);
  });

  it.each([
    ['a quantity and a blank tracker', { 'Variant Inventory Qty': '3' }, 'QUANTITY', 3],
    ['a quantity of 0', { 'Variant Inventory Qty': '0' }, 'QUANTITY', 0],
    ['a tracker and a blank quantity', { 'Variant Inventory Tracker': 'shopify' }, 'QUANTITY', 0],
    ['both columns and neither filled', notFilled, 'NONE', 0],
    ['neither column', {}, 'QUANTITY', 0],
    ['serials', { 'Serial Number': 'A1; A2' }, 'SERIAL', 2],
  ])('%s', async (_, cells, tracking, units) => {
    const { variants } = await planned([{ ...brooch, ...(cells as Cells) }]);
    expect(variants[0]?.tracking).toBe(tracking);
    const total = variants[0]?.openingStock.reduce((sum, line) => sum + line.quantity, 0);
    expect(total).toBe(units);
  });

  it('with a certificate for each serial unit', async () => {
    const { variants } = await planned([
      {
        ...brooch,
        'Serial Number (product.metafields.custom.serial_number)': 'B1;B2;B3',
        'Certificate Number (product.metafields.custom.certificate_number)': 'C1;;C3',
        'Certificate Lab (product.metafields.custom.certificate_lab)': 'IGI',
        'Certificate Grade (product.metafields.custom.certificate_grade)': 'VS1;VS2;VVS1',
      },
    ]);
    expect(variants[0]?.openingStock[0]?.serials).toEqual([
      { serial: 'B1', certificate: { number: 'C1', lab: 'IGI', grade: 'VS1' } },
      { serial: 'B2' },
      { serial: 'B3', certificate: { number: 'C3', lab: 'IGI', grade: 'VVS1' } },
    ]);
  });

  it.each([
    [{ Published: 'false' }, 'DRAFT', true],
    [{ Published: 'TRUE' }, 'ACTIVE', true],
    [{ Published: 'true', Status: 'draft' }, 'DRAFT', true],
    [{ Status: 'archived' }, 'ARCHIVED', true],
    [{}, 'ACTIVE', false],
  ])('with the status of %j', async (cells, status, isStatusGiven) => {
    expect(await planned([{ ...brooch, ...(cells as Cells) }])).toMatchObject({
      status,
      isStatusGiven,
    });
  });

  it.each([
    ['.5', 50],
    ['0005.50', 550],
    ['5.', 500],
    [' 12.00 ', 1200],
    ['1299', 129900],
    ['9.990', 999],
    ['12,50', 1250],
  ])('reads the price %j', async (shown, minor) => {
    const { variants } = await planned([{ ...brooch, 'Variant Price': shown }]);
    expect(variants[0]?.priceMinor).toBe(minor);
  });

  it('takes the apostrophe off a code that a spreadsheet protects', async () => {
    const plan = await planned([
      { ...brooch, 'Variant SKU': "'0042", 'Variant Barcode': "'4006381333931" },
    ]);
    expect(plan.variants).toMatchObject([{ sku: '0042', barcode: '4006381333931' }]);
  });
});

describe('row warnings', () => {
  async function warnedOf(rows: Cells[]) {
    const [group] = await planFile(csvOf(rows));
    if (group?.planned.errors !== undefined) throw new Error(JSON.stringify(group.planned.errors));
    const { plan, warnings } = group!.planned;
    return { variants: plan.variants, warnings };
  }

  it('say that a quantity below zero comes in as nothing on hand', async () => {
    const { variants, warnings } = await warnedOf([
      ring,
      { ...ring7, 'Variant Inventory Qty': '-2' },
    ]);
    expect(variants[1]).toMatchObject({ tracking: 'QUANTITY', openingStock: [] });
    expect(warnings).toMatchObject([
      { row: 3, column: 'Variant Inventory Qty', value: '-2', code: 'NEGATIVE_QUANTITY' },
    ]);
    expect(warnings[0]?.message).toContain('2 were sold there');
  });

  it('name the number that a SKU gets which stands on each size, around numbers that are there', async () => {
    const size = (value: string, sku: string) => ({
      ...ring7,
      'Option1 Value': value,
      'Variant SKU': sku,
    });
    const { variants, warnings } = await warnedOf([
      ring,
      size('7', 'ring-6'),
      size('8', 'RING-6-3'),
      size('9', 'RING-6'),
    ]);
    expect(variants.map(({ sku }) => sku)).toEqual(['RING-6', 'ring-6-2', 'RING-6-3', 'RING-6-4']);
    expect(warnings).toMatchObject([
      { row: 3, column: 'Variant SKU', value: 'ring-6', code: 'SKU_NUMBERED' },
      { row: 5, column: 'Variant SKU', value: 'RING-6', code: 'SKU_NUMBERED' },
    ]);
  });

  it('are refusals of a repeated SKU where the import says so', async () => {
    const content = csvOf([ring, { ...ring7, 'Variant SKU': 'RING-6' }]);
    const [group] = await planFile(content, { repeatedSku: 'REFUSE' });
    expect(group?.planned.errors).toMatchObject([
      { row: 3, column: 'Variant SKU', code: 'DUPLICATE_SKU' },
    ]);
  });

  it('say that selling without stock is not kept', async () => {
    const { warnings } = await warnedOf([{ ...ring, 'Variant Inventory Policy': 'continue' }]);
    expect(warnings).toMatchObject([
      { row: 2, column: 'Variant Inventory Policy', value: 'continue', code: 'OVERSELL_NOT_KEPT' },
    ]);
  });

  it('say that a picture without an address is left out, and a price before below the price is kept', async () => {
    const cells = { 'Image Src': 'ring.jpg', 'Variant Compare At Price': '100' };
    const { variants, warnings } = await warnedOf([{ ...ring, ...cells }]);
    expect(variants).toMatchObject([{ priceMinor: 12000, compareAtPriceMinor: 10000 }]);
    expect(warnings.map(({ column, value, code }) => [column, value, code]).sort()).toEqual([
      ['Image Src', 'ring.jpg', 'IMAGE_NOT_KEPT'],
      ['Variant Compare At Price', '100', 'COMPARE_AT_BELOW_PRICE'],
    ]);
  });

  it('drop a barcode that stands on another variant', async () => {
    const code = { 'Variant Barcode': '4006381333931' };
    const { variants, warnings } = await warnedOf([
      { ...ring, ...code },
      { ...ring7, ...code },
    ]);
    expect(variants.map(({ barcode }) => barcode)).toEqual(['4006381333931', null]);
    expect(warnings).toMatchObject([{ row: 3, code: 'BARCODE_NOT_KEPT' }]);
  });

  it('refuse the product where the import says so', async () => {
    const content = csvOf([{ ...ring, 'Variant Inventory Qty': '-2' }]);
    const [group] = await planFile(content, { warningsRefused: ['NEGATIVE_QUANTITY'] });
    expect(group?.planned.errors).toMatchObject([{ row: 2, code: 'NEGATIVE_QUANTITY' }]);
  });

  it('say that a file without quantities makes nothing that sells without end', async () => {
    const { variants, warnings } = await warnedOf([brooch]);
    expect(variants).toMatchObject([{ tracking: 'QUANTITY', openingStock: [] }]);
    expect(warnings).toMatchObject([{ row: 2, code: 'NOT_COUNTED' }]);
  });
});

describe('row errors', () => {
  it.each<[string, Cells[], { row: number; column?: string; code: string }]>([
    ['no title', [{ ...brooch, Title: '' }], { row: 2, column: 'Title', code: 'MISSING_TITLE' }],
    [
      'no handle',
      [{ ...brooch, Handle: ' ' }],
      { row: 2, column: 'Handle', code: 'MISSING_HANDLE' },
    ],
    [
      'a broken quantity',
      [{ ...ring, 'Variant Inventory Qty': '1.5' }],
      { row: 2, column: 'Variant Inventory Qty', code: 'BAD_QUANTITY' },
    ],
    [
      'a price with a thousands separator',
      [{ ...ring, 'Variant Price': '1,299.00' }],
      { row: 2, column: 'Variant Price', code: 'BAD_PRICE' },
    ],
    [
      'a price with too many decimals',
      [{ ...ring, 'Variant Price': '1.999' }],
      { row: 2, column: 'Variant Price', code: 'BAD_PRICE' },
    ],
    [
      'a negative price',
      [{ ...ring, 'Variant Price': '-1' }],
      { row: 2, column: 'Variant Price', code: 'BAD_PRICE' },
    ],
    [
      'a negative compare-at price',
      [{ ...ring, 'Variant Compare At Price': '-0.01' }],
      { row: 2, column: 'Variant Compare At Price', code: 'BAD_PRICE' },
    ],
    [
      'a combination twice',
      [ring, { ...ring7, 'Option1 Value': '6' }],
      { row: 3, column: 'Option1 Value', code: 'DUPLICATE_VARIANT' },
    ],
    [
      'a gift card',
      [{ ...brooch, 'Gift Card': 'TRUE' }],
      { row: 2, column: 'Gift Card', code: 'GIFT_CARD' },
    ],
    [
      'a missing option value',
      [ring, { ...ring7, 'Option1 Value': '' }],
      { row: 3, column: 'Option1 Value', code: 'MISSING_OPTION_VALUE' },
    ],
    [
      'a value of an option without name',
      [{ ...ring, 'Option2 Name': '', 'Option2 Value': 'Gold' }],
      { row: 2, column: 'Option2 Name', code: 'MISSING_OPTION_NAME' },
    ],
    [
      'a fourth option',
      [{ ...ring, 'Option4 Name': 'Cut', 'Option4 Value': 'Oval' }],
      { row: 2, column: 'Option4 Name', code: 'TOO_MANY_OPTIONS' },
    ],
    [
      'a second variant without options',
      [brooch, { ...brooch, Title: '' }],
      { row: 3, code: 'DUPLICATE_VARIANT' },
    ],
    [
      'a second title',
      [ring, { ...ring7, Title: 'Other ring' }],
      { row: 3, column: 'Title', code: 'TITLES_DIFFER' },
    ],
    [
      'a flag that is none',
      [{ ...ring, 'Variant Taxable': 'maybe' }],
      { row: 2, column: 'Variant Taxable', code: 'BAD_FLAG' },
    ],
    [
      'an unknown status',
      [{ ...ring, Status: 'live' }],
      { row: 2, column: 'Status', code: 'BAD_STATUS' },
    ],
    [
      'fewer serials than the quantity',
      [{ ...brooch, 'Serial Number': 'A', 'Variant Inventory Qty': '2' }],
      { row: 2, column: 'Variant Inventory Qty', code: 'SERIALS_DO_NOT_MATCH' },
    ],
    [
      'a serial twice',
      [{ ...brooch, 'Serial Number': 'A;A' }],
      { row: 2, column: 'Serial Number', code: 'DUPLICATE_SERIAL' },
    ],
    [
      'a NUL',
      [{ ...brooch, 'Body (HTML)': 'a\u0000b' }],
      { row: 2, column: 'Body (HTML)', code: 'BAD_CHARACTER' },
    ],
  ])('for %s', async (_, rows, error) => {
    const [found, ...others] = await errorsOf(rows);
    expect(found).toMatchObject(error);
    expect(others).toEqual([]);
  });

  it('are all found at once, and leave other products alone', async () => {
    const groups = await planFile(
      csvOf([
        { ...ring, 'Variant Price': 'x' },
        { ...ring7, 'Variant Inventory Qty': 'y' },
        brooch,
      ]),
    );
    expect(groups.map(({ handle, planned: { errors } }) => [handle, errors?.length])).toEqual([
      ['ring', 2],
      ['brooch', undefined],
    ]);
  });
});

describe('the file', () => {
  const bom = '\uFEFF';

  it.each([
    ['a byte-order mark', `${bom}${csvOf([ring, ring7])}`],
    ['CRLF', csvOf([ring, ring7], '\r\n')],
    ['no newline at the end', csvOf([ring, ring7]).trimEnd()],
    ['blank rows in between', csvOf([ring, {}, ring7])],
  ])('may have %s', async (_, content) => {
    const [group] = await planFile(content);
    expect(group?.planned).toMatchObject({ plan: { variants: [{}, {}] } });
  });

  it('keeps newlines and quotes inside a cell, and counts rows as a spreadsheet does', async () => {
    const html = '<ul>\n<li>Length 12"</li>\n</ul>';
    const groups = await planFile(
      csvOf([
        { ...brooch, 'Body (HTML)': html },
        { ...ring, Title: '' },
      ]),
    );
    expect(groups[0]?.planned).toMatchObject({ plan: { descriptionHtml: html } });
    expect(groups[1]?.planned.errors).toMatchObject([{ row: 3 }]);
  });

  it('may leave out empty cells at the end of a row', async () => {
    const groups = await planFile('Handle,Title,Variant SKU,Vendor\nring,Ring,R1\n');
    expect(groups[0]?.planned).toMatchObject({ plan: { vendor: null, variants: [{ sku: 'R1' }] } });
  });

  it('may have a bare inch mark in a cell', async () => {
    const groups = await planFile('Handle,Title,Variant SKU\nchain,Chain 7" fine,C7\n');
    expect(groups[0]?.planned).toMatchObject({ plan: { title: 'Chain 7" fine' } });
  });

  it('reports a row with more cells than the header', async () => {
    const groups = await planFile('Handle,Title\nring,Ring,surplus\nbrooch,Brooch\n');
    expect(groups[0]?.planned.errors).toMatchObject([{ row: 2, code: 'TOO_MANY_CELLS' }]);
    expect(groups[1]?.planned).toMatchObject({ plan: { title: 'Brooch' } });
  });

  it('brings rows of one product together that do not stand together', async () => {
    const groups = await planFile(csvOf([ring, brooch, ring7]));
    expect(groups.map(({ handle, rows }) => [handle, rows])).toEqual([
      ['brooch', [3]],
      ['ring', [2, 4]],
    ]);
  });

  it.each([
    [
      'windows-1252',
      Buffer.from('Handle,Title\nring,Gr\xfcn\x92s 5 \x80\n', 'latin1'),
      'Grün’s 5 €',
    ],
    ['UTF-16 with a mark', Buffer.from('\uFEFFHandle,Title\nring,Grün 金\n', 'utf16le'), 'Grün 金'],
    ['UTF-16 without', Buffer.from('Handle,Title\nring,Grün 金\n', 'utf16le'), 'Grün 金'],
    [
      'UTF-16 the other way round',
      Buffer.from('\uFEFFHandle,Title\nring,Grün 金\n', 'utf16le').swap16(),
      'Grün 金',
    ],
    ['UTF-8 and lines that end with a return', Buffer.from('Handle,Title\rring,Grün\r'), 'Grün'],
  ])('may be %s', async (_, content, title) => {
    const groups = await planFile(content);
    expect(groups).toMatchObject([{ handle: 'ring', planned: { plan: { title } } }]);
  });

  it('of UTF-8 with a damaged cell has a row error, not a replacement character in a title', async () => {
    const damaged = Buffer.from('Handle,Title\nring,Gr\xfcn\n', 'latin1');
    const good = Buffer.from('brooch,Größe äöü\n');
    const groups = await planFile(Buffer.concat([damaged, good]));
    expect(groups[0]?.planned.errors).toMatchObject([
      { row: 2, column: 'Title', code: 'BAD_CHARACTER' },
    ]);
    expect(groups[1]?.planned).toMatchObject({ plan: { title: 'Größe äöü' } });
  });

  it.each([
    ['a zip', Buffer.from('PK\u0003\u0004aaaa'), /zip archive or a workbook/],
    ['a PDF', Buffer.from('%PDF-1.7'), /a PDF/],
    ['a web page', Buffer.from('<!DOCTYPE html><table>'), /web page/],
    ['a JSON array', Buffer.from('[{"title":"x"}]'), /JSONL/],
  ])('that is %s renamed to CSV is refused by its name', async (_, content, message) => {
    await expect(survey(fileOf(content))).rejects.toThrow(message);
  });

  it.each([
    ['is the last of the file', 'ring,Ring,\nbrooch,"Brooch,\n', []],
    ['meets one of a later line', 'brooch,"Brooch,\nring,"Ring",\n', []],
    ['stands in a further row of a product', 'ring,Ring,\nbrooch,Brooch,\nbrooch,,"x\n', []],
    ['is followed by many lines', `brooch,"Brooch,\nring,Ring,\n${'x,X,\n'.repeat(2_500)}`, ['x']],
  ])('with an open quotation that %s loses that product alone', async (_, rows, others) => {
    const groups = await planFile(`Handle,Title,Body\n${rows}`);
    const brooch_ = groups.find(({ handle }) => handle === 'brooch');
    expect(brooch_?.planned.errors).toMatchObject([{ code: 'QUOTE_NOT_CLOSED' }]);
    expect(groups.find(({ handle }) => handle === 'ring')?.planned).toMatchObject({
      plan: { title: 'Ring' },
    });
    const expected = ['brooch', 'ring', ...others].sort();
    expect(groups.map(({ handle }) => handle).sort()).toEqual(expected);
  });

  it('names the line of an open quotation', async () => {
    const content = 'Handle,Title\nring,"Ring\nof two lines"\nbrooch,"Brooch\nx,X\n';
    const [, torn] = await planFile(content);
    expect(torn?.planned.errors?.[0]?.message).toContain('line 4');
  });

  it.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
  ])('is read where it is separated by %s', async (_, separator) => {
    const lines = ['Handle,Title,Variant Price,Variant Inventory Qty', 'ring,Ring,10.00,1'];
    const content = lines.join('\n').replaceAll(',', separator);
    const [group] = await planFile(content);
    expect(group?.planned).toMatchObject({ plan: { variants: [{ priceMinor: 1000 }] } });
  });

  it.each([
    ['of orders', 'Name,Email,Financial Status,Lineitem name', /file of orders/],
    ['of customers', 'First Name,Last Name,Email', /file of customers/],
    ['of something else', 'a|b|c', /lacks Handle and Title.*separated by commas/],
    ['of something else', 'a;b;c', /lacks Handle and Title.*separated by semicolons/],
  ])('%s is refused by its name', async (_, header, message) => {
    await expect(survey(fileOf(`${header}\n`))).rejects.toThrow(message);
  });

  it.each([
    ['is empty', '', 1],
    ['has no header', 'a,b\n1,2\n', 1],
  ])('cannot be read when it %s', async (_, content, row) => {
    const error = await survey(fileOf(content)).catch((err: unknown) => err);
    expect(error).toBeInstanceOf(FileUnreadableError);
    expect(error).toMatchObject({ row });
  });
});

describe('whatever stands in a file', () => {
  const names = [
    'Handle',
    'Title',
    'Option1 Name',
    'Option1 Value',
    'Option2 Name',
    'Option2 Value',
    'Variant SKU',
    'Variant Price',
    'Variant Inventory Qty',
    'Variant Barcode',
    'Image Src',
    'Image Position',
    'Status',
    'Serial Number',
    'Certificate Number',
    'Option4 Value',
  ];
  const cell = fc.oneof(
    fc.constantFrom(
      '',
      '',
      ' ',
      'ring',
      'Ring',
      '1',
      '-1',
      '0.5',
      'Title',
      'Default Title',
      'true',
    ),
    fc.constantFrom('A;B', ';', 'https://x.test/1.jpg', '4006381333931', '1e9', '\u0000', '\uFFFD'),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const row = fc.array(cell, { maxLength: names.length + 2 });

  it('planning never throws, and every error names a row of its group', () => {
    const columns = headerColumns(names);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), fc.nat(1000), (rows, from) => {
        const group = {
          handle: 'ring',
          rows: rows.map((cells, index) => ({ number: from + index, line: from + index, cells })),
        };
        const context = { currencyCode: 'USD', locationCode: 'HQ', repeatedSku: 'NUMBER' } as const;
        const plan = planGroup(group, { ...context, columns });
        if (plan.errors === undefined) {
          expect(plan.rowOfVariant).toHaveLength(plan.plan.variants.length);
          return;
        }
        expect(plan.errors.length).toBeGreaterThan(0);
        for (const error of plan.errors) {
          expect(error.row).toBeGreaterThanOrEqual(from);
          expect(error.row).toBeLessThan(from + rows.length);
          expect(error.handle).toBe('ring');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('every row belongs to exactly one group, once', async () => {
    const handle = fc.constantFrom('a', 'b', 'c', 'A', ' ', '');
    const rows = fc.array(fc.record({ Handle: handle, Title: fc.constantFrom('', 'T'), X: cell }));
    await fc.assert(
      fc.asyncProperty(rows, async (cells) => {
        const isBlank = (one: Cells) => Object.values(one).every((text) => text.trim() === '');
        const expected = cells.flatMap((one, index) => (isBlank(one) ? [] : [index + 2]));
        const groups = await planFile(csvOf(cells));
        const seen = groups.flatMap(({ rows: numbers }) => numbers).sort((a, b) => a - b);
        expect(seen).toEqual(expected);
        const handles = groups.map((group) => group.handle).filter((one) => one !== '');
        expect(new Set(handles).size).toBe(handles.length);
      }),
      { numRuns: 30 },
    );
  });
});
