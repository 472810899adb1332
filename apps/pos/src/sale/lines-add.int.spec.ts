import { randomUUID } from 'node:crypto';
import { cash, startPos, tenantB, type Pos, type Result } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'CHAIN', title: 'Gold chain', tracking: 'QUANTITY', onHand: 1000 });
  await pos.product({ sku: 'BROOCH', title: 'Brooch', tracking: 'SERIAL', serial: 'B-1' });
  await pos.product({ sku: 'PAIR', title: 'Pair', tracking: 'QUANTITY', onHand: 2 });
  await pos.product({ sku: 'DRAFT', tracking: 'SERIAL', serial: 'D-1', status: 'DRAFT' });
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

const sold = (answer: Result) =>
  answer['sale'].lines.map(({ sku, quantity }: any) => `${quantity} ${sku}`);
const callsOf = async <R>(work: () => Promise<R>) => {
  const before = pos.inventory.calls.length;
  return { answer: await work(), calls: () => pos.inventory.calls.slice(before) };
};
const stateOf = async (saleId: string) =>
  (
    await pos.rows(
      `SELECT version, total_minor::int AS total, (SELECT count(*)::int FROM sale_line l WHERE l.sale_id = s.id) AS lines
         FROM sale s WHERE id = $1`,
      [saleId],
    )
  )[0];

