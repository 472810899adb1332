import { randomBytes, randomUUID } from 'node:crypto';
import { factCounts, startCatalog, tenantB, type Catalog } from '../../test/catalog.ts';
import { readPdf, scanned, scannedBitmap, zplLabels } from '../../test/labels.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.stop());

const zpl = {
  ...{ name: 'Shelf', fields: ['NAME', 'PRICE'], symbology: 'CODE128', printer: 'ZPL_203' },
  ...{ widthMm: 57, heightMm: 32 },
};
async function template(input: object = {}): Promise<string> {
  const { labelTemplate } = await catalog.mutate('labelTemplateCreate', {
    template: { ...zpl, ...input },
  });
  return labelTemplate.id;
}

/** A shirt in two sizes; the SKUs of this test alone. */
async function shirt() {
  const word = randomUUID().slice(0, 8).toUpperCase();
  const price = { amount: '1234.50', currencyCode: 'EUR' };
  const variants = ['S', 'M'].map((size) => ({
    ...{ sku: `${word}-${size}`, optionValues: [size], price },
  }));
  const { product } = await catalog.mutate('productCreate', {
    ...{ title: 'Café Shirt', options: [{ name: 'Size', values: ['S', 'M'] }], variants },
  });
  return { handle: product.handle as string, skus: variants.map(({ sku }) => sku) };
}

const render = (input: object, caller = {}) => catalog.mutate('labelsRender', input, caller);
const download = (url: string) => fetch(catalog.reachable(url));

async function preview(input: object, caller = {}) {
  const { data, errors } = await catalog.graphql(
    `query ($input: LabelPreviewInput!) { labelPreview(input: $input) { __typename
       ... on UserError { code message } ... on InvalidInput { field } ... on NotFound { kind id }
       ... on LabelPreview { dataUrl widthDots heightDots lines scanned } } }`,
    { input },
    caller,
  );
  expect(errors).toBeUndefined();
  return data.labelPreview;
}

describe('a label template', () => {
  it('is made, listed by name, replaced by version and removed, by its tenant alone', async () => {
    const labelTemplateId = await template({
      name: 'B',
      preset: 'AVERY_L7160',
      printer: 'PDF_SHEET',
    });
    await template({ name: 'a' });
    const list = '{ labelTemplates { name sheet { columns rows pitchXMm } } }';
    const { data } = await catalog.graphql(list);
    expect(data.labelTemplates).toEqual([
      { name: 'a', sheet: null },
      { name: 'B', sheet: { columns: 3, rows: 7, pitchXMm: 66.04 } },
    ]);
    expect((await catalog.graphql(list, {}, { tenantId: tenantB })).data.labelTemplates).toEqual(
      [],
    );

    const change = { labelTemplateId, template: { ...zpl, symbology: 'QR' } };
    expect(await catalog.mutate('labelTemplateUpdate', { ...change, version: 1 })).toMatchObject({
      labelTemplate: {
        id: labelTemplateId,
        version: 2,
        name: 'Shelf',
        symbology: 'QR',
        sheet: null,
      },
    });
    expect(await catalog.mutate('labelTemplateUpdate', { ...change, version: 1 })).toMatchObject({
      ...{ code: 'LABEL_TEMPLATE_CONFLICT', labelTemplate: { version: 2 } },
    });

    const theirs = { tenantId: tenantB };
    const unknown = { kind: 'LabelTemplate', id: labelTemplateId };
    for (const refused of [
      await catalog.mutate('labelTemplateUpdate', { ...change, version: 2 }, theirs),
      await catalog.mutate('labelTemplateDelete', { labelTemplateId }, theirs),
      await render({ labelTemplateId, items: [{ sku: 'x' }] }, theirs),
      await preview({ labelTemplateId, sku: 'x' }, theirs),
    ]) {
      expect(refused).toMatchObject(unknown);
    }
    expect(await catalog.mutate('labelTemplateDelete', { labelTemplateId })).toMatchObject({
      labelTemplateId,
    });
    expect(await catalog.mutate('labelTemplateDelete', { labelTemplateId })).toMatchObject(unknown);
  });

  it('is refused where nothing could be printed by it, and not kept', async () => {
    const before = await factCounts(catalog.db);
    const refusal = await catalog.mutate('labelTemplateCreate', {
      template: { ...zpl, widthMm: 5 },
    });
    expect(refusal).toMatchObject({ code: 'INVALID_INPUT', field: 'template.widthMm', value: '5' });
    expect(await factCounts(catalog.db)).toEqual(before);
  });
});

