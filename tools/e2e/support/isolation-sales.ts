import { tax } from './isolation-taxes.ts';
import { takeOff } from './isolation-discounts.ts';
import { money, shared, type Call, type World } from './isolation-call.ts';

// The till, the bench and the certificates.

export async function sell(call: Call, world: World): Promise<void> {
  const { word } = world;
  const { locationCode, sku, quantitySku } = shared;
  const register = { locationCode, openingFloat: money('100.00') };
  const till = await call(
    'registerOpen',
    { ...register, registerName: word('till') },
    'register { id }',
  );
  const drop = { kind: 'DROP', amount: money('5.00'), reason: 'OTHER', note: word('safe') };
  await call('cashMovementAdd', { registerId: till['register'].id, ...drop }, 'movement { id }');
  const closed = await call(
    'registerOpen',
    { ...register, registerName: word('till-2') },
    'register { id }',
  );
  await call(
    'registerClose',
    {
      ...{ registerId: closed['register'].id, countedCash: money('99.00') },
      denominations: [{ denomination: '1.00', count: 99 }],
    },
    'shift { id }',
  );
  const left = await call(
    'registerOpen',
    { ...register, registerName: word('till-3') },
    'register { openShift { id } }',
  );
  const forced = { shiftId: left['register'].openShift.id, countedCash: money('100.00') };
  await call('shiftForceClose', { ...forced, reason: word('left open') }, 'shift { id }');
  const open = async (input: object): Promise<string> =>
    (await call('saleOpen', { currencyCode: 'USD', ...input }, 'sale { id }'))['sale'].id;
  const line = 'line { id } sale { total { amount currencyCode } }';
  const add = (saleId: string, input: object) => call('saleLineAdd', { saleId, ...input }, line);

  await tax(call, world);
  const counter = { channel: 'COUNTER', registerId: till['register'].id as string };
  const basket = await open(counter);
  await add(basket, { sku, serial: 'SHARED-SN-3' });
  const removed = await add(basket, { sku: quantitySku });
  const more = [{ sku: quantitySku }, { sku: word('SKU-of-nobody') }];
  const several = { saleId: basket, lines: more, mode: 'EACH' };
  await call('saleLinesAdd', several, 'answers { index } sale { id }');
  const changed = { saleId: basket, lineId: removed['line'].id, quantity: 2, note: word('note') };
  await call('saleLineUpdate', changed, 'line { note } sale { id }');
  await takeOff(call, world, basket);
  const paying = { saleId: basket, holdSeconds: 1200 };
  await call('saleHoldsRenew', paying, 'heldUntil sale { id }');
  const { hold } = await call('holdCreate', { sku: quantitySku }, 'hold { id }');
  await add(basket, { holdId: hold.id });
  await call('saleLineRemove', { saleId: basket, lineId: removed['line'].id }, 'sale { id }');

  const paid = await open({ channel: 'WEB', locationCode, externalId: shared.externalId });
  const sold = await add(paid, { sku, serial: shared.serial });
  const tenders = [{ kind: 'CARD', amount: sold['sale'].total, reference: word('slip') }];
  await call('saleCommit', { saleId: paid, tenders }, 'sale { id }', word('saleCommit'));
  const head = { shopName: word('shop'), addressLines: [word('street')], taxNumber: word('tax') };
  const texts = { header: word('header'), footer: word('footer') };
  const zone = { locale: 'en-GB', timeZone: 'Europe/London' };
  await call('receiptSettingsSet', { ...head, ...texts, ...zone }, 'settings { setAt }');
  await call('receiptPrint', { saleId: paid, format: 'PDF' }, 'print { id }');
  const rate = { salesperson: word('anna'), basis: 'NET', percent: '2.5', fromDate: '2026-01-01' };
  await call('commissionRateSet', rate, 'rate { id }');

  const order = { channel: 'WEB', locationCode, currencyCode: 'USD', externalId: word('order') };
  const unitPrice = money('1.00');
  const lines = [
    { sku: quantitySku, unitPrice },
    { sku: word('SKU'), quantity: 2, unitPrice },
  ];
  const payment = [{ kind: 'CARD', amount: money('3.00'), reference: word('payment') }];
  const { sale: recorded } = await call(
    'saleRecord',
    { ...order, lines, tenders: payment },
    'sale { id lines { id } }',
    word('saleRecord'),
  );
  const pieces = [{ lineId: recorded.lines[1].id, disposition: 'INSPECTION' }];
  const back = { saleId: recorded.id, registerId: till['register'].id, lines: pieces };
  const { saleReturn } = await call(
    'saleReturn',
    { ...back, reason: 'OTHER', note: word('worn') },
    'saleReturn { id }',
  );
  await call('returnPrint', { saleReturnId: saleReturn.id, format: 'PDF' }, 'print { id }');
  const withLines = { currencyCode: 'USD', ...counter, lines: [{ sku: quantitySku }] };
  const { sale: aside } = await call('saleOpen', withLines, 'sale { id }');
  await call('salePark', { saleId: aside.id, name: word('parked') }, 'sale { id }');

  const voided = await open(counter);
  await add(voided, { sku: quantitySku, quantity: 2 });
  await call('saleVoid', { saleId: voided, reason: word('void') }, 'sale { id }');
}

