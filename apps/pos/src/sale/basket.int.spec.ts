import { randomUUID } from 'node:crypto';
import { startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
});
afterAll(() => pos?.stop());

const web = { channel: 'WEB', currencyCode: 'EUR' };

// Everything a refused call could have left behind.
const written = async () =>
  (
    await pos.rows(`SELECT (SELECT count(*) FROM sale) AS sales, (SELECT count(*) FROM sale_line) AS lines,
      (SELECT count(*) FROM idempotency_record WHERE NOT response ? 'refusal') AS keys, (SELECT count(*) FROM outbox) AS events,
      (SELECT sum(version) FROM sale) AS versions`)
  )[0];

async function refusedWithoutTrace<T>(call: () => Promise<T>): Promise<T> {
  const before = await written();
  const answer = await call();
  expect(await written()).toEqual(before);
  return answer;
}

describe('saleOpen', () => {
  it('opens an empty basket of a channel without a till', async () => {
    const { __typename, sale } = (await pos.saleOpen({ ...web, externalId: 'order-1' })) as any;
    expect(__typename).toBe('SaleOpenSuccess');
    expect(sale).toMatchObject({
      status: 'OPEN',
      externalId: 'order-1',
      lines: [],
      total: { amount: '0.00', currencyCode: 'EUR' },
      receiptNumber: null,
    });
  });

  it('learns a location from inventory once', async () => {
    const input = { ...web, locationCode: 'HQ' };
    expect((await pos.saleOpen(input)).__typename).toBe('SaleOpenSuccess');
    expect((await pos.saleOpen(input)).__typename).toBe('SaleOpenSuccess');
    expect(await pos.rows('SELECT code FROM known_location')).toEqual([{ code: 'HQ' }]);
  });

  it('gives the same answer for the same key, and one sale', async () => {
    const input = { ...web, idempotencyKey: randomUUID() };
    const twins = await Promise.all([1, 2, 3, 4].map(() => pos.saleOpen(input)));
    expect(new Set(twins.map((twin) => twin['sale'].id)).size).toBe(1);
    const reused = await pos.saleOpen({ ...input, currencyCode: 'USD' });
    expect(reused.__typename).toBe('IdempotencyKeyReused');
  });

  it('keeps external ids apart by channel and by tenant', async () => {
    const input = { ...web, externalId: 'order-2' };
    expect((await pos.saleOpen(input)).__typename).toBe('SaleOpenSuccess');
    expect((await pos.saleOpen({ ...input, channel: 'PHONE' })).__typename).toBe('SaleOpenSuccess');
    const other = await pos.saleOpen(input, { tenantId: tenantB });
    expect(other.__typename).toBe('SaleOpenSuccess');
    const taken = await refusedWithoutTrace(() => pos.saleOpen(input));
    expect(taken).toMatchObject({ __typename: 'ExternalIdTaken', externalId: 'order-2' });
  });

  it.each([
    ['a till that is missing', { channel: 'COUNTER' }, 'InvalidInput', { field: 'registerId' }],
    ['a till on the web', { registerId: randomUUID() }, 'InvalidInput', { field: 'registerId' }],
    [
      'an unknown till',
      { channel: 'COUNTER', registerId: randomUUID() },
      'NotFound',
      { kind: 'Register' },
    ],
    [
      'an id that is none',
      { channel: 'COUNTER', registerId: "'; DROP" },
      'NotFound',
      { kind: 'Register' },
    ],
    ['an unknown location', { locationCode: 'XX' }, 'NotFound', { kind: 'Location', id: 'XX' }],
    ['no currency', { currencyCode: 'ABC' }, 'InvalidInput', { field: 'currencyCode' }],
    ['an empty key', { idempotencyKey: '' }, 'InvalidInput', { field: 'idempotencyKey' }],
    ['an empty external id', { externalId: '' }, 'InvalidInput', { field: 'externalId' }],
    ['an empty till', { registerId: '' }, 'InvalidInput', { field: 'registerId' }],
    ['an empty location', { locationId: '' }, 'InvalidInput', { field: 'locationId' }],
    ['a NUL in a code', { locationCode: 'H\0' }, 'InvalidInput', { field: 'locationCode' }],
  ])('refuses %s and writes nothing', async (_name, part, typename, data) => {
    const answer = await refusedWithoutTrace(() => pos.saleOpen({ ...web, ...part }));
    expect(answer).toMatchObject({ __typename: typename, ...data });
  });

  it('is not for a publishable token', async () => {
    const query = `mutation { saleOpen(input: { channel: WEB, currencyCode: "EUR", idempotencyKey: "p" }) { __typename } }`;
    const answer = await pos.graphql(query, {}, { scopes: ['shop:read', 'shop:hold'] });
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('saleLineAdd', () => {
  it('holds the stock and takes the price of the price book', async () => {
    await pos.product({ sku: 'CHAIN', title: 'Gold chain', tracking: 'QUANTITY', onHand: 7 });
    const saleId = await pos.basket();
    const { sale, line } = (await pos.saleLineAdd({ saleId, sku: 'CHAIN', quantity: 3 })) as any;
    expect(sale).toMatchObject({ total: { amount: '300.00' } });
    expect(sale.lines).toMatchObject([
      {
        id: line.id,
        sku: 'CHAIN',
        title: 'Gold chain',
        quantity: 3,
        tracking: 'QUANTITY',
        unitPrice: { amount: '100.00' },
        total: { amount: '300.00' },
        location: { id: pos.inventory.locationId },
      },
    ]);
    expect(pos.inventory.available('CHAIN')).toBe(4);
  });

  it('names a piece by serial or by a scanned code', async () => {
    await pos.product({ sku: 'RING', tracking: 'SERIAL', serial: 'R-77' });
    const saleId = await pos.basket();
    const added = (await pos.saleLineAdd({ saleId, serial: 'R-77' })) as any;
    expect(added.sale.lines).toMatchObject([
      { sku: 'RING', serial: 'R-77', serialUnit: { id: pos.inventory.unitOf('RING') } },
    ]);
    await pos.product({ sku: 'TAG', tracking: 'QUANTITY', onHand: 2 });
    const scanned = (await pos.saleLineAdd({ saleId, code: 'TAG' })) as any;
    expect(scanned.sale.lines.map(({ sku }: any) => sku)).toEqual(['RING', 'TAG']);
  });

  it('asks catalog once for a product whose event is on its way', async () => {
    pos.inventory.stock({ sku: 'NEW', tracking: 'QUANTITY', onHand: 5 });
    pos.catalog.variants.set('NEW', {
      productId: randomUUID(),
      version: 3,
      variantId: randomUUID(),
      sku: 'NEW',
      fullTitle: 'Brand new',
      status: 'ACTIVE',
      isActive: true,
      tracking: 'QUANTITY',
      price: { amount: '12.50', currencyCode: 'EUR' },
    });
    const saleId = await pos.basket('NEW', 'NEW');
    const sale = (await pos.graphql(`{ sale(id: "${saleId}") { total { amount } } }`)).data['sale'];
    expect(sale).toEqual({ total: { amount: '25.00' } });
    expect(pos.catalog.asked.filter((sku) => sku === 'NEW')).toHaveLength(1);
  });

  it('holds nothing for a service and sells it always', async () => {
    await pos.product({ sku: 'RESIZE', tracking: 'NONE', onHand: 0 });
    const saleId = await pos.basket('RESIZE', 'RESIZE');
    expect(pos.inventory.heldFor(saleId)).toBe(0);
  });

  it('takes the price that the cashier gives, also where the book has none', async () => {
    await pos.product({ sku: 'NOPRICE', tracking: 'QUANTITY', priceMinor: null, onHand: 5 });
    const saleId = await pos.basket();
    const unitPrice = { amount: '7.5', currencyCode: 'EUR' };
    const added = (await pos.saleLineAdd({ saleId, sku: 'NOPRICE', unitPrice })) as any;
    expect(added.sale.total.amount).toBe('7.50');
  });

  it('finds the same hold when the answer was lost and the caller asks again', async () => {
    await pos.product({ sku: 'LOST', tracking: 'QUANTITY', onHand: 2 });
    const input = { saleId: await pos.basket(), sku: 'LOST', idempotencyKey: randomUUID() };
    pos.inventory.fail('saleHoldPlace', 'lost', 1);
    await expect(pos.saleLineAdd(input)).rejects.toThrow();
    expect(pos.inventory.available('LOST')).toBe(1);
    const again = (await pos.saleLineAdd(input)) as any;
    expect(again.sale.lines).toHaveLength(1);
    expect(pos.inventory.available('LOST')).toBe(1);
  });

  it('adds one line for twins and repeats its answer', async () => {
    await pos.product({ sku: 'TWIN', tracking: 'QUANTITY', onHand: 9 });
    const saleId = await pos.basket();
    const input = { saleId, sku: 'TWIN', idempotencyKey: randomUUID() };
    const twins = await Promise.all([1, 2, 3, 4].map(() => pos.saleLineAdd(input)));
    expect(new Set(twins.map((twin) => twin['line'].id)).size).toBe(1);
    expect(pos.inventory.available('TWIN')).toBe(8);
    const reused = await pos.saleLineAdd({ ...input, quantity: 2 });
    expect(reused.__typename).toBe('IdempotencyKeyReused');
    const elsewhere = await pos.saleLineAdd({ ...input, saleId: await pos.basket() });
    expect(elsewhere.__typename).toBe('IdempotencyKeyReused');
  });

  it('renews the holds of the lines that were there before', async () => {
    await pos.product({ sku: 'OLD', tracking: 'QUANTITY', onHand: 9 });
    const saleId = await pos.basket('OLD');
    await pos.rows(
      `UPDATE sale_line SET held_until = now() + interval '1 minute' WHERE sale_id = $1`,
      [saleId],
    );
    const added = (await pos.saleLineAdd({ saleId, sku: 'OLD' })) as any;
    for (const { heldUntil } of added.sale.lines)
      expect(Date.parse(heldUntil)).toBeGreaterThan(Date.now() + 800_000);
    expect(pos.inventory.calls.filter((call) => call === 'saleLineHoldsRenew')).toHaveLength(1);
  });

  describe('refuses and writes nothing', () => {
    beforeAll(async () => {
      await pos.product({ sku: 'GONE', tracking: 'QUANTITY', onHand: 1 });
      await pos.product({ sku: 'DRAFT', tracking: 'QUANTITY', status: 'DRAFT' });
      await pos.product({ sku: 'OFF', tracking: 'QUANTITY', isActive: false });
      await pos.product({ sku: 'FREE', tracking: 'QUANTITY', priceMinor: null });
      await pos.product({ sku: 'DOLLAR', tracking: 'QUANTITY', currencyCode: 'USD' });
    });

    it.each([
      [
        'too many',
        { sku: 'GONE', quantity: 2 },
        'InsufficientStock',
        { requested: 2, available: 1 },
      ],
      ['a draft', { sku: 'DRAFT' }, 'NotForSale', { reason: 'PRODUCT_NOT_ACTIVE' }],
      ['a draft by its code', { code: 'DRAFT' }, 'NotForSale', { reason: 'PRODUCT_NOT_ACTIVE' }],
      ['a variant that is off', { sku: 'OFF' }, 'NotForSale', { reason: 'VARIANT_NOT_ACTIVE' }],
      ['what has no price', { sku: 'FREE' }, 'NotForSale', { reason: 'NO_PRICE' }],
      [
        'another currency',
        { sku: 'DOLLAR' },
        'CurrencyMismatch',
        { expected: 'EUR', actual: 'USD' },
      ],
      ['an unknown SKU', { sku: 'NOBODY' }, 'NotFound', { kind: 'Variant', id: 'NOBODY' }],
      ['an unknown code', { code: 'NOBODY' }, 'NotFound', { id: 'NOBODY' }],
      ['no name', {}, 'InvalidInput', { field: 'sku' }],
      ['two names', { sku: 'GONE', code: 'GONE' }, 'InvalidInput', { field: 'sku' }],
      ['none of it', { sku: 'GONE', quantity: 0 }, 'InvalidInput', { field: 'quantity' }],
      ['two of one piece', { serial: 'X', quantity: 2 }, 'InvalidInput', { field: 'quantity' }],
      [
        'a negative price',
        { sku: 'GONE', unitPrice: { amount: '-1', currencyCode: 'EUR' } },
        'InvalidInput',
        { field: 'unitPrice' },
      ],
      [
        'a price finer than cents',
        { sku: 'GONE', unitPrice: { amount: '1.005', currencyCode: 'EUR' } },
        'InvalidInput',
        { field: 'unitPrice' },
      ],
      [
        'more than an amount can be',
        {
          sku: 'GONE',
          quantity: 2,
          unitPrice: { amount: '9999999999999.99', currencyCode: 'EUR' },
        },
        'InvalidInput',
        { field: 'quantity' },
      ],
      ['an unknown sale', { sku: 'GONE', saleId: randomUUID() }, 'NotFound', { kind: 'Sale' }],
    ])('%s', async (_name, part, typename, data) => {
      const saleId = await pos.basket();
      const answer = await refusedWithoutTrace(() => pos.saleLineAdd({ saleId, ...part }));
      expect(answer).toMatchObject({ __typename: typename, ...data });
      expect(pos.inventory.heldFor(saleId)).toBe(0);
    });

    it("another tenant's sale", async () => {
      const saleId = await pos.basket();
      const answer = await pos.saleLineAdd({ saleId, sku: 'GONE' }, { tenantId: tenantB });
      expect(answer).toMatchObject({ __typename: 'NotFound', kind: 'Sale', id: saleId });
    });

    it('a sale that is void', async () => {
      const saleId = await pos.basket();
      await pos.saleVoid({ saleId, reason: 'left' });
      const answer = await refusedWithoutTrace(() => pos.saleLineAdd({ saleId, sku: 'GONE' }));
      expect(answer).toMatchObject({ __typename: 'SaleNotOpen', sale: { status: 'VOIDED' } });
    });
  });
});

describe('saleLineRemove', () => {
  it('takes the line out, frees its stock and repeats its answer', async () => {
    await pos.product({ sku: 'OUT', tracking: 'QUANTITY', onHand: 3 });
    const saleId = await pos.basket('OUT', 'OUT');
    const { lines } = (await pos.graphql(`{ sale(id: "${saleId}") { lines { id } } }`)).data[
      'sale'
    ];
    const input = { saleId, lineId: lines[0].id, idempotencyKey: randomUUID() };
    const removed = (await pos.saleLineRemove(input)) as any;
    expect(removed.sale).toMatchObject({
      total: { amount: '100.00' },
      lines: [{ id: lines[1].id }],
    });
    expect(pos.inventory.available('OUT')).toBe(2);
    expect((await pos.saleLineRemove(input)).__typename).toBe('SaleLineRemoveSuccess');
    const gone = await refusedWithoutTrace(() =>
      pos.saleLineRemove({ ...input, idempotencyKey: randomUUID() }),
    );
    expect(gone).toMatchObject({ __typename: 'NotFound', kind: 'SaleLine' });
  });

  it('succeeds when inventory is away: the hold expires by itself', async () => {
    await pos.product({ sku: 'AWAY', tracking: 'QUANTITY', onHand: 3 });
    const saleId = await pos.basket();
    const added = (await pos.saleLineAdd({ saleId, sku: 'AWAY' })) as any;
    pos.inventory.fail('saleHoldRelease', 'down', 1);
    const removed = await pos.saleLineRemove({ saleId, lineId: added.line.id });
    expect(removed['sale'].lines).toEqual([]);
  });
});

it("shows a tenant nothing of another tenant's sales", async () => {
  const saleId = await pos.basket();
  const query = `{ sale(id: "${saleId}") { id } sales(first: 100) { nodes { id } } }`;
  const { data } = await pos.graphql(query, {}, { tenantId: tenantB });
  expect(data['sale']).toBeNull();
  expect(data['sales'].nodes.map(({ id }: any) => id)).not.toContain(saleId);
});

describe('the key of a line', () => {
  it('that was refused answers the same when the stock has come, and a new key gets it', async () => {
    await pos.product({ sku: 'LATE', tracking: 'QUANTITY', onHand: 1 });
    const saleId = await pos.basket();
    const input = { saleId, sku: 'LATE', quantity: 2, idempotencyKey: randomUUID() };
    const refused = await pos.saleLineAdd(input);
    expect(refused).toMatchObject({
      __typename: 'InsufficientStock',
      ...{ requested: 2, available: 1, availableInAll: 1, locationCode: 'HQ' },
    });
    pos.inventory.stock({ sku: 'LATE', tracking: 'QUANTITY', onHand: 5 });
    expect(await pos.saleLineAdd(input)).toEqual(refused);
    const other = await pos.saleLineAdd({ ...input, quantity: 1 });
    expect(other.__typename).toBe('IdempotencyKeyReused');
    const added = await pos.saleLineAdd({ ...input, idempotencyKey: randomUUID() });
    expect(added.__typename).toBe('SaleLineAddSuccess');
  });
});
