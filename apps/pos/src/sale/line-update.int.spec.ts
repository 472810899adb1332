import { randomUUID } from 'node:crypto';
import { cash, startPos, tenantB, type Pos, type Result } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'CHAIN', title: 'Gold chain', tracking: 'QUANTITY', onHand: 1000 });
  await pos.product({ sku: 'BROOCH', title: 'Brooch', tracking: 'SERIAL', serial: 'B-1' });
  await pos.product({ sku: 'FEW', title: 'Few', tracking: 'QUANTITY', onHand: 3 });
  await pos.product({ sku: 'SIZING', title: 'Ring sizing', tracking: 'NONE' });
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });

async function lineOf(sku: string, quantity = 1) {
  const saleId = await pos.basket();
  const named = sku === 'BROOCH' ? { serial: 'B-1' } : { sku, quantity };
  const added = await pos.saleLineAdd({ saleId, ...named });
  return { saleId, lineId: added['line'].id as string };
}
const stateOf = async (saleId: string) =>
  (
    await pos.rows(
      `SELECT version, total_minor::int AS total, (SELECT json_agg(l ORDER BY l.position) FROM sale_line l WHERE l.sale_id = s.id) AS lines
         FROM sale s WHERE id = $1`,
      [saleId],
    )
  )[0]!;
const quantityOf = (answer: Result) => answer['line']?.quantity as number;

