import { randomUUID } from 'node:crypto';
import {
  card,
  cash,
  manager,
  startPos,
  tenantB,
  type Pos,
  type Result,
} from '../../test/pos.harness.ts';
import { htmlTexts, printedLines } from '../../test/receipt.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
});
afterAll(() => pos?.stop());

async function sell(locationCode = 'HQ'): Promise<Result> {
  const till = { locationCode, registerName: randomUUID(), openingFloat: null };
  const registerId = (await pos.registerOpen(till))['register'].id as string;
  const opened = await pos.saleOpen({
    ...{ channel: 'COUNTER', registerId, currencyCode: 'EUR', lines: [{ sku: 'CHAIN' }] },
  });
  const sold = await pos.saleCommit({ saleId: opened['sale'].id, tenders: [cash('120')] });
  return sold['sale'];
}
const printOf = (saleId: string, more: object = {}, caller?: object) =>
  pos.receiptPrint({ saleId, format: 'HTML', ...more }, caller);
const prints = () =>
  pos.rows('SELECT kind, copy_number, printed_by FROM receipt_print ORDER BY id');

async function download(printed: Result, bend: (url: URL) => void = () => undefined) {
  const url = new URL(printed['file'].url);
  bend(url);
  const response = await fetch(`${pos.url}${url.pathname}${url.search}`);
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}
const said = async (printed: Result) => htmlTexts((await download(printed)).bytes.toString()).texts;

const settings = {
  ...{ shopName: 'Brooch & Sons', addressLines: ['5 Church Lane'], taxNumber: 'VAT 1' },
  ...{ locale: 'en-GB', timeZone: 'Europe/Zurich' },
};
const receiptSettings = async (place = '') => {
  const query = `{ receiptSettings${place} { shopName addressLines taxNumber header footer locale timeZone setBy location { id } } }`;
  return (await pos.graphql(query)).data['receiptSettings'];
};

it('prints the receipt of a sale once as the original, then as copies that say so', async () => {
  const sale = await sell();
  const key = { idempotencyKey: randomUUID() };
  const first = await printOf(sale['id'], key);
  expect(first).toMatchObject({
    ...{ __typename: 'ReceiptPrintSuccess', contentType: 'text/html; charset=utf-8' },
    print: { kind: 'RECEIPT', format: 'HTML', copyNumber: 0, printedBy: 'cashier' },
  });
  expect((await printOf(sale['id'], key))['print']).toEqual(first['print']);
  const byBruno = { scopes: ['sale:write'], subject: 'bruno' };
  const copy = await printOf(sale['id'], { format: 'ESCPOS_58' }, byBruno);
  expect(copy['print']).toMatchObject({ copyNumber: 1, printedBy: 'bruno' });
  const gift = await printOf(sale['id'], { kind: 'GIFT', format: 'PDF' });
  expect(gift['print']).toMatchObject({ copyNumber: 0, kind: 'GIFT' });

  expect(await said(first)).toEqual(expect.arrayContaining([sale['receiptNumber'], '€20.00']));
  expect((await said(first)).join()).not.toContain('COPY');
  const roll = await download(copy);
  expect(roll.response.headers.get('content-disposition')).toBe(
    `attachment; filename="receipt-${sale['receiptNumber']}.bin"`,
  );
  const printed = printedLines(roll.bytes);
  expect(printed.map((one) => one.trim())).toContain('COPY 1');
  expect(printed.join(' ').replaceAll(/\s+/g, ' ')).toMatch(/First printed .* by cashier/);
  const pdf = await download(gift);
  expect(pdf.response.headers.get('content-type')).toBe('application/pdf');
  expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');

  const query = `{ sale(id: "${sale['id']}") { receiptPrints(first: 2) {
    nodes { id kind copyNumber printedBy sale { id } } pageInfo { hasNextPage } } } }`;
  const { data } = await pos.graphql(query);
  expect(data['sale'].receiptPrints).toEqual({
    nodes: [
      {
        ...{ id: first['print'].id, kind: 'RECEIPT', copyNumber: 0, printedBy: 'cashier' },
        sale: { id: sale['id'] },
      },
      {
        ...{ id: copy['print'].id, kind: 'RECEIPT', copyNumber: 1, printedBy: 'bruno' },
        sale: { id: sale['id'] },
      },
    ],
    pageInfo: { hasNextPage: true },
  });
});

