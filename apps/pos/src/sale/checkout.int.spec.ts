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
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

const stateOf = async (saleId: string) =>
  (
    await pos.rows(
      `SELECT status, receipt_number, commit_key, settle_after IS NULL AS is_settled,
              (SELECT count(*)::int FROM sale_tender t WHERE t.sale_id = s.id) AS tenders,
              (SELECT array_agg(type ORDER BY position) FROM outbox o WHERE o.aggregate_id = s.id::text) AS events
         FROM sale s WHERE id = $1`,
      [saleId],
    )
  )[0];

const committed = {
  status: 'COMMITTED',
  is_settled: true,
  tenders: 1,
  events: ['pos.sale-committed'],
};

describe('saleCommit', () => {
  it('claims, then sells: receipt, tenders, change and one event', async () => {
    const saleId = await pos.basket('CHAIN', 'CHAIN');
    const answer = (await pos.saleCommit({ saleId, tenders: [card('50'), cash('200')] })) as any;
    expect(answer).toMatchObject({
      __typename: 'SaleCommitSuccess',
      sale: {
        id: saleId,
        status: 'COMMITTED',
        receiptNumber: expect.stringMatching(/^WEB-\d{6}$/),
        total: { amount: '200.00' },
        change: { amount: '50.00' },
        tenders: [{ kind: 'CARD' }, { kind: 'CASH', amount: { amount: '200.00' } }],
      },
    });
    expect(pos.inventory.claimedFor(saleId)).toBe(2);
    expect(await stateOf(saleId)).toMatchObject({ ...committed, tenders: 2 });
  });

  it('writes an event that its schema accepts and that carries nobody and no payment', async () => {
    await pos.product({ sku: 'BROOCH', title: 'Estate brooch', tracking: 'SERIAL', serial: 'B-1' });
    const saleId = await pos.basket('BROOCH');
    const tenders = [{ ...card('100'), reference: 'slip 4711' }];
    const { sale } = (await pos.saleCommit({ saleId, tenders })) as any;
    const [row] = await pos.rows(
      'SELECT type, sequence, data FROM outbox WHERE aggregate_id = $1',
      [saleId],
    );
    const data = row!['data'];
    newEvent('pos.sale-committed', {
      tenantId: tenantA,
      aggregateId: saleId,
      sequence: Number(row!['sequence']),
      data,
    });
    expect(data).toMatchObject({
      saleId,
      receiptNumber: sale.receiptNumber,
      channel: 'WEB',
      currencyCode: 'EUR',
      totalMinor: 10_000,
      lines: [
        {
          sku: 'BROOCH',
          serial: 'B-1',
          serialUnitId: pos.inventory.unitOf('BROOCH'),
          quantity: 1,
          unitPriceMinor: 10_000,
          totalMinor: 10_000,
        },
      ],
    });
    expect(JSON.stringify(data)).not.toMatch(/4711|cashier/);
  });

  it('sells a service without asking inventory for a claim', async () => {
    await pos.product({ sku: 'BATTERY', tracking: 'NONE' });
    const saleId = await pos.basket('BATTERY');
    const calls = pos.inventory.calls.length;
    const answer = await pos.saleCommit({ saleId, tenders: [cash('100')] });
    expect(answer.__typename).toBe('SaleCommitSuccess');
    expect(pos.inventory.calls).toHaveLength(calls);
  });

  it('sells for nothing when nothing is due', async () => {
    const saleId = await pos.basket();
    const unitPrice = { amount: '0', currencyCode: 'EUR' };
    await pos.saleLineAdd({ saleId, sku: 'CHAIN', unitPrice });
    const answer = await pos.saleCommit({ saleId, tenders: [] });
    expect(answer).toMatchObject({ __typename: 'SaleCommitSuccess' });
  });

  it('ends void with the reasons when the stock was lost, keeps the answer and holds nothing', async () => {
    await pos.product({ sku: 'LAST', title: 'Last piece', tracking: 'QUANTITY', onHand: 1 });
    const saleId = await pos.basket('CHAIN', 'LAST');
    pos.inventory.sellElsewhere('LAST');
    const input = { saleId, tenders: [cash('200')], idempotencyKey: randomUUID() };
    const answer = await pos.saleCommit(input);
    expect(answer).toMatchObject({
      __typename: 'SaleClaimLost',
      message: expect.stringContaining('Last piece'),
      reasons: [
        { sku: 'LAST', code: 'INSUFFICIENT_STOCK', requested: 1, available: 0, locationCode: 'HQ' },
      ],
      sale: { id: saleId, status: 'VOIDED' },
    });
    expect(await pos.saleCommit(input)).toEqual(answer);
    expect(pos.inventory.heldFor(saleId)).toBe(0);
    expect(pos.inventory.isFenced(saleId)).toBe(true);
    expect(await stateOf(saleId)).toMatchObject({
      status: 'VOIDED',
      is_settled: true,
      receipt_number: null,
      events: ['pos.sale-voided'],
    });
  });

  it('claims afresh for an abandoned basket whose holds are gone', async () => {
    const saleId = await pos.basket('CHAIN');
    pos.inventory.dropHolds(saleId);
    const answer = await pos.saleCommit({ saleId, tenders: [cash('100')] });
    expect(answer.__typename).toBe('SaleCommitSuccess');
  });
});

