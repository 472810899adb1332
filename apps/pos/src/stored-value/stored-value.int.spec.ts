import { randomUUID } from 'node:crypto';
import { customersOf } from '../../test/customer.harness.ts';
import {
  card,
  cash,
  manager,
  startPos,
  tenantB,
  type Pos,
  type Result,
} from '../../test/pos.harness.ts';
import { giftCard, storedValuesOf, treasurer } from '../../test/stored-value.harness.ts';

let pos: Pos;
let values: ReturnType<typeof storedValuesOf>;
beforeAll(async () => {
  pos = await startPos();
  values = storedValuesOf(pos);
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 100_000, priceMinor: 1_000 });
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });
const credit = (creditCustomerId: string, amount: string) => ({
  ...{ kind: 'STORE_CREDIT', amount: eur(amount), creditCustomerId },
});
async function openTill(): Promise<string> {
  const till = { locationCode: 'HQ', registerName: randomUUID(), openingFloat: eur('1000') };
  return (await pos.registerOpen(till))['register'].id;
}
/** A card with money on it. */
async function issued(amount: string): Promise<{ id: string; code: string }> {
  const made = await values.issue({ kind: 'GIFT_CARD', amount: eur(amount), reason: 'a gift' });
  return { id: made['storedValue'].id, code: made['giftCardCode'] };
}
async function customer(): Promise<string> {
  return (await customersOf(pos).create({ name: 'Ada' }))['customer'].id;
}
async function sold(lines: object[], tenders: object[], registerId?: string): Promise<Result> {
  const where = registerId ? { channel: 'COUNTER', registerId } : { channel: 'WEB' };
  const opened = await pos.saleOpen({ ...where, currencyCode: 'EUR', lines });
  const answer = await pos.saleCommit({ saleId: opened['sale'].id, tenders });
  if (answer.__typename !== 'SaleCommitSuccess') throw new Error(JSON.stringify(answer));
  return answer['sale'];
}
const kinds = ({ entries }: Result) =>
  entries.nodes.map(({ kind, amount }: Result) => [kind, amount.amount]);
const written = () =>
  pos.rows(`SELECT (SELECT count(*)::int FROM stored_value_entry) AS entries, (SELECT sum(balance_minor)::int FROM stored_value) AS owed,
    (SELECT count(*)::int FROM sale_tender) AS tenders, (SELECT count(*)::int FROM sale WHERE status <> 'OPEN') AS ended,
    (SELECT count(*)::int FROM sale_return) AS returns`);

