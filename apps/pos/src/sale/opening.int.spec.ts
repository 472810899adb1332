import { randomUUID } from 'node:crypto';
import { cash, startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'CHAIN', title: 'Gold chain', tracking: 'QUANTITY', onHand: 1000 });
  await pos.product({ sku: 'BROOCH', title: 'Brooch', tracking: 'SERIAL', serial: 'B-1' });
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

const web = { channel: 'WEB', currencyCode: 'EUR' };
const price = (amount: string, currencyCode = 'EUR') => ({ amount, currencyCode });

const counts = async () =>
  (
    await pos.rows(
      `SELECT (SELECT count(*)::int FROM sale) AS sales, (SELECT count(*)::int FROM sale_line) AS lines,
              (SELECT count(*)::int FROM idempotency_record WHERE NOT response ? 'refusal') AS keys`,
    )
  )[0];

describe('saleOpen with lines', () => {
  it('opens a basket whose lines hold their stock, by one call to inventory', async () => {
    const calls = pos.inventory.calls.length;
    const lines = [
      { sku: 'CHAIN', quantity: 2 },
      { code: 'B-1' },
      { sku: 'CHAIN', unitPrice: price('90') },
    ];
    const { __typename, sale } = (await pos.saleOpen({ ...web, lines })) as any;
    expect(__typename).toBe('SaleOpenSuccess');
    expect(sale).toMatchObject({
      status: 'OPEN',
      total: { amount: '390.00' },
      lines: [
        { sku: 'CHAIN', quantity: 2, total: { amount: '200.00' }, heldUntil: expect.any(String) },
        { sku: 'BROOCH', title: 'Brooch', quantity: 1, location: { id: pos.inventory.locationId } },
        { sku: 'CHAIN', quantity: 1, unitPrice: { amount: '90.00' } },
      ],
    });
    expect(pos.inventory.calls.slice(calls)).toEqual(['saleHoldsPlace']);
    expect(pos.inventory.heldFor(sale.id)).toBe(3);
    // It is a basket like any other: a line comes behind the others, and it is paid.
    const added = (await pos.saleLineAdd({ saleId: sale.id, sku: 'CHAIN', quantity: 3 })) as any;
    expect(added.sale.lines.map(({ quantity }: any) => quantity)).toEqual([2, 1, 1, 3]);
    const paid = await pos.saleCommit({ saleId: sale.id, tenders: [cash('690')] });
    expect(paid.__typename).toBe('SaleCommitSuccess');
  });

  it('an empty list opens an empty basket', async () => {
    const { sale } = (await pos.saleOpen({ ...web, lines: [] })) as any;
    expect(sale).toMatchObject({ status: 'OPEN', lines: [], total: { amount: '0.00' } });
  });

  it('gives the same basket to twins and to a repetition, and holds once', async () => {
    const input = {
      ...web,
      lines: [{ sku: 'CHAIN' }, { sku: 'CHAIN' }],
      idempotencyKey: randomUUID(),
    };
    const twins = (await Promise.all([1, 2, 3].map(() => pos.saleOpen(input)))) as any[];
    for (const twin of twins) expect(twin.sale.id).toBe(twins[0].sale.id);
    expect(await pos.saleOpen(input)).toMatchObject({ sale: { id: twins[0].sale.id } });
    expect(pos.inventory.heldFor(twins[0].sale.id)).toBe(2);
    const other = await pos.saleOpen({ ...input, lines: [{ sku: 'CHAIN' }] });
    expect(other.__typename).toBe('IdempotencyKeyReused');
    const theirs = (await pos.saleOpen({ ...input, lines: [] }, { tenantId: tenantB })) as any;
    expect(theirs.sale.id).not.toBe(twins[0].sale.id);
  });

  it('finds the holds of an attempt that died before the basket was stored', async () => {
    pos.inventory.fail('saleHoldsPlace', 'lost', 1);
    const input = { ...web, lines: [{ sku: 'CHAIN', quantity: 5 }], idempotencyKey: randomUUID() };
    const free = pos.inventory.available('CHAIN');
    await expect(pos.saleOpen(input)).rejects.toThrow('INTERNAL_SERVER_ERROR');
    expect(pos.inventory.available('CHAIN')).toBe(free - 5);
    const { sale } = (await pos.saleOpen(input)) as any;
    expect(sale.lines).toMatchObject([{ quantity: 5 }]);
    expect(pos.inventory.available('CHAIN')).toBe(free - 5);
  });

  it('all lines or none: says which cannot be held, holds none of them and says it again under its key', async () => {
    await pos.product({ sku: 'PAIR', title: 'Pair', tracking: 'QUANTITY', onHand: 2 });
    const before = await counts();
    const free = pos.inventory.available('CHAIN');
    const idempotencyKey = randomUUID();
    const lines = [{ sku: 'CHAIN' }, { sku: 'PAIR', quantity: 3 }, { code: 'NOTHING' }];
    const answer = await pos.saleOpen({ ...web, lines, idempotencyKey });
    expect(answer).toMatchObject({
      __typename: 'SaleLinesRefused',
      message: expect.stringContaining('Pair'),
      refusals: [
        {
          index: 1,
          sku: 'PAIR',
          code: 'INSUFFICIENT_STOCK',
          requested: 3,
          available: 2,
          locationCode: 'HQ',
        },
        { index: 2, sku: null, code: 'NOT_FOUND', requested: 1, available: null },
      ],
    });
    expect(await counts()).toEqual(before);
    expect(pos.inventory.available('CHAIN')).toBe(free);
    const fewer = [{ sku: 'CHAIN' }, { sku: 'PAIR', quantity: 2 }];
    const opened = await pos.saleOpen({ ...web, lines: fewer });
    expect(opened.__typename).toBe('SaleOpenSuccess');
    expect(await pos.saleOpen({ ...web, lines, idempotencyKey })).toEqual(answer);
  });

  it('gives the holds back when a scanned piece turns out not to be for sale', async () => {
    await pos.product({ sku: 'DRAFT', tracking: 'SERIAL', serial: 'D-1', status: 'DRAFT' });
    const free = pos.inventory.available('CHAIN');
    const answer = await pos.saleOpen({ ...web, lines: [{ sku: 'CHAIN' }, { code: 'D-1' }] });
    expect(answer).toMatchObject({
      __typename: 'SaleLinesRefused',
      refusals: [{ index: 1, sku: 'DRAFT', code: 'NOT_FOR_SALE' }],
    });
    expect(pos.inventory.available('CHAIN')).toBe(free);
    expect(pos.inventory.available('DRAFT')).toBe(1);
  });

  const many = Array.from({ length: 201 }, () => ({ sku: 'CHAIN' }));
  it.each([
    ['201 lines', { lines: many }, 'InvalidInput', { field: 'lines' }],
    ['a line without a name', { lines: [{}] }, 'InvalidInput', { field: 'lines.0.sku' }],
    [
      'a line with two names',
      { lines: [{ sku: 'CHAIN' }, { sku: 'CHAIN', code: 'B-1' }] },
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
      'an unknown SKU',
      { lines: [{ sku: 'NOTHING' }] },
      'SaleLinesRefused',
      { refusals: [expect.objectContaining({ index: 0, sku: 'NOTHING', code: 'NOT_FOUND' })] },
    ],
    [
      'a price in another currency',
      { lines: [{ sku: 'CHAIN', unitPrice: price('1', 'USD') }] },
      'SaleLinesRefused',
      { refusals: [expect.objectContaining({ index: 0, code: 'CURRENCY_MISMATCH' })] },
    ],
    [
      'an unknown till',
      { channel: 'COUNTER', registerId: randomUUID(), lines: [{ sku: 'CHAIN' }] },
      'NotFound',
      { kind: 'Register' },
    ],
  ])('refuses %s before anything is held', async (_, part, typename, data) => {
    const before = await counts();
    const calls = pos.inventory.calls.length;
    const answer = await pos.saleOpen({ ...web, ...part });
    expect(answer).toMatchObject({ __typename: typename, ...data });
    expect(await counts()).toEqual(before);
    expect(pos.inventory.calls).toHaveLength(calls);
  });
});