describe('saleCommit refuses before anything is written', () => {
  const someKey = () => randomUUID();
  it.each([
    [
      'too little',
      [cash('99.99')],
      'TenderMismatch',
      { due: { amount: '100.00' }, tendered: { amount: '99.99' } },
    ],
    ['too much by card', [card('100.01')], 'TenderMismatch', { tendered: { amount: '100.01' } }],
    ['nothing', [], 'TenderMismatch', { tendered: { amount: '0.00' } }],
    ['another currency', [cash('100', 'USD')], 'CurrencyMismatch', {}],
    ['a tender of zero', [cash('100'), cash('0')], 'InvalidInput', { field: 'tenders.1.amount' }],
    ['a negative tender', [cash('-100')], 'InvalidInput', { field: 'tenders.0.amount' }],
    [
      'more than an amount can be',
      Array.from({ length: 20 }, () => cash('9999999999999.99')),
      'InvalidInput',
      { field: 'tenders' },
    ],
    ['half a cent', [cash('100.005')], 'InvalidInput', { field: 'tenders.0.amount' }],
  ])('%s, and the key answers the same from then on', async (_name, tenders, typename, data) => {
    const saleId = await pos.basket('CHAIN');
    const before = await stateOf(saleId);
    const idempotencyKey = someKey();
    const answer = await pos.saleCommit({ saleId, tenders, idempotencyKey });
    expect(answer).toMatchObject({ __typename: typename, ...data });
    expect(await stateOf(saleId)).toEqual(before);
    expect(await pos.saleCommit({ saleId, tenders, idempotencyKey })).toEqual(answer);
    const paid = await pos.saleCommit({ saleId, tenders: [cash('100')] });
    expect(paid.__typename).toBe('SaleCommitSuccess');
    expect(await pos.saleCommit({ saleId, tenders, idempotencyKey })).toEqual(
      typename === 'InvalidInput' ? expect.objectContaining({ __typename: 'SaleNotOpen' }) : answer,
    );
  });

  it('an empty basket', async () => {
    const saleId = await pos.basket();
    expect((await pos.saleCommit({ saleId, tenders: [] })).__typename).toBe('SaleEmpty');
    expect((await stateOf(saleId))!['status']).toBe('OPEN');
  });

  it('a sale that is not there, or not ours', async () => {
    const unknown = await pos.saleCommit({ saleId: randomUUID(), tenders: [] });
    expect(unknown.__typename).toBe('NotFound');
    const saleId = await pos.basket('CHAIN');
    const stranger = await pos.saleCommit(
      { saleId, tenders: [cash('100')] },
      { tenantId: tenantB },
    );
    expect(stranger.__typename).toBe('NotFound');
  });

  it('a sale that has ended, under a new key', async () => {
    const saleId = await pos.basket('CHAIN');
    const { sale } = (await pos.saleCommit({ saleId, tenders: [cash('100')] })) as any;
    const again = await pos.saleCommit({ saleId, tenders: [cash('100')] });
    expect(again).toMatchObject({
      __typename: 'SaleNotOpen',
      sale: { status: 'COMMITTED', receiptNumber: sale.receiptNumber },
    });
  });
});