describe('a gift card that is sold', () => {
  it('is worth nothing before its sale is committed, and then what was paid; its code is told once', async () => {
    const registerId = await openTill();
    const opened = await pos.saleOpen({ channel: 'COUNTER', registerId, currencyCode: 'EUR' });
    const saleId = opened['sale'].id;
    const input = { saleId, amount: eur('50'), idempotencyKey: randomUUID() };
    const added = await values.addCardLine(input);
    expect(added).toMatchObject({
      __typename: 'GiftCardLineAddSuccess',
      giftCardCode: expect.stringMatching(/^([3479A-Y]{4}-){4}[3479A-Y]{4}$/),
      giftCard: {
        kind: 'GIFT_CARD',
        status: 'NOT_SOLD',
        balance: eur('0.00'),
        issuedBy: 'treasurer',
      },
      sale: { total: { amount: '50.00' } },
    });
    const code: string = added['giftCardCode'];
    const masked = `•••• ${code.slice(-4)}`;
    expect(added['giftCard'].maskedNumber).toBe(masked);
    expect(added['line'].title).toBe(`Gift card ${masked}`);
    expect(await values.addCardLine(input)).toEqual({ ...added, giftCardCode: null });
    const early = await pos.basket('CHAIN');
    expect(await pos.saleCommit({ saleId: early, tenders: [giftCard(code, '10')] })).toMatchObject({
      __typename: 'StoredValueRefused',
      problem: 'NOT_SOLD',
    });

    const answer = await pos.saleCommit({ saleId, tenders: [cash('50')] });
    expect(answer['sale']).toMatchObject({ status: 'COMMITTED', total: { amount: '50.00' } });
    const asked = code.toLowerCase().replaceAll('-', ' ');
    expect((await values.balance(asked)).data['giftCardBalance']).toEqual({
      ...{ balance: { amount: '50.00' }, status: 'ACTIVE', maskedNumber: masked },
    });
    const card = await values.value({ giftCardCode: code });
    expect(card['entries'].nodes).toEqual([
      {
        ...{ number: 1, kind: 'SOLD', amount: { amount: '50.00' }, balance: { amount: '50.00' } },
        ...{ sale: { id: saleId }, returnId: null, other: null, reason: null, recordedBy: null },
      },
    ]);
    const [event] = await pos.rows(
      `SELECT data -> 'lines' AS lines, data -> 'totalMinor' AS minor FROM outbox WHERE aggregate_id = $1`,
      [saleId],
    );
    expect(event).toEqual({ lines: [], minor: 5_000 });
    const kept =
      JSON.stringify(await pos.rows('SELECT to_jsonb(v) FROM stored_value v')) +
      JSON.stringify(await pos.rows('SELECT response FROM idempotency_record'));
    expect(kept).not.toContain(code.replaceAll('-', ''));
    expect(kept).not.toContain(code);
  });

  it('is worth nothing for ever when its sale is void or its line taken out, and is filled up by another line', async () => {
    const saleId = await pos.basket();
    const first = await values.addCardLine({ saleId, amount: eur('20') });
    await pos.saleLineRemove({ saleId, lineId: first['line'].id });
    const second = await values.addCardLine({ saleId, amount: eur('30') });
    const more = { saleId, lineId: second['line'].id, quantity: 2 };
    expect(await pos.saleLineUpdate(more)).toMatchObject({ field: 'quantity' });
    await pos.saleVoid({ saleId, reason: 'no money' });
    for (const made of [first, second])
      expect(await values.value({ giftCardCode: made['giftCardCode'] })).toMatchObject({
        ...{ status: 'NOT_SOLD', balance: eur('0.00'), entries: { nodes: [] } },
      });
    const { code } = await issued('5');
    const other = await pos.basket();
    const reload = await values.addCardLine({ saleId: other, amount: eur('10'), reloadCode: code });
    expect(reload).toMatchObject({ giftCardCode: null, giftCard: { balance: eur('5.00') } });
    await pos.saleCommit({ saleId: other, tenders: [card('10')] });
    expect(kinds(await values.value({ giftCardCode: code }))).toEqual([
      ['SOLD', '10.00'],
      ['ISSUED', '5.00'],
    ]);
  });

  it('comes back while it is untouched, and not any more once something of it was spent', async () => {
    const registerId = await openTill();
    const saleId = (await pos.saleOpen({ channel: 'COUNTER', registerId, currencyCode: 'EUR' }))[
      'sale'
    ].id;
    const cards = [];
    for (const amount of ['20', '30'])
      cards.push(await values.addCardLine({ saleId, amount: eur(amount) }));
    await pos.saleCommit({ saleId, tenders: [cash('50')] });
    const [one, other] = cards as [Result, Result];
    await sold([{ sku: 'CHAIN' }], [giftCard(one['giftCardCode'], '10')]);
    const back = (line: Result) => ({
      ...{ saleId, registerId, reason: 'CHANGED_MIND', lines: [{ lineId: line['line'].id }] },
    });
    const before = await written();
    expect(await pos.saleReturn(back(one))).toMatchObject({
      ...{ __typename: 'StoredValueRefused', problem: 'INSUFFICIENT' },
      ...{ requestedValue: { amount: '20.00' }, availableValue: { amount: '10.00' } },
    });
    expect(await written()).toEqual(before);
    expect((await pos.saleReturn(back(other)))['saleReturn']).toMatchObject({
      ...{ total: eur('30.00'), refunds: [{ kind: 'CASH', amount: { amount: '30.00' } }] },
    });
    expect(kinds(await values.value({ giftCardCode: other['giftCardCode'] }))).toEqual([
      ['TAKEN_BACK', '-30.00'],
      ['SOLD', '30.00'],
    ]);
  });
});