describe('saleLineUpdate', () => {
  it('changes quantity, price and note, each alone and together, and what is not given stays', async () => {
    const line = await lineOf('CHAIN', 2);
    const more = await pos.saleLineUpdate({ ...line, quantity: 5 });
    expect(more['line']).toMatchObject({
      quantity: 5,
      unitPrice: { amount: '100.00' },
      note: null,
    });
    expect(pos.inventory.piecesHeldFor(line.saleId)).toBe(5);
    const cheaper = await pos.saleLineUpdate({ ...line, unitPrice: eur('80') });
    expect(cheaper['sale']).toMatchObject({ total: { amount: '400.00' } });
    const note = await pos.saleLineUpdate({ ...line, note: '  scratch on the clasp ' });
    expect(note['line']).toMatchObject({ quantity: 5, note: 'scratch on the clasp' });
    const all = { quantity: 1, unitPrice: eur('90.5'), note: ' ' };
    const together = await pos.saleLineUpdate({ ...line, ...all });
    expect(together['line']).toMatchObject({
      ...{ quantity: 1, note: null },
      ...{ unitPrice: { amount: '90.50' }, total: { amount: '90.50' } },
    });
    expect(pos.inventory.piecesHeldFor(line.saleId)).toBe(1);
    const paid = await pos.saleCommit({ saleId: line.saleId, tenders: [cash('90.50')] });
    expect(paid['sale']).toMatchObject({ status: 'COMMITTED', lines: [{ quantity: 1 }] });
  });

  it('asks inventory only where the quantity is given, and never for what is not counted', async () => {
    const chain = await lineOf('CHAIN');
    const service = await lineOf('SIZING');
    const before = pos.inventory.calls.length;
    await pos.saleLineUpdate({ ...chain, note: 'gift', unitPrice: eur('1') });
    const more = await pos.saleLineUpdate({ ...service, quantity: 3 });
    expect(more['sale']).toMatchObject({ total: { amount: '300.00' } });
    expect(pos.inventory.calls.slice(before)).toEqual([]);
    await pos.saleLineUpdate({ ...chain, quantity: 2 });
    await pos.saleLineUpdate({ ...chain, quantity: 1 });
    expect(pos.inventory.calls.slice(before)).toEqual(['saleHoldResize', 'saleHoldResize']);
  });

  it('says how many the line could have when it cannot grow, and changes nothing', async () => {
    const line = await lineOf('FEW', 2);
    const before = await stateOf(line.saleId);
    const input = { ...line, quantity: 4, note: 'more', idempotencyKey: randomUUID() };
    const refused = await pos.saleLineUpdate(input);
    const numbers = { sku: 'FEW', requested: 4, available: 3 };
    expect(refused).toMatchObject({ __typename: 'InsufficientStock', ...numbers });
    expect(await stateOf(line.saleId)).toEqual(before);
    expect(pos.inventory.piecesHeldFor(line.saleId)).toBe(2);
    await pos.saleVoid({ saleId: line.saleId, reason: 'over' });
    expect(await pos.saleLineUpdate(input)).toEqual(refused);
  });

  const dear = eur('9999999999999.99');
  it.each([
    ['nothing to change', {}, 'InvalidInput', { field: 'quantity' }],
    ['none of something', { quantity: 0 }, 'InvalidInput', { field: 'quantity' }],
    ['too many', { quantity: 10_000 }, 'InvalidInput', { field: 'quantity' }],
    ['a long note', { note: 'x'.repeat(501) }, 'InvalidInput', { field: 'note' }],
    ['a price below zero', { unitPrice: eur('-1') }, 'InvalidInput', { field: 'unitPrice' }],
    ['dollars', { unitPrice: { ...dear, currencyCode: 'USD' } }, 'CurrencyMismatch', {}],
    ['more than an amount can be', { quantity: 2, unitPrice: dear }, 'InvalidInput', {}],
    ['an unknown line', { lineId: randomUUID(), note: 'x' }, 'NotFound', { kind: 'SaleLine' }],
    ['a line id that is none', { lineId: 'x', note: 'x' }, 'NotFound', { kind: 'SaleLine' }],
    ['an unknown sale', { saleId: randomUUID(), note: 'x' }, 'NotFound', { kind: 'Sale' }],
  ])('refuses %s, and nothing is changed or held', async (_, part, typename, data) => {
    const line = await lineOf('CHAIN');
    const before = await stateOf(line.saleId);
    const answer = await pos.saleLineUpdate({ ...line, ...part });
    expect(answer).toMatchObject({ __typename: typename, ...data });
    expect(await stateOf(line.saleId)).toEqual(before);
    expect(pos.inventory.piecesHeldFor(line.saleId)).toBe(1);
  });

  it('a named piece is sold once, but has its price and its note', async () => {
    const line = await lineOf('BROOCH');
    const twice = await pos.saleLineUpdate({ ...line, quantity: 2 });
    expect(twice).toMatchObject({ __typename: 'InvalidInput', field: 'quantity' });
    const once = await pos.saleLineUpdate({
      ...line,
      quantity: 1,
      unitPrice: eur('70'),
      note: 'x',
    });
    expect(once['line']).toMatchObject({ quantity: 1, note: 'x', unitPrice: { amount: '70.00' } });
    await pos.saleVoid({ saleId: line.saleId, reason: 'over' });
  });

  it("refuses a sale that is over, and another tenant's is unknown", async () => {
    const line = await lineOf('CHAIN');
    const theirs = await pos.saleLineUpdate({ ...line, quantity: 2 }, { tenantId: tenantB });
    expect(theirs).toMatchObject({ __typename: 'NotFound', kind: 'Sale' });
    await pos.saleCommit({ saleId: line.saleId, tenders: [cash('100')] });
    const late = await pos.saleLineUpdate({ ...line, quantity: 2 });
    expect(late).toMatchObject({ __typename: 'SaleNotOpen', sale: { status: 'COMMITTED' } });
  });
});

