import { randomUUID } from 'node:crypto';
import { assertValidData } from '@onecount/events';
import fc from 'fast-check';
import {
  card,
  cash,
  manager,
  startPos,
  tenantA,
  tenantB,
  zReportFields,
  type Pos,
} from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos({ CLAIM_PATIENCE_MS: '0' });
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 100_000 });
});
afterEach(() => pos.inventory.repair());
afterAll(() => pos?.stop());

const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });
const named = (registerName: string) => ({
  locationCode: 'HQ',
  registerName,
  openingFloat: eur('100'),
});
async function openTill(registerName: string = randomUUID()) {
  const { register } = await pos.registerOpen(named(registerName));
  return {
    registerName,
    registerId: register.id as string,
    shiftId: register.openShift.id as string,
  };
}
async function sell(registerId: string, tenders: object[]) {
  const till = { channel: 'COUNTER', registerId, currencyCode: 'EUR' };
  const opened = await pos.saleOpen({ ...till, lines: [{ sku: 'CHAIN' }] });
  if (opened.__typename !== 'SaleOpenSuccess') return opened;
  return pos.saleCommit({ saleId: opened['sale'].id, tenders });
}
const close = (registerId: string, countedCash = '0', part: object = {}) =>
  pos.registerClose({ registerId, countedCash: eur(countedCash), ...part });
const reportsOf = (registerId: string) =>
  pos.rows<{ number: number; figures: any; tenders: any }>(
    'SELECT number, figures, tenders FROM z_report WHERE register_id = $1 ORDER BY number',
    [registerId],
  );

it('ends a shift with a report of all that was in it', async () => {
  const { registerId, registerName, shiftId } = await openTill();
  await sell(registerId, [cash('120')]);
  await sell(registerId, [card('60'), cash('40')]);
  const drop = { kind: 'DROP', amount: eur('50'), reason: 'SAFE' };
  await pos.cashMovementAdd({ registerId, ...drop });
  const denominations = [
    { denomination: '50', count: 3 },
    { denomination: '20.00', count: 1 },
    { denomination: '0.50', count: 39 },
  ];
  const countedTenders = [{ kind: 'CARD', amount: eur('60') }];
  const input = { denominations, countedTenders, idempotencyKey: randomUUID() };
  const closed = await close(registerId, '189.5', input);
  expect(closed['shift'].zReport).toMatchObject({
    ...{ number: 1, registerName, locationCode: 'HQ', shift: { id: shiftId } },
    ...{ openedBy: 'cashier', closedBy: 'cashier', closeReason: null },
    figures: {
      openingFloat: { amount: '100.00' },
      sales: [{ count: 2, total: eur('200.00') }],
      cashMovements: [{ kind: 'DROP', total: { amount: '50.00' } }],
      receipts: { count: 2 },
    },
    tenders: [
      {
        kind: 'CASH',
        expected: eur('190.00'),
        counted: { amount: '189.50' },
        difference: { amount: '-0.50' },
      },
      {
        kind: 'CARD',
        expected: eur('60.00'),
        counted: { amount: '60.00' },
        difference: { amount: '0.00' },
      },
    ],
    denominations: [
      { denomination: eur('50.00'), count: 3, total: { amount: '150.00' } },
      { denomination: eur('20.00'), count: 1, total: { amount: '20.00' } },
      { denomination: eur('0.50'), count: 39, total: { amount: '19.50' } },
    ],
  });
  expect(await close(registerId, '189.5', input)).toEqual(closed);
  const events = await pos.rows(
    `SELECT data FROM outbox WHERE type = 'pos.shift-closed' AND aggregate_id = $1`,
    [shiftId],
  );
  expect(events).toHaveLength(1);
  const { data } = events[0]!;
  expect(data).toMatchObject({
    ...{ shiftId, registerId, zReportNumber: 1, isForced: false, openingFloatMinor: 10_000 },
    sales: [{ currencyCode: 'EUR', count: 2, totalMinor: 20_000 }],
    tenders: [
      {
        kind: 'CASH',
        receivedMinor: 16_000,
        changeMinor: 2_000,
        expectedMinor: 19_000,
        countedMinor: 18_950,
      },
      {
        kind: 'CARD',
        receivedMinor: 6_000,
        changeMinor: 0,
        expectedMinor: 6_000,
        countedMinor: 6_000,
      },
    ],
    cashMovements: [{ kind: 'DROP', currencyCode: 'EUR', count: 1, totalMinor: 5_000 }],
  });
  assertValidData('pos.shift-closed', data, 'publish');
  // Neither who was at the till nor what anybody called it.
  expect(JSON.stringify(data)).not.toMatch(new RegExp(`cashier|${registerName}`));
});