describe('a tender of a card or a credit', () => {
  it('is taken with the tenders, says what is left, and stands in the figures beside cash', async () => {
    const registerId = await openTill();
    const { code } = await issued('25');
    const ada = await customer();
    const given = await values.issue({
      ...{ kind: 'STORE_CREDIT', amount: eur('7'), customerId: ada, reason: 'late delivery' },
    });
    const number: string = given['storedValue'].maskedNumber;
    expect(number).toMatch(/^SC-[3479A-Y]{10}$/);
    const transfer = { kind: 'BANK_TRANSFER', amount: eur('3'), reference: 'RF18 539' };
    const sale = await sold(
      [{ sku: 'CHAIN', quantity: 3 }],
      [giftCard(code, '10'), giftCard(code, '5'), credit(ada, '4'), transfer, cash('10')],
      registerId,
    );
    const masked = `•••• ${code.slice(-4)}`;
    expect(sale).toMatchObject({
      change: { amount: '2.00' },
      tenders: [
        { kind: 'GIFT_CARD', maskedNumber: masked, left: { amount: '15.00' }, reference: null },
        { kind: 'GIFT_CARD', maskedNumber: masked, left: { amount: '10.00' } },
        { kind: 'STORE_CREDIT', maskedNumber: number, left: { amount: '3.00' } },
        { kind: 'BANK_TRANSFER', maskedNumber: null, left: null, reference: 'RF18 539' },
        { kind: 'CASH', maskedNumber: null, left: null },
      ],
    });
    const cardSale = (await pos.saleOpen({ channel: 'COUNTER', registerId, currencyCode: 'EUR' }))[
      'sale'
    ].id;
    await values.addCardLine({ saleId: cardSale, amount: eur('40') });
    const number3 = { kind: 'STORE_CREDIT', amount: eur('3'), storeCreditNumber: number };
    await pos.saleCommit({ saleId: cardSale, tenders: [number3, cash('37')] });
    const { data } = await pos.graphql(
      `query($id: ID!) { xReport(registerId: $id) { figures { sales { count total { amount } } giftCards { count total { amount } }
        tenders { kind count net { amount } } expected { kind amount { amount } } } } }`,
      { id: registerId },
      manager,
    );
    expect(data['xReport'].figures).toEqual({
      sales: [{ count: 2, total: { amount: '70.00' } }],
      giftCards: [{ count: 1, total: { amount: '40.00' } }],
      tenders: [
        { kind: 'BANK_TRANSFER', count: 1, net: { amount: '3.00' } },
        { kind: 'CASH', count: 2, net: { amount: '45.00' } },
        { kind: 'GIFT_CARD', count: 2, net: { amount: '15.00' } },
        { kind: 'STORE_CREDIT', count: 2, net: { amount: '7.00' } },
      ],
      expected: [
        { kind: 'CASH', amount: { amount: '1045.00' } },
        { kind: 'BANK_TRANSFER', amount: { amount: '3.00' } },
        { kind: 'GIFT_CARD', amount: { amount: '15.00' } },
        { kind: 'STORE_CREDIT', amount: { amount: '7.00' } },
      ],
    });
  });

  it('pays a sale that is recorded, in one call', async () => {
    const { code } = await issued('12');
    const input = { channel: 'PHONE', currencyCode: 'EUR', lines: [{ sku: 'CHAIN' }] };
    const record = (amount: string) =>
      pos.saleRecord({ ...input, tenders: [giftCard(code, amount)], idempotencyKey: randomUUID() });
    expect((await record('10'))['sale']).toMatchObject({ tenders: [{ left: { amount: '2.00' } }] });
    expect(await record('10')).toMatchObject({
      ...{ __typename: 'StoredValueRefused', availableValue: { amount: '2.00' } },
    });
  });

  it('is refused with its reason, and nothing is written', async () => {
    const ada = await customer();
    const [full, blocked, expired] = [await issued('10'), await issued('10'), await issued('10')];
    await values.block({ giftCardCode: blocked.code, reason: 'stolen' });
    await pos.rows(`UPDATE stored_value SET expires_at = now() WHERE id = $1`, [expired.id]);
    const usd = { kind: 'GIFT_CARD', amount: { amount: '10', currencyCode: 'USD' }, reason: 'x' };
    const foreign = await values.issue(usd);
    const refusal = (problem: string, more: object = {}) => ({
      ...{ __typename: 'StoredValueRefused', code: 'STORED_VALUE_REFUSED', problem },
      ...more,
    });
    const cases: [object[], object][] = [
      [[giftCard('HELLO', '10')], refusal('UNKNOWN', { tenderIndex: 0 })],
      [[cash('5'), giftCard(blocked.code, '5')], refusal('BLOCKED', { tenderIndex: 1 })],
      [[giftCard(expired.code, '10')], refusal('EXPIRED')],
      [[giftCard(foreign['giftCardCode'], '10')], refusal('OTHER_CURRENCY')],
      [[credit(ada, '10')], refusal('UNKNOWN', { storedValueKind: 'STORE_CREDIT' })],
      [
        [giftCard(full.code, '6'), giftCard(full.code, '5')],
        refusal('INSUFFICIENT', {
          ...{
            tenderIndex: 1,
            requestedValue: { amount: '11.00' },
            availableValue: { amount: '10.00' },
          },
        }),
      ],
      [
        [giftCard(full.code, '11')],
        refusal('INSUFFICIENT', { requestedValue: { amount: '11.00' } }),
      ],
      [[giftCard(full.code, '0')], { field: 'tenders.0.amount' }],
      [[giftCard(full.code, '9.999')], { field: 'tenders.0.amount' }],
      [[giftCard(full.code, '9')], { __typename: 'TenderMismatch', tendered: { amount: '9.00' } }],
      [[giftCard(full.code, '10'), { ...cash('1') }], { __typename: 'SaleCommitSuccess' }],
      [[{ kind: 'BANK_TRANSFER', amount: eur('10') }], { field: 'tenders.0.reference' }],
      [
        [{ kind: 'BANK_TRANSFER', amount: eur('10'), reference: '4111 1111 1111 1111' }],
        { field: 'tenders.0.reference', value: null },
      ],
      [
        [{ kind: 'GIFT_CARD', amount: eur('10') }],
        { field: 'tenders.0.giftCardCode', value: null },
      ],
      [[{ kind: 'STORE_CREDIT', amount: eur('10') }], { field: 'tenders.0.storeCreditNumber' }],
      [
        [{ ...credit(ada, '10'), storeCreditNumber: 'SC-1' }],
        { field: 'tenders.0.storeCreditNumber' },
      ],
      [[{ ...cash('10'), giftCardCode: full.code }], { field: 'tenders.0.kind' }],
    ];
    for (const [tenders, expected] of cases) {
      const saleId = await pos.basket('CHAIN');
      const before = await written();
      const answer = await pos.saleCommit({ saleId, tenders });
      expect(answer).toMatchObject(expected);
      if (answer.__typename !== 'SaleCommitSuccess') expect(await written()).toEqual(before);
      expect(JSON.stringify(answer)).not.toContain(full.code);
    }
    const saleId = await pos.basket('CHAIN');
    const theirs = { tenantId: tenantB, scopes: ['sale:read'] };
    expect(await values.value({ id: full.id }, theirs)).toBeNull();
    expect(await values.value({ giftCardCode: full.code }, theirs)).toBeNull();
    const over = await pos.saleCommit({ saleId, tenders: [card('11')] });
    expect(over).toMatchObject({ __typename: 'TenderMismatch', due: { amount: '10.00' } });
  });

  it('spends no card below zero, whoever comes at once', async () => {
    const { code } = await issued('100');
    const baskets = await Promise.all(Array.from({ length: 20 }, () => pos.basket('CHAIN')));
    const answers = await Promise.all(
      baskets.map((saleId) => pos.saleCommit({ saleId, tenders: [giftCard(code, '10')] })),
    );
    const count = (name: string) => answers.filter(({ __typename }) => __typename === name).length;
    expect([count('SaleCommitSuccess'), count('StoredValueRefused')]).toEqual([10, 10]);
    const spent = await values.value({ giftCardCode: code });
    expect(spent['balance']).toEqual(eur('0.00'));
    expect(kinds(spent)).toEqual([
      ...Array.from({ length: 10 }, () => ['SPENT', '-10.00']),
      ['ISSUED', '100.00'],
    ]);
  });

  it('takes two cards in whatever order two tills name them, without waiting for each other for ever', async () => {
    const [one, other] = [await issued('100'), await issued('100')];
    const baskets = await Promise.all(Array.from({ length: 20 }, () => pos.basket('CHAIN')));
    const answers = await Promise.all(
      baskets.map((saleId, index) => {
        const both = [giftCard(one.code, '5'), giftCard(other.code, '5')];
        return pos.saleCommit({ saleId, tenders: index % 2 === 0 ? both : both.reverse() });
      }),
    );
    expect(new Set(answers.map(({ __typename }) => __typename))).toEqual(
      new Set(['SaleCommitSuccess']),
    );
    for (const { id } of [one, other])
      expect((await values.value({ id }))['balance']).toEqual(eur('0.00'));
  });

  it('has its money again when the stock was lost, once, whoever drives the sale', async () => {
    await pos.product({ sku: 'LAST', tracking: 'QUANTITY', onHand: 1, priceMinor: 1_000 });
    const { code } = await issued('10');
    const saleId = await pos.basket('LAST');
    pos.inventory.sellElsewhere('LAST');
    const input = { saleId, tenders: [giftCard(code, '10')], idempotencyKey: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 4 }, () => pos.saleCommit(input)));
    expect(new Set(answers.map(({ __typename }) => __typename))).toEqual(
      new Set(['SaleClaimLost']),
    );
    expect(kinds(await values.value({ giftCardCode: code }))).toEqual([
      ['GIVEN_BACK', '10.00'],
      ['SPENT', '-10.00'],
      ['ISSUED', '10.00'],
    ]);
  });

  it('of an awaited payment that comes too late is given back at once, and nobody owes anything', async () => {
    const { code } = await issued('10');
    const saleId = await pos.basket('CHAIN');
    await pos.saleCheckout({ saleId });
    await pos.saleVoid({ saleId, reason: 'given up' });
    const answer = await pos.saleCommit({ saleId, tenders: [giftCard(code, '10')] });
    expect(answer).toMatchObject({ __typename: 'RefundDue', amount: { amount: '0.00' } });
    expect((await values.value({ giftCardCode: code }))['balance']).toEqual(eur('10.00'));
    const { data } = await pos.graphql(
      'query($id: ID!) { sale(id: $id) { refund { settledBy reference } } saleRefundsDue(first: 100) { nodes { id } } }',
      { id: saleId },
      { scopes: ['sale:read'] },
    );
    expect(data['sale'].refund).toEqual({ settledBy: 'pos', reference: 'GIVEN_BACK' });
    expect(data['saleRefundsDue'].nodes).toEqual([]);
    const paid = await pos.basket('CHAIN');
    await pos.saleCheckout({ saleId: paid });
    const sale = await pos.saleCommit({ saleId: paid, tenders: [giftCard(code, '10')] });
    expect(sale['sale']).toMatchObject({
      status: 'COMMITTED',
      tenders: [{ left: { amount: '0.00' } }],
    });
  });
});