describe('the same key', () => {
  it('changes once, and names the line as it is by now; of a line that is gone, as it was', async () => {
    const line = await lineOf('CHAIN', 2);
    const input = { ...line, quantity: 6, idempotencyKey: randomUUID() };
    const twins = await Promise.all([1, 2, 3, 4].map(() => pos.saleLineUpdate(input)));
    for (const twin of twins) expect(twin).toEqual(twins[0]);
    expect((await stateOf(line.saleId))['version']).toBe(3);
    await pos.saleLineUpdate({ ...line, quantity: 3 });
    expect(quantityOf(await pos.saleLineUpdate(input))).toBe(3);
    expect(pos.inventory.piecesHeldFor(line.saleId)).toBe(3);
    const other = await pos.saleLineUpdate({ ...input, quantity: 7 });
    expect(other.__typename).toBe('IdempotencyKeyReused');
    await pos.saleLineRemove(line);
    expect(quantityOf(await pos.saleLineUpdate(input))).toBe(6);
    expect(pos.inventory.piecesHeldFor(line.saleId)).toBe(0);
  });

  it('of the addition shows the line as it was changed since', async () => {
    const saleId = await pos.basket();
    const one = { saleId, sku: 'CHAIN', idempotencyKey: randomUUID() };
    const lineId = (await pos.saleLineAdd(one))['line'].id;
    const several = { saleId, lines: [{ sku: 'CHAIN' }], idempotencyKey: randomUUID() };
    const { answers } = await pos.saleLinesAdd(several);
    for (const id of [lineId, answers[0].line.id])
      await pos.saleLineUpdate({ saleId, lineId: id, quantity: 4 });
    expect((await pos.saleLineAdd(one))['sale'].lines).toMatchObject([
      { quantity: 4 },
      { quantity: 4 },
    ]);
    const again = await pos.saleLinesAdd(several);
    expect(again['answers']).toMatchObject([{ line: { quantity: 4 } }]);
  });

  it.each(['lost', 'down'] as const)(
    'finds the growth whose answer was %s, or makes it',
    async (fault) => {
      const line = await lineOf('CHAIN', 2);
      const input = { ...line, quantity: 5, idempotencyKey: randomUUID() };
      pos.inventory.fail('saleHoldResize', fault, 1);
      await expect(pos.saleLineUpdate(input)).rejects.toThrow('INTERNAL_SERVER_ERROR');
      expect(await stateOf(line.saleId)).toMatchObject({ lines: [{ quantity: 2 }] });
      expect(quantityOf(await pos.saleLineUpdate(input))).toBe(5);
      expect(pos.inventory.piecesHeldFor(line.saleId)).toBe(5);
    },
  );

  it('lets go of what a reduction left held when inventory was away', async () => {
    const line = await lineOf('CHAIN', 5);
    const input = { ...line, quantity: 2, idempotencyKey: randomUUID() };
    pos.inventory.fail('saleHoldResize', 'down', 1);
    expect(quantityOf(await pos.saleLineUpdate(input))).toBe(2);
    expect(pos.inventory.piecesHeldFor(line.saleId)).toBe(5);
    expect(quantityOf(await pos.saleLineUpdate(input))).toBe(2);
    expect(pos.inventory.piecesHeldFor(line.saleId)).toBe(2);
  });
});

it('a growth that nobody ended is put right by the next change of the line', async () => {
  const line = await lineOf('CHAIN', 2);
  pos.inventory.fail('saleHoldResize', 'lost', 1);
  await expect(pos.saleLineUpdate({ ...line, quantity: 9 })).rejects.toThrow();
  expect(pos.inventory.piecesHeldFor(line.saleId)).toBe(9);
  expect(quantityOf(await pos.saleLineUpdate({ ...line, quantity: 4 }))).toBe(4);
  expect(pos.inventory.piecesHeldFor(line.saleId)).toBe(4);
});

it('many tills on one line: each change is whole, and the hold is as large as the line', async () => {
  const line = await lineOf('CHAIN', 5);
  const quantities = [1, 9, 2, 8, 3, 7, 4, 6];
  const answers = await Promise.all(
    quantities.map((quantity) => pos.saleLineUpdate({ ...line, quantity })),
  );
  for (const answer of answers) expect(answer.__typename).toBe('SaleLineUpdateSuccess');
  const state = await stateOf(line.saleId);
  const [{ quantity }] = state['lines'];
  expect(quantities).toContain(quantity);
  expect(state).toMatchObject({ version: 2 + quantities.length, total: quantity * 10_000 });
  expect(pos.inventory.piecesHeldFor(line.saleId)).toBe(quantity);
});

it('beside its removal and a checkout: nothing is held for nobody, and what is paid is what is sold', async () => {
  const rounds = Array.from({ length: 8 }, async (_, n) => {
    const line = await lineOf('CHAIN', 2);
    const { saleId } = line;
    const rival =
      n % 2 ? pos.saleLineRemove(line) : pos.saleCommit({ saleId, tenders: [cash('300')] });
    const [changed, other] = await Promise.all([
      pos.saleLineUpdate({ ...line, quantity: 3 }),
      rival,
    ]);
    if (other.__typename === 'SaleLineRemoveSuccess') {
      expect(pos.inventory.piecesHeldFor(saleId)).toBe(0);
    } else {
      expect(other.__typename).toBe('SaleCommitSuccess');
      const paid = changed.__typename === 'SaleLineUpdateSuccess' ? 3 : 2;
      expect(other['sale'].lines).toMatchObject([{ quantity: paid }]);
    }
  });
  await Promise.all(rounds);
});