it('keeps a report as it was, whatever happens to what it names, and numbers them without gaps', async () => {
  const { registerId, registerName } = await openTill();
  await sell(registerId, [cash('100')]);
  const first = (await close(registerId, '200'))['shift'].zReport;
  await pos.registerRename({ registerId, registerName: `${registerName}-2` });
  await pos.registerOpen(named(`${registerName}-2`));
  expect((await close(registerId, '100'))['shift'].zReport.number).toBe(2);
  const again = await pos.graphql(`{ zReport(id: "${first.id}") { ${zReportFields} } }`);
  expect(again.data['zReport']).toEqual(first);
  const list = `{ zReports(filter: { registerId: "${registerId}", locationCode: "hq" }) { nodes { number } } }`;
  expect((await pos.graphql(list)).data['zReports'].nodes).toEqual([{ number: 2 }, { number: 1 }]);
  expect((await pos.graphql(list, {}, { tenantId: tenantB })).data['zReports'].nodes).toEqual([]);

  const refused = [
    'UPDATE z_report SET number = 9',
    'DELETE FROM z_report',
    'UPDATE shift SET counted_minor = 0 WHERE closed_at IS NOT NULL',
    'DELETE FROM shift WHERE closed_at IS NOT NULL',
  ];
  for (const change of refused) {
    await expect(pos.rows(change)).rejects.toThrow('append-only');
    const asService = pos.database.db.inTransaction(tenantA, (tx) => tx.query(change));
    await expect(asService).rejects.toThrow();
  }
  const other = await openTill();
  const skip = `INSERT INTO z_report (tenant_id, id, register_id, number, shift_id, register_name, location_id,
      location_code, opened_at, opened_by, closed_at, closed_by, figures, tenders, denominations)
    SELECT tenant_id, uuidv7(), register_id, 4, $2, register_name, location_id,
      location_code, opened_at, opened_by, closed_at, closed_by, figures, tenders, denominations
    FROM z_report WHERE register_id = $1 AND number = 2`;
  await expect(pos.rows(skip, [registerId, other.shiftId])).rejects.toThrow('z_report_gapless');
});

it('is closed once by ten who close it at once', async () => {
  const { registerId } = await openTill();
  await sell(registerId, [cash('100')]);
  const answers = await Promise.all(Array.from({ length: 10 }, () => close(registerId, '200')));
  const won = answers.filter(({ __typename }) => __typename === 'RegisterCloseSuccess');
  const lost = answers.filter(({ __typename }) => __typename === 'RegisterClosed');
  expect([won.length, lost.length]).toEqual([1, 9]);
  expect(await reportsOf(registerId)).toMatchObject([{ number: 1 }]);
});