describe('a return', () => {
  it('gives a card back what it gave, or its successor, and never as cash; the rest may become store credit', async () => {
    const registerId = await openTill();
    const ada = await customer();
    const { id, code } = await issued('10');
    const sale = await sold([{ sku: 'CHAIN', quantity: 2 }], [giftCard(code, '8'), card('12')]);
    const back = (refunds: object[] | null, more: object = {}) => ({
      ...{ saleId: sale['id'], registerId, reason: 'FAULTY' },
      ...{ lines: [{ lineId: sale['lines'][0].id, quantity: 1 }], refunds, ...more },
    });
    const asCredit = { kind: 'STORE_CREDIT', amount: eur('2') };
    const before = await written();
    for (const [refunds, expected] of [
      [[{ kind: 'CASH', amount: eur('10'), tenderIndex: 0 }], { field: 'refunds.0.kind' }],
      [[{ kind: 'GIFT_CARD', amount: eur('8') }, asCredit], { field: 'creditCustomerId' }],
    ] as const)
      expect(await pos.saleReturn(back([...refunds]))).toMatchObject(expected);
    expect(await written()).toEqual(before);

    const replaced = await values.replace({ storedValueId: id, reason: 'lost' });
    expect(replaced).toMatchObject({ storedValue: { status: 'ACTIVE', balance: eur('2.00') } });
    const refunds = [{ kind: 'GIFT_CARD', amount: eur('8') }, asCredit];
    const answer = await pos.saleReturn(back(refunds, { creditCustomerId: ada }));
    expect(answer['saleReturn'].refunds).toEqual([
      { tenderIndex: 0, kind: 'GIFT_CARD', amount: { amount: '8.00' }, reference: null },
      { tenderIndex: 1, kind: 'STORE_CREDIT', amount: { amount: '2.00' }, reference: null },
    ]);
    expect(kinds(await values.value({ giftCardCode: replaced['giftCardCode'] }))).toEqual([
      ['REFUNDED', '8.00'],
      ['TRANSFERRED', '2.00'],
    ]);
    const spent = await sold([{ sku: 'CHAIN' }], [credit(ada, '2'), cash('8')]);
    expect(spent['tenders'][0]).toMatchObject({ kind: 'STORE_CREDIT', left: { amount: '0.00' } });
    const rest = await pos.saleReturn(back(null));
    expect(rest['saleReturn'].refunds).toMatchObject([
      { kind: 'CARD', amount: { amount: '10.00' } },
    ]);
  });
});

