import { randomUUID } from 'node:crypto';
import { card, startPos, tenantB, type Pos, type Result } from '../../test/pos.harness.ts';
import { htmlTexts, printedLines } from '../../test/receipt.ts';

let pos: Pos;
let registerId: string;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
  const till = { locationCode: 'HQ', registerName: 'till', openingFloat: null };
  registerId = (await pos.registerOpen(till))['register'].id;
});
afterAll(() => pos?.stop());

async function takenBack(): Promise<Result> {
  const basket = { channel: 'COUNTER', registerId, currencyCode: 'EUR', lines: [{ sku: 'CHAIN' }] };
  const { sale } = await pos.saleOpen(basket);
  await pos.saleCommit({ saleId: sale.id, tenders: [card('100')] });
  const lines = [{ lineId: sale.lines[0].id }];
  const back = await pos.saleReturn({ saleId: sale.id, registerId, lines, reason: 'FAULTY' });
  return back['saleReturn'];
}
const printOf = (saleReturnId: string, part: object = {}, caller?: object) =>
  pos.returnPrint({ saleReturnId, format: 'HTML', ...part }, caller);
const prints = () => pos.rows('SELECT return_id, copy_number FROM return_print ORDER BY id');
async function download(printed: Result) {
  const { pathname, search } = new URL(printed['file'].url);
  const response = await fetch(`${pos.url}${pathname}${search}`);
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

it('is printed once as the original, then as copies that say so, in every format', async () => {
  const back = await takenBack();
  const key = { idempotencyKey: randomUUID() };
  const first = await printOf(back['id'], key);
  expect(first).toMatchObject({
    ...{ __typename: 'ReturnPrintSuccess', contentType: 'text/html; charset=utf-8' },
    print: { copyNumber: 0, format: 'HTML', printedBy: 'cashier', saleReturn: { id: back['id'] } },
  });
  expect((await printOf(back['id'], key))['print']).toEqual(first['print']);
  const { texts } = htmlTexts((await download(first)).bytes.toString());
  expect(texts).toEqual(expect.arrayContaining([back['number'], 'Given back', '€100.00']));
  expect(texts.join()).not.toContain('COPY');

  const roll = await download(await printOf(back['id'], { format: 'ESCPOS_80' }));
  expect(roll.response.headers.get('content-disposition')).toBe(
    `attachment; filename="return-${back['number'].replace('/', '_')}.bin"`,
  );
  expect(printedLines(roll.bytes).map((one) => one.trim())).toContain('COPY 1');
  const narrow = printedLines(
    (await download(await printOf(back['id'], { format: 'ESCPOS_58' }))).bytes,
  );
  expect(narrow.map((one) => one.trim())).toContain('COPY 2');
  expect(Math.max(...narrow.map(({ length }) => length))).toBeLessThanOrEqual(32);
  const pdf = await download(await printOf(back['id'], { format: 'PDF' }));
  expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');

  const query = `{ saleReturn(id: "${back['id']}") { prints(first: 2) {
    nodes { copyNumber format } pageInfo { hasNextPage } } } }`;
  const { data } = await pos.graphql(query, {}, { scopes: ['sale:read'] });
  expect(data['saleReturn'].prints).toEqual({
    nodes: [
      { copyNumber: 0, format: 'HTML' },
      { copyNumber: 1, format: 'ESCPOS_80' },
    ],
    pageInfo: { hasNextPage: true },
  });
});

it('has one original, however many print it at once', async () => {
  const back = await takenBack();
  const printed = await Promise.all(Array.from({ length: 8 }, () => printOf(back['id'])));
  const numbers = printed.map(({ print }) => print.copyNumber as number).sort();
  expect(numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('prints nothing of what is no return of the tenant', async () => {
  const back = await takenBack();
  const before = await prints();
  const other = { tenantId: tenantB, scopes: ['sale:return'] };
  const refusals = [
    await printOf(randomUUID()),
    await printOf('7'),
    await printOf(back['sale'].id),
    await printOf(back['id'], {}, other),
  ];
  expect(refusals.map(({ code, kind }) => `${code} ${kind}`)).toEqual(
    Array(4).fill('NOT_FOUND SaleReturn'),
  );
  expect(await prints()).toEqual(before);
});