it('has each sale in one report, however closing races with paying, giving up and moving cash', async () => {
  const { registerId, registerName } = await openTill();
  for (let round = 0; round < 4; round += 1) {
    const pending = [
      ...[1, 2, 3].map(() => sell(registerId, [cash('100')])),
      pos.cashMovementAdd({ registerId, kind: 'PAY_IN', amount: eur('1'), reason: 'BANK' }),
      close(registerId),
      close(registerId),
    ];
    await Promise.all(pending);
    await pos.registerOpen(named(registerName));
  }
  expect((await close(registerId)).__typename).toBe('RegisterCloseSuccess');
  const [documents] = await pos.rows(
    `SELECT count(*)::int AS sales, coalesce(sum(total_minor), 0)::int AS total,
            (SELECT coalesce(sum(amount_minor), 0)::int FROM cash_movement m WHERE m.register_id = $1) AS moved,
            count(*) FILTER (WHERE shift_id IS NULL)::int AS homeless
       FROM sale WHERE register_id = $1 AND status = 'COMMITTED'`,
    [registerId],
  );
  const reports = await reportsOf(registerId);
  const sum = (pick: (figures: any) => { [name: string]: number }[], name: string) =>
    reports.flatMap(({ figures }) => pick(figures)).reduce((all, one) => all + one[name]!, 0);
  expect(documents).toEqual({
    sales: sum(({ sales }) => sales, 'count'),
    total: sum(({ sales }) => sales, 'totalMinor'),
    moved: sum(({ cashMovements }) => cashMovements, 'totalMinor'),
    homeless: 0,
  });
  expect(reports.map(({ number }) => number)).toEqual(reports.map((_, index) => index + 1));
});

it('does not close over a checkout without an outcome, a manager neither', async () => {
  const { registerId, shiftId } = await openTill();
  pos.inventory.fail('saleClaim', 'down');
  const pending = await sell(registerId, [cash('100')]);
  expect(pending.__typename).toBe('SalePending');
  const forced = {
    shiftId,
    countedCash: eur('0'),
    reason: 'left open',
    idempotencyKey: randomUUID(),
  };
  const refused = await pos.shiftForceClose(forced);
  const [sale] = await pos.rows('SELECT id FROM sale WHERE shift_id = $1', [shiftId]);
  expect(refused).toMatchObject({ __typename: 'ShiftHasPendingSales', saleIds: [sale!['id']] });
  expect(await reportsOf(registerId)).toEqual([]);
  pos.inventory.repair();
  expect((await pos.shiftForceClose(forced)).__typename).toBe('ShiftForceCloseSuccess');
});

it('is closed by a manager with a reason, whoever left it open', async () => {
  const { registerId, shiftId } = await openTill();
  const input = { shiftId, countedCash: eur('90'), reason: '  went home ill ' };
  await expect(pos.shiftForceClose(input, { scopes: ['sale:write'] })).rejects.toThrow('FORBIDDEN');
  const closed = await pos.shiftForceClose(input);
  expect(closed['shift']).toMatchObject({
    ...{ id: shiftId, closedBy: 'manager', difference: { amount: '-10.00' } },
    zReport: { number: 1, openedBy: 'cashier', closedBy: 'manager', closeReason: 'went home ill' },
  });
  const again = await pos.shiftForceClose(input);
  expect(again).toMatchObject({ __typename: 'ShiftAlreadyClosed', shiftId });
  expect((await close(registerId)).__typename).toBe('RegisterClosed');
  expect(await reportsOf(registerId)).toHaveLength(1);
});

it.each([
  ['an empty reason', { reason: '  ' }, 'InvalidInput', { field: 'reason' }],
  ['a shift that is none', { shiftId: 'x' }, 'NotFound', { kind: 'Shift' }],
  ['an unknown shift', { shiftId: randomUUID() }, 'NotFound', { kind: 'Shift' }],
  [
    'another currency',
    { countedCash: { amount: '1', currencyCode: 'USD' } },
    'InvalidInput',
    { field: 'countedCash' },
  ],
  [
    '3 decimals of EUR',
    { countedCash: eur('1.005') },
    'InvalidInput',
    { field: 'countedCash', value: '1.005' },
  ],
  [
    'an unknown note',
    { denominations: [{ denomination: '3', count: 1 }] },
    'InvalidInput',
    { value: '3' },
  ],
])('refuses %s and closes nothing', async (_name, part, __typename, data) => {
  const { registerId, shiftId } = await openTill();
  const answer = await pos.shiftForceClose({
    shiftId,
    countedCash: eur('3'),
    reason: 'left',
    ...part,
  });
  expect(answer).toMatchObject({ __typename, ...data });
  expect(await reportsOf(registerId)).toEqual([]);
});