describe('by hand', () => {
  it('is given with a reason by whoever may, each customer one credit a currency, twice at once as well', async () => {
    const ada = await customer();
    const input = { kind: 'STORE_CREDIT', amount: eur('5'), customerId: ada, reason: 'goodwill' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => values.issue(input)));
    expect(new Set(answers.map((answer) => answer['storedValue'].id)).size).toBe(1);
    const { data } = await pos.graphql(
      'query($id: ID!) { customer(id: $id) { storeCredits { balance { amount currencyCode } } } }',
      { id: ada },
      { scopes: ['customer:read', 'sale:read'] },
    );
    expect(data['customer'].storeCredits).toEqual([{ balance: eur('25.00') }]);
    const before = await written();
    for (const [given, expected] of [
      [{ reason: ' ' }, { field: 'reason' }],
      [{ reason: '4111111111111111' }, { field: 'reason', value: null }],
      [{ amount: eur('0') }, { field: 'amount' }],
      [{ amount: eur('-1') }, { field: 'amount' }],
      [{ amount: eur('1.001') }, { field: 'amount' }],
      [{ customerId: null }, { field: 'customerId' }],
      [{ kind: 'GIFT_CARD' }, { field: 'customerId' }],
      [{ customerId: randomUUID() }, { __typename: 'NotFound', kind: 'Customer' }],
    ] as const)
      expect(await values.issue({ ...input, ...given })).toMatchObject(expected);
    expect(await written()).toEqual(before);
    const cashier = { scopes: ['sale:write'] };
    await expect(values.issue(input, cashier)).rejects.toThrow('FORBIDDEN');
  });

  it('stays whole when its customer is erased, and goes with the one that was kept', async () => {
    const people = customersOf(pos);
    const [kept, duplicate] = [
      await people.create({ name: 'Bo' }),
      await people.create({ name: 'Bo' }),
    ];
    const [bo, twin] = [kept['customer'], duplicate['customer']];
    const input = { kind: 'STORE_CREDIT', amount: eur('6'), reason: 'goodwill' };
    await values.issue({ ...input, customerId: twin.id });
    await people.merge({
      ...{
        customerId: bo.id,
        version: bo.version,
        duplicateId: twin.id,
        duplicateVersion: twin.version,
      },
    });
    const sale = await sold([{ sku: 'CHAIN' }], [credit(bo.id, '6'), cash('4')]);
    expect(sale['tenders'][0]).toMatchObject({ left: { amount: '0.00' } });
    const now = await people.byId(bo.id);
    await people.erase({ customerId: bo.id, version: now.version });
    expect(await values.issue({ ...input, customerId: bo.id })).toMatchObject({
      __typename: 'CustomerErased',
    });
    const number = sale['tenders'][0].maskedNumber;
    expect(kinds(await values.value({ storeCreditNumber: number }))).toEqual([
      ['SPENT', '-6.00'],
      ['ISSUED', '6.00'],
    ]);
  });

  it('blocks and frees a card, and replaces a lost one for ever', async () => {
    const { id, code } = await issued('9');
    const block = (isBlocked: boolean) =>
      values.block({ storedValueId: id, isBlocked, reason: 'lost' });
    expect((await block(true))['storedValue']).toMatchObject({
      status: 'BLOCKED',
      blockReason: 'lost',
    });
    expect((await block(false))['storedValue']).toMatchObject({
      status: 'ACTIVE',
      blockReason: null,
    });
    const key = { storedValueId: id, reason: 'lost for good', idempotencyKey: randomUUID() };
    const first = await values.replace(key);
    expect(first).toMatchObject({
      giftCardCode: expect.any(String),
      storedValue: { balance: eur('9.00') },
    });
    expect(await values.replace(key)).toEqual({ ...first, giftCardCode: null });
    expect(await values.value({ giftCardCode: code })).toMatchObject({
      ...{ status: 'BLOCKED', balance: eur('0.00'), replacedBy: { id: first['storedValue'].id } },
      entries: {
        nodes: [{ kind: 'TRANSFERRED', amount: { amount: '-9.00' }, reason: 'lost for good' }, {}],
      },
    });
    for (const refused of [
      await block(false),
      await values.replace({ ...key, idempotencyKey: randomUUID() }),
    ])
      expect(refused).toMatchObject({ __typename: 'StoredValueNotActive', status: 'BLOCKED' });
    const second = await values.replace({
      storedValueId: first['storedValue'].id,
      reason: 'again',
    });
    expect((await values.value({ id }))['replacedBy'].id).toBe(second['storedValue'].id);
  });

  it('expires as the tenant has set it, from when money was last put on it', async () => {
    const set = { giftCardMonths: 12, storeCreditMonths: null };
    expect((await values.setSettings(set))['settings']).toEqual({ ...set, setBy: 'treasurer' });
    expect(await values.setSettings({ giftCardMonths: 0 })).toMatchObject({
      field: 'giftCardMonths',
    });
    const { id } = await issued('1');
    const [row] = await pos.rows<{ yes: boolean }>(
      `SELECT expires_at BETWEEN now() + interval '12 months' - interval '1 hour' AND now() + interval '12 months' AS yes
         FROM stored_value WHERE id = $1`,
      [id],
    );
    expect(row).toEqual({ yes: true });
    await values.setSettings({});
    expect((await values.value({ id: (await issued('1')).id }))['expiresAt']).toBeNull();
  });
});