describe('a batch of labels', () => {
  it('is a file behind an address, the same one under the same key', async () => {
    const { skus } = await shirt();
    const labelTemplateId = await template({ fields: ['FULL_TITLE', 'PRICE'], locale: 'de' });
    const items = [{ sku: skus[0], copies: 2 }, { sku: skus[1]!.toLowerCase() }];
    const input = { labelTemplateId, items, idempotencyKey: randomUUID() };
    const answer = await render(input);
    expect(answer).toMatchObject({ contentType: 'application/zpl', labelsTotal: 3, pagesTotal: 3 });
    const file = await download(answer.file.url);
    expect(file.headers.get('content-type')).toBe('application/zpl');
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="labels.zpl"');
    const text = await file.text();
    const labels = zplLabels(text);
    expect(labels.map(({ copies }) => copies)).toEqual([2, 1]);
    const read = await Promise.all(labels.map(({ bitmap }) => scannedBitmap(bitmap)));
    expect(read.map(([code]) => code?.text)).toEqual(skus);

    await catalog.mutate('labelTemplateDelete', { labelTemplateId });
    const again = await render(input);
    expect(await (await download(again.file.url)).text()).toBe(text);
    const forged = new URL(again.file.url);
    expect(forged.searchParams.has('signature')).toBe(true);
    forged.searchParams.set('signature', randomBytes(32).toString('base64url'));
    expect((await download(forged.href)).status).toBe(403);
  });

  it('prints units by what inventory knows of them, and a PDF on sheets', async () => {
    const { skus, handle } = await shirt();
    const unit = {
      ...{ id: randomUUID(), sku: skus[0]!, serial: null, stockNumber: 'N-2301' },
      ...{ certificateLab: 'GIA', certificateNumber: '2201234567' },
      attributes: [
        { kind: 'METAL', value: 'yellow gold' },
        { kind: 'STONES', value: '0.50 ct' },
      ],
    };
    catalog.inventory.units.set(unit.id, unit);
    const labelTemplateId = await template({
      ...{ printer: 'PDF_SHEET', preset: 'AVERY_5160', symbology: 'QR' },
      ...{ fields: ['STOCK_NUMBER', 'METAL', 'STONES', 'CERTIFICATE', 'PRICE'], locale: 'de' },
      link: 'https://shop.example/{handle}?piece={unitId}',
    });
    const input = { labelTemplateId, items: [{ serialUnitId: unit.id }], skip: 29 };
    const answer = await render(input);
    expect(answer).toMatchObject({ contentType: 'application/pdf', labelsTotal: 1, pagesTotal: 1 });
    const bytes = new Uint8Array(await (await download(answer.file.url)).arrayBuffer());
    const [page] = await readPdf(bytes);
    const texts = ['N-2301', 'yellow gold', '0.50 ct', 'GIA 2201234567', '1.234,50 €'];
    expect(page!.texts.map(({ text }) => text.replaceAll('\u00a0', ' '))).toEqual(texts);
    const link = `https://shop.example/${encodeURIComponent(handle)}?piece=${unit.id}`;
    expect(await scanned(page!.png)).toEqual([{ format: 'QRCode', text: link }]);
  });

  it('is refused for what cannot be printed, with the value, and nothing is kept', async () => {
    const { skus } = await shirt();
    const labelTemplateId = await template();
    const sheetId = await template({
      printer: 'PDF_SHEET',
      preset: 'AVERY_L7160',
      symbology: 'EAN',
    });
    const before = await factCounts(catalog.db);
    const unknown = randomUUID();
    const [small, medium] = skus.map((sku) => ({ sku }));
    const both = [small, medium];
    const cases: [object, object][] = [
      [
        { items: both },
        {
          code: 'LABELS_ALIKE',
          first: skus[0],
          second: skus[1],
          fieldsToAdd: ['FULL_TITLE', 'OPTIONS', 'SKU'],
        },
      ],
      [
        { labelTemplateId: sheetId, items: [small] },
        { code: 'LABEL_UNPRINTABLE', item: skus[0], labelField: null, value: null },
      ],
      [{ items: [{ sku: 'NOBODY' }] }, { kind: 'Variant', id: 'NOBODY' }],
      [{ items: [{ serialUnitId: unknown }] }, { kind: 'SerialUnit', id: unknown }],
      [{ items: [{ serialUnitId: 'no id' }] }, { kind: 'SerialUnit', id: 'no id' }],
      [
        { labelTemplateId: unknown, items: both },
        { kind: 'LabelTemplate', id: unknown },
      ],
      [{ items: [] }, { field: 'items', value: '0' }],
      [{ items: [{ ...small, copies: 0 }] }, { field: 'items.0.copies', value: '0' }],
      [{ items: [{ ...small, copies: 10_000 }] }, { field: 'items.0.copies', value: '10000' }],
      [
        { labelTemplateId: sheetId, items: [small], skip: 21 },
        { field: 'skip', value: '21' },
      ],
    ];
    for (const [input, refusal] of cases) {
      expect(await render({ labelTemplateId, ...input })).toMatchObject(refusal);
    }
    expect(await factCounts(catalog.db)).toEqual(before);
  });

  it('asks inventory for no unit that is another tenant’s', async () => {
    const labelTemplateId = await template();
    const { skus } = await shirt();
    const caller = { tenantId: tenantB };
    const theirs = await catalog.mutate('labelTemplateCreate', { template: zpl }, caller);
    const input = { labelTemplateId: theirs.labelTemplate.id, items: [{ sku: skus[0] }] };
    expect(await render(input, caller)).toMatchObject({ kind: 'Variant', id: skus[0] });
    expect(await render({ labelTemplateId, items: [{ sku: skus[0] }] })).toMatchObject({
      labelsTotal: 1,
    });
  });
});

describe('a preview', () => {
  it('shows a label of a template that is not kept yet, in the dots of its printer', async () => {
    const { skus } = await shirt();
    const answer = await preview({ template: zpl, sku: skus[0] });
    expect(answer).toMatchObject({
      ...{ widthDots: 456, heightDots: 256, lines: ['Café Shirt', '€1,234.50'], scanned: skus[0] },
    });
    const png = Buffer.from(answer.dataUrl.replace('data:image/png;base64,', ''), 'base64');
    expect(await scanned(png)).toEqual([{ format: 'Code128', text: skus[0] }]);
    const refusal = await preview({ template: { ...zpl, locale: '-' }, sku: skus[0] });
    expect(refusal).toMatchObject({ code: 'INVALID_INPUT', field: 'template.locale' });
    expect(await preview({ sku: skus[0] })).toMatchObject({ field: 'labelTemplateId' });
    expect(await preview({ template: zpl })).toMatchObject({ field: 'input' });
  });
});