it('closes nothing when the coins come to something else, and no shift of another tenant', async () => {
  const { registerId, shiftId } = await openTill();
  const denominations = [{ denomination: '2', count: 2 }];
  const refused = await close(registerId, '5', { denominations });
  expect(refused).toMatchObject({
    ...{ __typename: 'DenominationsMismatch', countedCash: { amount: '5.00' } },
    ...{ denominationsTotal: { amount: '4.00' } },
  });
  const stranger = { ...manager, tenantId: tenantB };
  const forced = { shiftId, countedCash: eur('0'), reason: 'left open' };
  expect(await pos.shiftForceClose(forced, stranger)).toMatchObject({ kind: 'Shift', id: shiftId });
  expect(await reportsOf(registerId)).toEqual([]);
});

type Step = { do: 'sell' | 'give up' | 'PAY_IN' | 'PAY_OUT' | 'DROP' | 'close'; minor: number };
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom<Step['do']>('sell', 'sell', 'give up', 'PAY_IN', 'PAY_OUT', 'DROP', 'close'),
  minor: fc.integer({ min: 1, max: 9_999 }),
});
const decimal = (minor: number) => (minor / 100).toFixed(2);

it('sums of reports are sums of documents, and expected is what happened, over any days', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 16 }), async (steps) => {
      const { registerId, registerName } = await openTill();
      const drawer = { cash: 10_000, card: 0 };
      const expected: (typeof drawer)[] = [];
      const end = async () => {
        expected.push({ ...drawer });
        expect((await close(registerId, '1')).__typename).toBe('RegisterCloseSuccess');
        Object.assign(drawer, { cash: 10_000, card: 0 });
      };
      for (const { do: what, minor } of steps) {
        if (what === 'close') {
          await end();
          await pos.registerOpen(named(registerName));
        } else if (what === 'sell') {
          // 100.00 is due: something by card, the rest in cash with change.
          await sell(registerId, [card(decimal(minor)), cash('100')]);
          drawer.card += minor;
          drawer.cash += 10_000 - minor;
        } else if (what === 'give up') {
          const till = { channel: 'COUNTER', registerId, currencyCode: 'EUR' };
          const { sale } = await pos.saleOpen(till);
          await pos.saleVoid({ saleId: sale.id, reason: 'changed his mind' });
        } else {
          const moved = { kind: what, amount: eur(decimal(minor)), reason: 'SAFE' };
          const { __typename } = await pos.cashMovementAdd({ registerId, ...moved });
          const isIn = what === 'PAY_IN';
          const isDone = isIn || minor <= drawer.cash;
          expect(__typename).toBe(isDone ? 'CashMovementAddSuccess' : 'InsufficientCash');
          if (isDone) drawer.cash += isIn ? minor : -minor;
        }
      }
      await end();
      const reports = await reportsOf(registerId);
      const cashThenCard = reports.map(({ tenders }) =>
        ['CASH', 'CARD'].map(
          (kind) => tenders.find((one: any) => one.kind === kind)?.expectedMinor ?? 0,
        ),
      );
      expect(cashThenCard).toEqual(expected.map((one) => [one.cash, one.card]));
      const of = (what: Step['do']) => steps.filter((one) => one.do === what).length;
      const counted = (name: string) =>
        reports.flatMap(({ figures }) => figures[name]).reduce((all, one) => all + one.count, 0);
      expect([counted('sales'), counted('voids')]).toEqual([of('sell'), of('give up')]);
    }),
    { numRuns: 4 },
  );
});