describe('what can be read', () => {
  it('lists by kind, state and last four, page by page', async () => {
    const { code } = await issued('3');
    const list = async (filter: object, page: object = {}) => {
      const query = `query($filter: StoredValueFilterInput, $first: Int, $after: String) {
        storedValues(filter: $filter, first: $first, after: $after) { nodes { id kind } pageInfo { endCursor hasNextPage } } }`;
      const answer = await pos.graphql(query, { filter, ...page }, { scopes: ['sale:read'] });
      return answer.data['storedValues'];
    };
    expect((await list({ lastFour: code.slice(-4).toLowerCase() })).nodes).toHaveLength(1);
    const credits = await list({ kind: 'STORE_CREDIT' }, { first: 100 });
    expect(new Set(credits.nodes.map(({ kind }: Result) => kind))).toEqual(
      new Set(['STORE_CREDIT']),
    );
    const first = await list({ kind: 'STORE_CREDIT' }, { first: 1 });
    const next = await list(
      { kind: 'STORE_CREDIT' },
      { first: 1, after: first.pageInfo.endCursor },
    );
    expect([...first.nodes, ...next.nodes]).toEqual(credits.nodes.slice(0, 2));
  });

  it('tells a public page what is on a card by its whole code, and stops one that tries codes', async () => {
    const { code } = await issued('3');
    const unknown = '3333-3333-3333-3333-3333';
    for (let attempt = 0; attempt < 30; attempt += 1)
      expect((await values.balance(unknown)).data['giftCardBalance']).toBeNull();
    const stopped = await values.balance(code);
    expect(stopped.errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
    expect((await values.balance(code, treasurer)).data['giftCardBalance']).toMatchObject({
      balance: { amount: '3.00' },
    });
    await pos.rows(`UPDATE gift_card_attempt SET minute = minute - interval '1 minute'`);
    expect((await values.balance(code)).data['giftCardBalance'].balance.amount).toBe('3.00');
  });

  it('adds up: every balance is the sum of its ledger, which nobody can change', async () => {
    expect(
      await pos.rows(`SELECT v.id FROM stored_value v LEFT JOIN stored_value_entry e ON e.tenant_id = v.tenant_id AND e.stored_value_id = v.id
        GROUP BY v.tenant_id, v.id HAVING coalesce(sum(e.amount_minor), 0) <> v.balance_minor OR count(e.number) <> v.entries`),
    ).toEqual([]);
    for (const change of [
      'UPDATE stored_value_entry SET amount_minor = 1',
      'DELETE FROM stored_value_entry',
    ])
      await expect(pos.rows(change)).rejects.toThrow('append-only');
    await expect(pos.rows('UPDATE stored_value SET balance_minor = -1')).rejects.toThrow(
      'stored_value_never_below_zero',
    );
  });
});
