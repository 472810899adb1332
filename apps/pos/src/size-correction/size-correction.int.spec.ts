import { randomUUID } from 'node:crypto';
import { deliver, movement } from '../../test/movements.ts';
import { card, startPos, tenantB, type Pos, type Result } from '../../test/pos.harness.ts';
import { printedLines } from '../../test/receipt.ts';

let pos: Pos;
let registerId: string;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'RING-54', tracking: 'QUANTITY', onHand: 1000 });
  const till = { locationCode: 'HQ', registerName: 'till', openingFloat: null };
  registerId = (await pos.registerOpen(till))['register'].id;
});
afterAll(() => pos?.stop());

async function sell(): Promise<Result> {
  const lines = [{ sku: 'RING-54', quantity: 2 }];
  const opened = await pos.saleOpen({ channel: 'COUNTER', registerId, currencyCode: 'EUR', lines });
  const paid = await pos.saleCommit({ saleId: opened['sale'].id, tenders: [card('200')] });
  return paid['sale'];
}

/** As inventory's pair: the one that was written down comes back into the count, the other leaves it. */
const correct = (saleId: string, wrong: string, right: string, occurredAt = new Date()) =>
  deliver(
    pos,
    [
      { sku: wrong, quantity: 1 },
      { sku: right, quantity: -1 },
    ].map((part) =>
      movement({
        ...{ reason: 'SALE_CORRECTION', referenceKind: 'SALE', referenceId: saleId },
        ...{ ...part, occurredAt: occurredAt.toISOString() },
      }),
    ),
  );
const correctionsOf = async (id: string, tenantId?: string) => {
  const query = `query($id: ID!) { sale(id: $id) { corrections { sku quantity } } }`;
  const reader = { scopes: ['sale:read'], ...(tenantId ? { tenantId } : {}) };
  return (await pos.graphql(query, { id }, reader)).data['sale']?.corrections;
};
async function linesOf(printed: Result): Promise<string[]> {
  const { pathname, search } = new URL(printed['file'].url);
  const bytes = await (await fetch(`${pos.url}${pathname}${search}`)).arrayBuffer();
  return printedLines(Buffer.from(bytes)).map((one) => one.replaceAll(/\s+/g, ' ').trim());
}
const format = 'ESCPOS_80';

it('a receipt, its copies and the paper of a return say the size that went', async () => {
  const sale = await sell();
  const saleId = sale['id'] as string;
  const before = await pos.receiptPrint({ saleId, format });
  expect(await correctionsOf(saleId)).toEqual([]);
  await correct(saleId, 'RING-54', 'RING-56');
  expect(await correctionsOf(saleId)).toEqual([
    { sku: 'RING-56', quantity: 1 },
    { sku: 'RING-54', quantity: -1 },
  ]);
  const said = ['Handed over 1 × RING-56', 'Not handed over 1 × RING-54'];
  const copy = await pos.receiptPrint({ saleId, format });
  expect(await linesOf(copy)).toEqual(expect.arrayContaining(['COPY 1', ...said]));
  const gift = await pos.receiptPrint({ saleId, format, kind: 'GIFT' });
  expect(await linesOf(gift)).toEqual(expect.arrayContaining(said));
  // What was printed before says what it said.
  expect((await linesOf(before)).join('\n')).not.toContain('RING-56');

  const lines = [{ lineId: sale['lines'][0].id }];
  const back = await pos.saleReturn({ saleId, registerId, lines, reason: 'FAULTY' });
  const paper = await pos.returnPrint({ saleReturnId: back['saleReturn'].id, format });
  expect(await linesOf(paper)).toEqual(expect.arrayContaining(said));
});

it('what was corrected back leaves nothing to say', async () => {
  const { id } = await sell();
  await correct(id, 'RING-54', 'RING-56');
  await correct(id, 'RING-56', 'RING-58');
  expect(await correctionsOf(id)).toEqual([
    { sku: 'RING-58', quantity: 1 },
    { sku: 'RING-54', quantity: -1 },
  ]);
  await correct(id, 'RING-58', 'RING-54');
  expect(await correctionsOf(id)).toEqual([]);
});

it('is of its sale and its tenant alone', async () => {
  const { id } = await sell();
  await correct(randomUUID(), 'RING-54', 'RING-56');
  expect(await correctionsOf(id)).toEqual([]);
  expect(await correctionsOf(id, tenantB)).toBeUndefined();
});