it('has one original, however many print it at once', async () => {
  const sale = await sell();
  const printed = await Promise.all(Array.from({ length: 8 }, () => printOf(sale['id'])));
  const numbers = printed.map(({ print }) => print.copyNumber as number).sort();
  expect(numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('keeps no receipt of what is no sale of the tenant', async () => {
  const before = await prints();
  const opened = await pos.saleOpen({ channel: 'WEB', currencyCode: 'EUR' });
  const refusals = [
    await printOf(opened['sale'].id),
    await printOf(randomUUID()),
    await printOf('7'),
    await printOf((await sell())['id'], {}, { tenantId: tenantB, scopes: ['sale:write'] }),
  ];
  expect(refusals.map(({ code }) => code)).toEqual([
    'SALE_NOT_COMMITTED',
    ...['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'],
  ]);
  expect(await prints()).toEqual(before);
});

it('gives the document to nobody whose address was bent, and to nobody later', async () => {
  const printed = await printOf((await sell())['id']);
  const bends: [string, string, number][] = [
    ['tenant', tenantB, 403],
    ['what', JSON.stringify({ printId: randomUUID() }), 403],
    ['expires', '99999999999', 403],
    ['signature', 'A'.repeat(43), 403],
  ];
  for (const [name, value, status] of bends) {
    const bent = await download(printed, (url) => url.searchParams.set(name, value));
    expect([name, bent.response.status]).toEqual([name, status]);
  }
  expect((await download(printed)).response.status).toBe(200);
});

it('says what the settings said when the sale was made: of its location, else of all', async () => {
  const early = await sell();
  expect(await receiptSettings()).toBeNull();
  const all = await pos.receiptSettingsSet({ ...settings, header: ' ', footer: 'Thanks\r\nBye ' });
  expect(all['settings']).toMatchObject({
    ...settings,
    header: null,
    footer: 'Thanks\nBye',
    setBy: 'manager',
  });
  const sale = await sell();
  const first = await said(await printOf(sale['id']));
  expect(first.slice(0, 3)).toEqual(['Brooch & Sons', '5 Church Lane', 'VAT 1']);
  expect(first.slice(-2)).toEqual(['Thanks', 'Bye']);

  await pos.receiptSettingsSet({ ...settings, locationCode: 'HQ', shopName: 'The new name' });
  expect(await receiptSettings('(locationCode: "HQ")')).toMatchObject({ shopName: 'The new name' });
  expect(await receiptSettings()).toMatchObject({ shopName: 'Brooch & Sons', location: null });
  const copy = await said(await printOf(sale['id']));
  expect(copy.slice(0, 4)).toEqual([...first.slice(0, 3), 'COPY 1']);
  expect((await said(await printOf((await sell())['id'])))[0]).toBe('The new name');
  // Nothing was set when it was sold: the first that its location was given.
  expect((await said(await printOf(early['id'])))[0]).toBe('The new name');
});

it('names by inventory the pieces that have only a stock number, and prints without it too', async () => {
  const serial = { tracking: 'SERIAL' as const, onHand: 2 };
  await pos.product({ sku: 'BROOCH', ...serial, serial: 'placeholder' });
  const sold = await pos.saleRecord({
    ...{ channel: 'WEB', currencyCode: 'EUR', externalId: randomUUID() },
    ...{ lines: [{ sku: 'BROOCH' }], tenders: [card('100')] },
  });
  const saleId = sold['sale'].id as string;
  const unitId = randomUUID();
  await pos.rows('UPDATE sale_line SET serial_unit_id = $2, serial = NULL WHERE sale_id = $1', [
    ...[saleId, unitId],
  ]);
  pos.inventory.unitNumbers.set(unitId, { serial: null, stockNumber: 'N-2301' });
  pos.inventory.fail('unitsForLabels', 'down', 1);
  expect((await said(await printOf(saleId))).join()).not.toContain('No.');
  expect((await said(await printOf(saleId))).join()).toContain('No. N-2301');
});

describe('settings that are none', () => {
  const cases: [string, object, string][] = [
    ['no name', { shopName: ' ' }, 'shopName'],
    ['nine lines', { addressLines: Array(9).fill('x') }, 'addressLines'],
    ['an empty line', { addressLines: ['x', ' '] }, 'addressLines.1'],
    ['a header too long', { header: 'x'.repeat(1001) }, 'header'],
    ['no language', { locale: 'de_DE' }, 'locale'],
    ['no zone', { timeZone: 'Mars/Olympus' }, 'timeZone'],
  ];
  it.each(cases)('are refused: %s', async (_name, more, field) => {
    const count = () => pos.rows('SELECT count(*) FROM receipt_setting');
    const before = await count();
    const refused = await pos.receiptSettingsSet({ ...settings, ...more });
    expect(refused).toMatchObject({ __typename: 'InvalidInput', field });
    expect(await count()).toEqual(before);
  });

  it('are not for a location that nobody knows, nor for a cashier', async () => {
    const nowhere = await pos.receiptSettingsSet({ ...settings, locationCode: 'MOON' });
    expect(nowhere).toMatchObject({ __typename: 'NotFound', kind: 'Location', id: 'MOON' });
    const cashier = { scopes: ['sale:write'], subject: 'cashier' };
    await expect(pos.receiptSettingsSet(settings, cashier)).rejects.toThrow('FORBIDDEN');
    expect(manager.scopes).toEqual(['register:manage']);
  });
});
