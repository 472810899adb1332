import { randomUUID } from 'node:crypto';
import { newEvent } from '@onecount/events';
import { card, cash, startPos, tenantA, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
/** Asks inventory once and no more. */
let hasty: Awaited<ReturnType<Pos['replica']>>;
beforeAll(async () => {
  pos = await startPos();
  hasty = await pos.replica({ CLAIM_PATIENCE_MS: '0' });
  await pos.product({ sku: 'CHAIN', title: 'Gold chain', tracking: 'QUANTITY', onHand: 1000 });
  await pos.product({ sku: 'BROOCH', title: 'Brooch', tracking: 'SERIAL', serial: 'B-1' });
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

const web = { channel: 'WEB', currencyCode: 'EUR' };
const order = (more: object = {}) => ({
  ...web,
  lines: [{ sku: 'CHAIN' }],
  tenders: [card('100')],
  idempotencyKey: randomUUID(),
  ...more,
});

const counts = async () =>
  (
    await pos.rows(
      `SELECT (SELECT count(*)::int FROM sale) AS sales, (SELECT count(*)::int FROM sale_line) AS lines,
              (SELECT count(*)::int FROM sale_tender) AS tenders, (SELECT count(*)::int FROM outbox) AS events,
              (SELECT count(*)::int FROM idempotency_record WHERE NOT response ? 'refusal') AS keys`,
    )
  )[0];

async function refusedWithoutTrace(work: () => Promise<any>): Promise<any> {
  const before = await counts();
  const calls = pos.inventory.calls.length;
  const answer = await work();
  expect(await counts()).toEqual(before);
  expect(pos.inventory.calls).toHaveLength(calls);
  return answer;
}

describe('saleRecord', () => {
  it('sells in one call what is paid already: one claim, one receipt, one event, nothing held before', async () => {
    const calls = pos.inventory.calls.length;
    const lines = [
      { sku: 'CHAIN', quantity: 2 },
      { sku: 'BROOCH', serial: 'B-1', unitPrice: { amount: '89.90', currencyCode: 'EUR' } },
    ];
    const tenders = [card('200'), cash('89.90')];
    const answer = (await pos.saleRecord(order({ lines, tenders, externalId: 'A-1' }))) as any;
    expect(answer).toMatchObject({
      __typename: 'SaleRecordSuccess',
      sale: {
        status: 'COMMITTED',
        receiptNumber: expect.stringMatching(/^WEB-\d{6}$/),
        externalId: 'A-1',
        total: { amount: '289.90', currencyCode: 'EUR' },
        change: { amount: '0.00' },
        tenders: [{ kind: 'CARD' }, { kind: 'CASH', amount: { amount: '89.90' } }],
        lines: [
          { sku: 'CHAIN', title: 'Gold chain', quantity: 2, serial: null, heldUntil: null },
          {
            sku: 'BROOCH',
            serial: 'B-1',
            serialUnit: { id: pos.inventory.unitOf('BROOCH') },
            unitPrice: { amount: '89.90' },
            location: { id: pos.inventory.locationId },
          },
        ],
      },
    });
    expect(pos.inventory.calls.slice(calls)).toEqual(['saleClaim']);
    const events = await pos.rows('SELECT * FROM outbox WHERE aggregate_id = $1', [answer.sale.id]);
    expect(events).toHaveLength(1);
    const { type, sequence, data } = events[0]!;
    newEvent(type, {
      tenantId: tenantA,
      aggregateId: answer.sale.id,
      sequence: Number(sequence),
      data,
    });
    expect(data.lines).toMatchObject([
      { sku: 'CHAIN', stockItemId: expect.any(String), totalMinor: 20_000 },
      { sku: 'BROOCH', stockItemId: expect.any(String), serial: 'B-1', totalMinor: 8_990 },
    ]);
  });

  it('answers the same for the same key, to twins at once and after a lost answer; other input is refused', async () => {
    const input = order();
    const twins = await Promise.all([1, 2, 3, 4].map(() => pos.saleRecord(input)));
    const [first] = twins as any[];
    expect(first.__typename).toBe('SaleRecordSuccess');
    for (const twin of twins) expect(twin).toEqual(first);
    const sales = await pos.rows('SELECT id FROM sale WHERE commit_key = $1', [
      input.idempotencyKey,
    ]);
    expect(sales).toEqual([{ id: first.sale.id }]);
    const other = await refusedWithoutTrace(() =>
      pos.saleRecord({ ...input, lines: [{ sku: 'CHAIN', quantity: 2 }] }),
    );
    expect(other.__typename).toBe('IdempotencyKeyReused');
    const elsewhere = await refusedWithoutTrace(() =>
      pos.saleOpen({ ...web, idempotencyKey: input.idempotencyKey }),
    );
    expect(elsewhere.__typename).toBe('IdempotencyKeyReused');
    const byKey = await pos.graphql(
      'query($key: String) { sale(idempotencyKey: $key) { id status } }',
      { key: input.idempotencyKey },
      { scopes: ['sale:read'] },
    );
    expect(byKey.data['sale']).toEqual({ id: first.sale.id, status: 'COMMITTED' });
  });

  it('finds out by the same key what became of a claim whose answer was lost', async () => {
    pos.inventory.fail('saleClaim', 'lost');
    const input = order();
    const pending = (await hasty.saleRecord(input)) as any;
    expect(pending).toMatchObject({ __typename: 'SalePending', saleId: expect.any(String) });
    pos.inventory.repair();
    const answer = (await hasty.saleRecord(input)) as any;
    expect(answer).toMatchObject({ __typename: 'SaleRecordSuccess', sale: { id: pending.saleId } });
    expect(pos.inventory.claimedFor(pending.saleId)).toBe(1);
  });

  it.each(['lost', 'down'] as const)(
    'is driven to its end by the sweeper when the claim is %s and nobody asks again',
    async (fault) => {
      pos.inventory.fail('saleClaim', fault);
      const input = order({ lines: [{ sku: 'CHAIN', quantity: 3 }], tenders: [card('300')] });
      const { saleId } = (await hasty.saleRecord(input)) as any;
      pos.inventory.repair();
      await pos.rows('UPDATE sale SET settle_after = now() WHERE id = $1', [saleId]);
      await pos.sweeper.sweep();
      const [sale] = await pos.rows(
        `SELECT status, settle_after, (SELECT stock_item_id IS NOT NULL FROM sale_line l WHERE l.sale_id = s.id) AS known
           FROM sale s WHERE id = $1`,
        [saleId],
      );
      expect(sale).toEqual({ status: 'COMMITTED', settle_after: null, known: true });
      expect(await pos.saleRecord(input)).toMatchObject({ sale: { id: saleId } });
    },
  );

  it('ends void with the reasons by line, holds nothing, and keeps that answer', async () => {
    await pos.product({ sku: 'LAST', title: 'Last piece', tracking: 'QUANTITY', onHand: 1 });
    const lines = [{ sku: 'CHAIN' }, { sku: 'LAST', quantity: 2 }];
    const input = order({ lines, tenders: [card('300')], externalId: 'B-1' });
    const answer = (await pos.saleRecord(input)) as any;
    expect(answer).toMatchObject({
      __typename: 'SaleClaimLost',
      message: expect.stringContaining('Last piece'),
      reasons: [{ sku: 'LAST', code: 'INSUFFICIENT_STOCK', requested: 2, available: 1 }],
      sale: { status: 'VOIDED', tenders: [{ kind: 'CARD', amount: { amount: '300.00' } }] },
    });
    expect(answer.reasons[0].lineId).toBe(answer.sale.lines[1].id);
    expect(await pos.saleRecord(input)).toEqual(answer);
    expect(pos.inventory.claimedFor(answer.sale.id)).toBe(0);
    expect(pos.inventory.isFenced(answer.sale.id)).toBe(true);
    // A void sale without known stock items: its event is one that the schema accepts.
    const [row] = await pos.rows('SELECT * FROM outbox WHERE aggregate_id = $1', [answer.sale.id]);
    newEvent('pos.sale-voided', {
      tenantId: tenantA,
      aggregateId: answer.sale.id,
      sequence: Number(row!['sequence']),
      data: row!['data'],
    });
    expect(row!['data']).toMatchObject({ reason: 'CLAIM_REFUSED', lines: [] });
  });

  it('ends void when inventory does not know the piece', async () => {
    const lines = [{ sku: 'BROOCH', serial: 'ANOTHER' }];
    const answer = (await pos.saleRecord(order({ lines }))) as any;
    expect(answer).toMatchObject({
      __typename: 'SaleClaimLost',
      reasons: [{ sku: 'BROOCH', code: 'NOT_FOUND' }],
      sale: { status: 'VOIDED' },
    });
  });

  it('takes an external id once in its channel and tenant, and names the sale that has it', async () => {
    const first = (await pos.saleRecord(order({ externalId: 'C-1' }))) as any;
    const taken = await refusedWithoutTrace(() => pos.saleRecord(order({ externalId: 'C-1' })));
    expect(taken).toMatchObject({
      __typename: 'ExternalIdTaken',
      externalId: 'C-1',
      sale: { id: first.sale.id, status: 'COMMITTED' },
    });
    const opened = await refusedWithoutTrace(() => pos.saleOpen({ ...web, externalId: 'C-1' }));
    expect(opened).toMatchObject({ __typename: 'ExternalIdTaken', sale: { id: first.sale.id } });
    const phone = await pos.saleRecord(order({ channel: 'PHONE', externalId: 'C-1' }));
    expect(phone.__typename).toBe('SaleRecordSuccess');
    const racers = await Promise.all(
      [1, 2, 3, 4].map(() => pos.saleRecord(order({ externalId: 'C-2' }))),
    );
    expect(racers.map(({ __typename }) => __typename).sort()).toEqual([
      ...Array.from({ length: 3 }, () => 'ExternalIdTaken'),
      'SaleRecordSuccess',
    ]);
  });

  it("another tenant's key, external id and prices are no concern of a tenant", async () => {
    const input = order({ externalId: 'D-1' });
    const own = (await pos.saleRecord(input)) as any;
    const unpriced = await pos.saleRecord(input, { tenantId: tenantB });
    expect(unpriced).toMatchObject({
      __typename: 'SaleLinesRefused',
      refusals: [{ index: 0, sku: 'CHAIN', code: 'NOT_FOUND' }],
    });
    await pos.product({ sku: 'THEIRS', tracking: 'QUANTITY', onHand: 5, tenantId: tenantB });
    const theirs = { ...input, lines: [{ sku: 'THEIRS' }], idempotencyKey: randomUUID() };
    const other = (await pos.saleRecord(theirs, { tenantId: tenantB })) as any;
    expect(other.__typename).toBe('SaleRecordSuccess');
    expect(other.sale.id).not.toBe(own.sale.id);
  });

  it('sells at a till with an open shift, and its cash is in the drawer', async () => {
    const opened = await pos.registerOpen({ locationCode: 'HQ', registerName: 'Quick' });
    const registerId = opened['register'].id as string;
    const input = order({ channel: 'COUNTER', registerId, tenders: [cash('100')] });
    const answer = (await pos.saleRecord(input)) as any;
    expect(answer.sale.receiptNumber).toMatch(/^HQ-\d{6}$/);
    const countedCash = { amount: '100', currencyCode: 'EUR' };
    const closed = (await pos.registerClose({ registerId, countedCash })) as any;
    expect(closed.shift.difference.amount).toBe('0.00');
    const late = await refusedWithoutTrace(() =>
      pos.saleRecord({ ...input, idempotencyKey: randomUUID() }),
    );
    expect(late.__typename).toBe('RegisterClosed');
  });

  it('a service needs no stock', async () => {
    await pos.product({ sku: 'ENGRAVING', tracking: 'NONE' });
    const answer = await pos.saleRecord(order({ lines: [{ sku: 'ENGRAVING' }] }));
    expect(answer.__typename).toBe('SaleRecordSuccess');
  });

  const price = (amount: string, currencyCode = 'EUR') => ({ amount, currencyCode });
  const many = (count: number) => Array.from({ length: count }, () => ({ sku: 'CHAIN' }));
  it.each([
    ['no line', { lines: [] }, 'InvalidInput', { field: 'lines' }],
    ['201 lines', { lines: many(201) }, 'InvalidInput', { field: 'lines' }],
    ['an empty SKU', { lines: [{ sku: '' }] }, 'InvalidInput', { field: 'lines.0.sku' }],
    [
      'none of something',
      { lines: [{ sku: 'CHAIN', quantity: 0 }] },
      'InvalidInput',
      { field: 'lines.0.quantity' },
    ],
    [
      'two of one named piece',
      { lines: [{ sku: 'BROOCH', serial: 'B-1', quantity: 2 }] },
      'InvalidInput',
      { field: 'lines.0.quantity' },
    ],
    [
      'too little',
      { tenders: [card('99.99')] },
      'TenderMismatch',
      { due: price('100.00'), tendered: price('99.99') },
    ],
    [
      'too much, in cash too',
      { tenders: [cash('100.01')] },
      'TenderMismatch',
      { due: price('100.00'), tendered: price('100.01') },
    ],
    ['nothing', { tenders: [] }, 'TenderMismatch', { tendered: price('0.00') }],
    [
      'a tender of zero',
      { tenders: [card('100'), cash('0')] },
      'InvalidInput',
      { field: 'tenders.1.amount' },
    ],
    [
      '21 tenders',
      { tenders: Array.from({ length: 21 }, () => card('1')) },
      'InvalidInput',
      { field: 'tenders' },
    ],
    [
      'more than an amount',
      { tenders: many(20).map(() => card('9999999999999.99')) },
      'InvalidInput',
      { field: 'tenders' },
    ],
    [
      'another currency',
      { tenders: [card('100', 'USD')] },
      'CurrencyMismatch',
      { expected: 'EUR', actual: 'USD' },
    ],
    [
      'a total above every amount',
      { lines: [{ sku: 'CHAIN', quantity: 9999, unitPrice: price('9999999999999.99') }] },
      'InvalidInput',
      { field: 'lines' },
    ],
    [
      'an unknown till',
      { channel: 'COUNTER', registerId: randomUUID() },
      'NotFound',
      { kind: 'Register' },
    ],
    ['no till', { channel: 'COUNTER' }, 'InvalidInput', { field: 'registerId' }],
    ['an unknown place', { locationId: 'nowhere' }, 'NotFound', { kind: 'Location' }],
    [
      'lines that cannot be sold so',
      {
        lines: [
          { sku: 'NOTHING' },
          { sku: 'CHAIN' },
          { sku: 'CHAIN', unitPrice: price('1', 'USD') },
        ],
      },
      'SaleLinesRefused',
      {
        refusals: [
          expect.objectContaining({ index: 0, sku: 'NOTHING', code: 'NOT_FOUND', requested: 1 }),
          expect.objectContaining({ index: 2, sku: 'CHAIN', code: 'CURRENCY_MISMATCH' }),
        ],
      },
    ],
  ])('refuses %s, and nothing is written', async (_, part, typename, data) => {
    const answer = await refusedWithoutTrace(() => pos.saleRecord(order(part)));
    expect(answer).toMatchObject({ __typename: typename, ...data });
  });
});