describe('idempotency', () => {
  it('same key and input: same answer; one claim-and-commit for eight twins on two replicas', async () => {
    const other = await pos.replica();
    const saleId = await pos.basket('CHAIN');
    const input = { saleId, tenders: [cash('120')], idempotencyKey: randomUUID() };
    const twins = await Promise.all(
      [1, 2, 3, 4].flatMap(() => [pos.saleCommit(input), other.saleCommit(input)]),
    );
    for (const twin of twins) expect(twin).toEqual(twins[0]);
    expect(twins[0]).toMatchObject({ __typename: 'SaleCommitSuccess' });
    expect(await pos.saleCommit(input)).toEqual(twins[0]);
    expect(await stateOf(saleId)).toMatchObject(committed);
  });

  it('same key, other input or other use: IdempotencyKeyReused', async () => {
    const saleId = await pos.basket('CHAIN');
    const input = { saleId, tenders: [cash('100')], idempotencyKey: randomUUID() };
    await pos.saleCommit(input);
    const { idempotencyKey } = input;
    const others = await Promise.all([
      pos.saleCommit({ ...input, tenders: [cash('101')] }),
      pos.saleCommit({ ...input, saleId: await pos.basket('CHAIN') }),
      pos.saleVoid({ saleId, reason: 'x', idempotencyKey }),
      pos.saleOpen({ channel: 'WEB', currencyCode: 'EUR', idempotencyKey }),
      pos.saleLineAdd({ saleId, sku: 'CHAIN', idempotencyKey }),
      pos.saleLineRemove({ saleId, lineId: randomUUID(), idempotencyKey }),
    ]);
    expect(others.map((other) => other.__typename)).toEqual(
      others.map(() => 'IdempotencyKeyReused'),
    );
  });

  it('two keys at once: one sells, the other learns that it is over', async () => {
    const saleId = await pos.basket('CHAIN');
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => pos.saleCommit({ saleId, tenders: [cash('100')] })),
    );
    const names = answers.map((answer) => answer.__typename).sort();
    expect(names).toEqual(['SaleCommitSuccess', 'SaleNotOpen', 'SaleNotOpen', 'SaleNotOpen']);
    expect(await stateOf(saleId)).toMatchObject(committed);
  });

  it('survives a lost answer of inventory within one request', async () => {
    const saleId = await pos.basket('CHAIN');
    pos.inventory.fail('saleClaim', 'lost', 1);
    const answer = await pos.saleCommit({ saleId, tenders: [cash('100')] });
    expect(answer.__typename).toBe('SaleCommitSuccess');
    expect(pos.inventory.claimedFor(saleId)).toBe(1);
  });

  it('says that the outcome is not known, never an invented one, and the same key finds it out later', async () => {
    const saleId = await pos.basket('CHAIN');
    pos.inventory.fail('saleClaim', 'down');
    const input = { saleId, tenders: [cash('100')], idempotencyKey: randomUUID() };
    expect((await hasty.saleCommit(input)).__typename).toBe('SalePending');
    expect(await stateOf(saleId)).toMatchObject({ status: 'PENDING', is_settled: false });
    const { data } = await pos.graphql(
      `{ sale(idempotencyKey: "${input.idempotencyKey}") { id status } }`,
    );
    expect(data['sale']).toEqual({ id: saleId, status: 'PENDING' });
    pos.inventory.repair();
    const restarted = await pos.replica();
    expect((await restarted.saleCommit(input)).__typename).toBe('SaleCommitSuccess');
    expect(await stateOf(saleId)).toMatchObject(committed);
  });
});

describe('saleVoid', () => {
  it('gives up a basket, frees its stock, publishes it once and repeats its answer', async () => {
    const before = pos.inventory.available('CHAIN');
    const saleId = await pos.basket('CHAIN');
    const input = { saleId, reason: 'Customer left: Mrs. Smith', idempotencyKey: randomUUID() };
    const answer = (await pos.saleVoid(input)) as any;
    expect(answer).toMatchObject({ __typename: 'SaleVoidSuccess', sale: { status: 'VOIDED' } });
    expect(await pos.saleVoid(input)).toEqual(answer);
    expect(pos.inventory.available('CHAIN')).toBe(before);
    const events = await pos.rows(
      'SELECT type, sequence, data FROM outbox WHERE aggregate_id = $1',
      [saleId],
    );
    expect(events).toHaveLength(1);
    newEvent('pos.sale-voided', {
      tenantId: tenantA,
      aggregateId: saleId,
      sequence: Number(events[0]!['sequence']),
      data: events[0]!['data'],
    });
    expect(events[0]!['data'].reason).toBe('VOIDED_BY_CALLER');
    expect(JSON.stringify(events)).not.toContain('Smith');
  });

  it('refuses a finished sale', async () => {
    const saleId = await pos.basket('CHAIN');
    const { sale } = (await pos.saleCommit({ saleId, tenders: [cash('100')] })) as any;
    const answer = await pos.saleVoid({ saleId, reason: 'no' });
    expect(answer).toMatchObject({
      __typename: 'SaleAlreadyCommitted',
      sale: { receiptNumber: sale.receiptNumber },
    });
    expect(await stateOf(saleId)).toMatchObject(committed);
  });

  it('first brings a pending checkout to its end', async () => {
    const saleId = await pos.basket('CHAIN');
    pos.inventory.fail('saleClaim', 'down');
    await hasty.saleCommit({ saleId, tenders: [cash('100')] });
    expect((await hasty.saleVoid({ saleId, reason: 'now' })).__typename).toBe('SalePending');
    pos.inventory.repair();
    expect((await pos.saleVoid({ saleId, reason: 'now' })).__typename).toBe('SaleAlreadyCommitted');
  });

  it('against a commit at the same time: exactly one of them', async () => {
    for (let round = 0; round < 10; round += 1) {
      const saleId = await pos.basket('CHAIN');
      const [paid, voided] = await Promise.all([
        pos.saleCommit({ saleId, tenders: [cash('100')] }),
        pos.saleVoid({ saleId, reason: 'race' }),
      ]);
      const names = `${paid!.__typename} ${voided!.__typename}`;
      expect(['SaleCommitSuccess SaleAlreadyCommitted', 'SaleNotOpen SaleVoidSuccess']).toContain(
        names,
      );
      const isSold = paid!.__typename === 'SaleCommitSuccess';
      expect(pos.inventory.claimedFor(saleId)).toBe(isSold ? 1 : 0);
      expect((await stateOf(saleId))!['events']).toHaveLength(1);
    }
  });
});