describe('saleLinesAdd', () => {
  it('adds many lines behind those that are there, by one call to inventory', async () => {
    const saleId = await pos.basket('CHAIN');
    const lines = [{ sku: 'CHAIN', quantity: 2 }, { code: 'B-1' }, { sku: 'CHAIN', quantity: 3 }];
    const { answer, calls } = await callsOf(() => pos.saleLinesAdd({ saleId, lines }));
    expect(answer.__typename).toBe('SaleLinesAddSuccess');
    expect(calls()).toEqual(['saleHoldsPlace']);
    expect(sold(answer)).toEqual(['1 CHAIN', '2 CHAIN', '1 BROOCH', '3 CHAIN']);
    expect(answer['answers']).toMatchObject([
      { index: 0, line: { sku: 'CHAIN', quantity: 2 }, refusal: null },
      { index: 1, line: { sku: 'BROOCH' }, refusal: null },
      { index: 2, line: { unitPrice: { amount: '100.00' } }, refusal: null },
    ]);
    const more = await pos.saleLineAdd({ saleId, sku: 'CHAIN', quantity: 9 });
    expect(sold(more).at(-1)).toBe('9 CHAIN');
    const paid = await pos.saleCommit({ saleId, tenders: [cash('1600')] });
    expect(paid['sale']).toMatchObject({ status: 'COMMITTED', total: { amount: '1600.00' } });
  });

  it('all or none is the rule: says which cannot be sold, and nothing is written or held', async () => {
    const saleId = await pos.basket();
    const before = await stateOf(saleId);
    const lines = [{ sku: 'CHAIN' }, { sku: 'PAIR', quantity: 3 }, { code: 'NOTHING' }];
    const answer = await pos.saleLinesAdd({ saleId, lines });
    expect(answer).toMatchObject({
      __typename: 'SaleLinesRefused',
      refusals: [
        {
          index: 1,
          sku: 'PAIR',
          code: 'INSUFFICIENT_STOCK',
          requested: 3,
          available: 2,
          locationCode: 'HQ',
        },
        { index: 2, sku: null, code: 'NOT_FOUND' },
      ],
    });
    const unsellable = await pos.saleLinesAdd({
      saleId,
      lines: [{ sku: 'PAIR' }, { code: 'D-1' }],
    });
    expect(unsellable).toMatchObject({ refusals: [{ index: 1, code: 'NOT_FOR_SALE' }] });
    expect(await stateOf(saleId)).toEqual(before);
    expect(pos.inventory.heldFor(saleId)).toBe(0);
  });

  it('each for itself: what can be sold is added, the others say why not and hold nothing', async () => {
    const saleId = await pos.basket();
    const lines = [
      { sku: 'NOBODY' },
      { sku: 'CHAIN', quantity: 4 },
      { code: 'D-1' },
      { sku: 'PAIR', quantity: 3 },
      { sku: 'PAIR', quantity: 2 },
    ];
    const input = { saleId, lines, mode: 'EACH', idempotencyKey: randomUUID() };
    const answer = await pos.saleLinesAdd(input);
    expect(answer['answers']).toMatchObject([
      { index: 0, line: null, refusal: { index: 0, sku: 'NOBODY', code: 'NOT_FOUND' } },
      { index: 1, line: { sku: 'CHAIN', quantity: 4 }, refusal: null },
      { index: 2, line: null, refusal: { index: 2, sku: 'DRAFT', code: 'NOT_FOR_SALE' } },
      { index: 3, refusal: { code: 'INSUFFICIENT_STOCK', requested: 3, available: 2 } },
      { index: 4, line: { sku: 'PAIR', quantity: 2 }, refusal: null },
    ]);
    expect(sold(answer)).toEqual(['4 CHAIN', '2 PAIR']);
    expect(pos.inventory.heldFor(saleId)).toBe(2);
    expect(pos.inventory.available('DRAFT')).toBe(1);
    expect(await pos.saleLinesAdd(input)).toEqual(answer);
    const none = await pos.saleLinesAdd({ saleId, lines: [{ sku: 'PAIR' }], mode: 'EACH' });
    expect(none['answers']).toMatchObject([{ refusal: { code: 'INSUFFICIENT_STOCK' } }]);
    expect(sold(none)).toEqual(['4 CHAIN', '2 PAIR']);
  });

  it.each(['ALL_OR_NONE', 'EACH'])(
    '%s: twins under one key add once, and a lost answer finds its holds',
    async (mode) => {
      const saleId = await pos.basket();
      const free = pos.inventory.available('CHAIN');
      const lines = [{ sku: 'CHAIN', quantity: 2 }, { sku: 'CHAIN' }];
      const input = { saleId, lines, mode, idempotencyKey: randomUUID() };
      pos.inventory.fail('saleHoldsPlace', 'lost', 1);
      await expect(pos.saleLinesAdd(input)).rejects.toThrow('INTERNAL_SERVER_ERROR');
      const twins = await Promise.all([1, 2, 3, 4].map(() => pos.saleLinesAdd(input)));
      for (const twin of twins) expect(twin).toEqual(twins[0]);
      expect(sold(twins[0]!)).toEqual(['2 CHAIN', '1 CHAIN']);
      expect(pos.inventory.available('CHAIN')).toBe(free - 3);
      const other = await pos.saleLinesAdd({ ...input, lines: [{ sku: 'CHAIN', quantity: 2 }] });
      expect(other.__typename).toBe('IdempotencyKeyReused');
      expect(pos.inventory.heldFor(saleId)).toBe(2);
      const single = await pos.saleLineAdd({
        ...input,
        lines: undefined,
        mode: undefined,
        sku: 'CHAIN',
      });
      expect(single.__typename).toBe('IdempotencyKeyReused');
    },
  );

  it('a refusal is the answer of its key from then on', async () => {
    const saleId = await pos.basket();
    const input = { saleId, lines: [{ sku: 'PAIR', quantity: 7 }], idempotencyKey: randomUUID() };
    const refused = await pos.saleLinesAdd(input);
    pos.inventory.stock({ sku: 'PAIR', tracking: 'QUANTITY', onHand: 9 });
    expect(await pos.saleLinesAdd(input)).toEqual(refused);
    const added = await pos.saleLinesAdd({ ...input, idempotencyKey: randomUUID() });
    expect(sold(added)).toEqual(['7 PAIR']);
  });

  it('beside a checkout: the lines are paid for, or they are no part of the sale', async () => {
    // Enough for all: a line that another round keeps from being held would be refused for that.
    pos.inventory.stock({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1_000 });
    const rounds = Array.from({ length: 8 }, async () => {
      const saleId = await pos.basket('CHAIN');
      const [added, paid] = await Promise.all([
        pos.saleLinesAdd({ saleId, lines: [{ sku: 'CHAIN' }, { sku: 'CHAIN' }] }),
        pos.saleCommit({ saleId, tenders: [cash('300')] }),
      ]);
      expect(['SaleCommitSuccess', 'TenderMismatch']).toContain(paid.__typename);
      if (paid.__typename !== 'SaleCommitSuccess') return added.__typename;
      const hasThem = added.__typename === 'SaleLinesAddSuccess';
      if (!hasThem) expect(added).toMatchObject({ __typename: 'SaleNotOpen' });
      expect(paid['sale'].lines).toHaveLength(hasThem ? 3 : 1);
      return added.__typename;
    });
    await Promise.all(rounds);
  });

  it('many callers at once never fill a basket beyond what one claim takes', async () => {
    const saleId = await pos.basket();
    const lines = Array.from({ length: 60 }, () => ({ sku: 'CHAIN' }));
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => pos.saleLinesAdd({ saleId, lines })),
    );
    const refused = answers.filter(({ __typename }) => __typename !== 'SaleLinesAddSuccess');
    expect(refused).toHaveLength(2);
    for (const one of refused) expect(one).toMatchObject({ field: 'lines' });
    expect(await stateOf(saleId)).toMatchObject({ lines: 180 });
    expect(pos.inventory.heldFor(saleId)).toBe(180);
  });

  const dear = { amount: '9999999999999.99', currencyCode: 'EUR' };
  it.each([
    ['no line', { lines: [] }, 'InvalidInput', { field: 'lines' }],
    [
      'a line without a name',
      { lines: [{ sku: 'CHAIN' }, {}] },
      'InvalidInput',
      { field: 'lines.1.sku' },
    ],
    [
      'none of something',
      { lines: [{ sku: 'CHAIN', quantity: 0 }] },
      'InvalidInput',
      { field: 'lines.0.quantity' },
    ],
    [
      'more than an amount can be',
      { lines: [{ sku: 'CHAIN', unitPrice: dear, quantity: 9 }] },
      'InvalidInput',
      { field: 'lines' },
    ],
    ['an unknown sale', { saleId: randomUUID() }, 'NotFound', { kind: 'Sale' }],
    ['an id that is none', { saleId: 'x' }, 'NotFound', { kind: 'Sale' }],
  ])('refuses %s, and nothing is left', async (_, part, typename, data) => {
    const saleId = await pos.basket();
    const before = await stateOf(saleId);
    const answer = await pos.saleLinesAdd({ saleId, lines: [{ sku: 'CHAIN' }], ...part });
    expect(answer).toMatchObject({ __typename: typename, ...data });
    expect(await stateOf(saleId)).toEqual(before);
    expect(pos.inventory.heldFor(saleId)).toBe(0);
  });

  it("refuses a void sale, and another tenant's is unknown", async () => {
    const saleId = await pos.basket();
    const lines = [{ sku: 'CHAIN' }];
    const theirs = await pos.saleLinesAdd({ saleId, lines }, { tenantId: tenantB });
    expect(theirs).toMatchObject({ __typename: 'NotFound', kind: 'Sale', id: saleId });
    await pos.saleVoid({ saleId, reason: 'left' });
    const answer = await pos.saleLinesAdd({ saleId, lines });
    expect(answer).toMatchObject({ __typename: 'SaleNotOpen', sale: { status: 'VOIDED' } });
    expect(pos.inventory.heldFor(saleId)).toBe(0);
  });
});