/** Web checkouts: one waits for its payment, two were given up before it came, and one of these has it back. */
export async function payLater(call: Call, { client, word }: World): Promise<void> {
  const { locationCode, quantitySku } = shared;
  const place = { channel: 'WEB', locationCode, currencyCode: 'USD' };
  const lines = [{ sku: quantitySku }];
  const checkedOut = async (): Promise<{ id: string; total: object }> => {
    const { sale } = await call('saleOpen', { ...place, lines }, 'sale { id }');
    const total = 'sale { id total { amount currencyCode } }';
    return (await call('saleCheckout', { saleId: sale.id }, total))['sale'];
  };
  const paidInVain = async (slip: string): Promise<string> => {
    const { id: saleId, total } = await checkedOut();
    await call('saleVoid', { saleId, reason: word('left') }, 'sale { id }');
    const tenders = [{ kind: 'CARD', amount: total, reference: word(slip) }];
    const input = { saleId, tenders, idempotencyKey: word(slip) };
    await client.data(
      'mutation ($input: SaleCommitInput!) { saleCommit(input: $input) { __typename } }',
      { input },
    );
    return saleId;
  };
  await checkedOut();
  await paidInVain('in vain');
  const saleId = await paidInVain('in vain, too');
  await call('saleRefundSettle', { saleId, reference: word('refund') }, 'sale { id }');
}

export async function repairAndVouch(call: Call, world: World): Promise<void> {
  const { word } = world;
  const customer = {
    workRequested: word('work'),
    customerName: word('customer'),
    customerPhone: word('phone'),
  };
  const { sku } = shared;
  await call('repairOpen', { ...customer, sku, serial: 'SHARED-SN-4' }, 'repair { id }');
  const own = { ...customer, pieceDescription: word('heirloom') };
  const repair = await call('repairOpen', own, 'repair { id }', word('repairOpen'));
  await call('repairStageSet', { repairId: repair['repair'].id, stage: 'QUOTED' }, 'repair { id }');
  for (const piece of [
    { sku, serial: shared.serial },
    { sku: word('SKU'), serial: word('OWN-1') },
  ]) {
    const issued = await call('passportIssue', piece, 'passport { url }');
    world.passportUrls.push(issued['passport'].url);
  }
}

/** What a piece earns and costs beside its sale. */
export async function keepAccount(call: Call, { word }: World): Promise<void> {
  const piece = { sku: shared.sku, serial: 'SHARED-SN-5' };
  const entry = 'entry { id }';
  const rental = {
    ...piece,
    amount: money('12.00'),
    category: word('rental'),
    note: word('evening'),
  };
  await call('itemIncomeAdd', rental, entry);
  const wrong = await call('itemExpenseAdd', { ...rental, category: word('postage') }, entry);
  const correction = { itemLedgerEntryId: wrong['entry'].id as string, reason: word('mistaken') };
  await call('itemLedgerEntryCorrect', correction, entry);
  const work = { what: word('cleaning'), provider: word('goldsmith'), cost: money('8.00') };
  const nextDueAt = '2100-01-01T00:00:00.000Z';
  await call('maintenanceAdd', { ...piece, ...work, nextDueAt }, entry);
  const mark = { kind: 'HOURS', measure: 'HOURS', reading: '7.5' };
  await call('usageReadingAdd', { ...piece, ...mark, note: word('worn') }, entry);
}