describe('receipt numbers', () => {
  it('have no gap and no twin under 40 concurrent sales with refusals among them', async () => {
    await pos.product({ sku: 'FEW', tracking: 'QUANTITY', onHand: 25 });
    const open = { channel: 'PHONE', currencyCode: 'EUR', locationCode: 'HQ' };
    const baskets = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const saleId = (await pos.saleOpen(open))['sale'].id as string;
        await pos.saleLineAdd({ saleId, sku: 'CHAIN' });
        return saleId;
      }),
    );
    // Fifteen of them lose their stock between basket and payment.
    for (const saleId of baskets.slice(0, 15))
      await pos.rows(`UPDATE sale_line SET sku = 'FEW', quantity = 30 WHERE sale_id = $1`, [
        saleId,
      ]);
    const answers = await Promise.all(
      baskets.map((saleId) => pos.saleCommit({ saleId, tenders: [cash('100')] })),
    );
    const numbers = answers.flatMap((answer) => answer['sale']?.receiptNumber ?? []).sort();
    expect(numbers).toEqual(
      Array.from({ length: 25 }, (_, index) => `HQ-${String(index + 1).padStart(6, '0')}`),
    );
  });
});

describe('the graph', () => {
  it("gives a serial unit's committed sales in one batch, and nothing of lost ones", async () => {
    await pos.product({ sku: 'ONE', tracking: 'SERIAL' });
    const saleId = await pos.basket('ONE');
    const query = `query($r: [_Any!]!) { _entities(representations: $r) { ... on SerialUnit { id sales { id } } } }`;
    const id = pos.inventory.unitOf('ONE');
    const other = randomUUID();
    const variables = { r: [id, other].map((one) => ({ __typename: 'SerialUnit', id: one })) };
    const salesOf = async () => (await pos.graphql(query, variables)).data['_entities'];
    expect(await salesOf()).toEqual([
      { id, sales: [] },
      { id: other, sales: [] },
    ]);
    await pos.saleCommit({ saleId, tenders: [cash('100')] });
    expect(await salesOf()).toEqual([
      { id, sales: [{ id: saleId }] },
      { id: other, sales: [] },
    ]);
    const stranger = await pos.graphql(query, variables, { tenantId: tenantB });
    expect(stranger.data['_entities'][0].sales).toEqual([]);
  });

  it('pages sales newest first and never beyond 100', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const query = `query($after: String) { sales(first: 7, after: $after, status: COMMITTED) { nodes { id } pageInfo { hasNextPage endCursor } } }`;
      const page: any = (await pos.graphql(query, { after })).data['sales'];
      seen.push(...page.nodes.map(({ id }: { id: string }) => id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    const rows = await pos.rows(
      `SELECT id FROM sale WHERE status = 'COMMITTED' AND tenant_id = $1 ORDER BY opened_at DESC, id DESC`,
      [tenantA],
    );
    expect(seen).toEqual(rows.map(({ id }) => id));
    const tooMany = await pos.graphql(`{ sales(first: 101) { nodes { id } } }`);
    expect(tooMany.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

it('keeps no card number that somebody wrote beside a payment', async () => {
  const saleId = await pos.basket('CHAIN');
  const tenders = [{ ...card('100'), reference: '4111 1111 1111 1111' }];
  const refused = await pos.saleCommit({ saleId, tenders });
  expect(refused).toMatchObject({
    code: 'INVALID_INPUT',
    field: 'tenders.0.reference',
    value: null,
  });
  expect(JSON.stringify(refused)).not.toContain('1111');
  expect(await pos.rows('SELECT FROM sale_tender WHERE sale_id = $1', [saleId])).toEqual([]);
  const [sale] = await pos.rows('SELECT status FROM sale WHERE id = $1', [saleId]);
  expect(sale).toEqual({ status: 'OPEN' });
});
