import { randomUUID } from 'node:crypto';
import { eventually } from '@onecount/testing';
import { card, cash, type Result } from './pos.harness.ts';
import { startShop, type Shop } from './shop.harness.ts';

// pos against the real inventory: what neither of the two can promise alone.

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ SALE_HOLD_SECONDS: '60' });
});
afterAll(() => shop?.stop());

const level = async (sku: string) =>
  (
    await shop.rows(
      'inventory',
      `SELECT l.on_hand AS "onHand", l.committed,
              (SELECT coalesce(sum(m.quantity), 0)::int FROM movement m WHERE m.stock_item_id = i.id) AS moved,
              (SELECT count(*)::int FROM hold h WHERE h.stock_item_id = i.id AND h.status = 'LIVE') AS live
         FROM level l JOIN stock_item i ON i.id = l.stock_item_id WHERE i.sku = $1`,
      [sku],
    )
  )[0];

async function registerId(): Promise<string> {
  const input = { locationCode: 'HQ', registerName: randomUUID() };
  return (await shop.registerOpen(input))['register'].id as string;
}

async function buy(open: object, sku: string, quantity = 1): Promise<Result> {
  const opened = await shop.saleOpen({ currencyCode: 'EUR', ...open });
  const saleId = opened['sale'].id as string;
  const added = await shop.saleLineAdd({ saleId, sku, quantity });
  if (added.__typename !== 'SaleLineAddSuccess') {
    await shop.saleVoid({ saleId, reason: 'gone' });
    return added;
  }
  const amount = (added['sale'].total as { amount: string }).amount;
  return shop.saleCommit({ saleId, tenders: [cash(amount)] });
}

const nothingHalf = async () => {
  const [row] = await shop.rows(
    'pos',
    `SELECT count(*) FILTER (WHERE status IN ('OPEN', 'PENDING'))::int AS half,
            count(*) FILTER (WHERE settle_after IS NOT NULL)::int AS unsettled FROM sale`,
  );
  return row;
};

it('sells one piece once to twenty buyers of two channels, and every count agrees afterwards', async () => {
  await shop.product({ sku: 'BROOCH', tracking: 'SERIAL', serial: 'B-1' });
  const counter = { channel: 'COUNTER', registerId: await registerId() };
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => buy(n % 2 ? counter : { channel: 'WEB' }, 'BROOCH')),
  );
  const sold = answers.filter(({ __typename }) => __typename === 'SaleCommitSuccess');
  expect(sold).toHaveLength(1);
  for (const answer of answers.filter((one) => one !== sold[0])) {
    expect(['InsufficientStock', 'UnitNotAvailable']).toContain(answer.__typename);
    expect(answer['message']).toContain('The BROOCH');
  }
  await eventually(async () => {
    expect(await level('BROOCH')).toEqual({ onHand: 0, committed: 0, moved: 0, live: 0 });
    return true;
  });
  const units = await shop.rows('inventory', `SELECT status, serial FROM serial_unit`);
  expect(units).toEqual([{ status: 'SOLD', serial: 'B-1' }]);
  expect(sold[0]!['sale'].lines).toMatchObject([{ sku: 'BROOCH', serial: 'B-1' }]);
  expect(await nothingHalf()).toEqual({ half: 0, unsettled: 0 });
});

it('never sells more than there is of a quantity, and the sum is exact', async () => {
  await shop.product({ sku: 'CHAIN', tracking: 'QUANTITY', quantity: 7 });
  const quantities = Array.from({ length: 40 }, (_, n) => (n % 3) + 1);
  const answers = await Promise.all(
    quantities.map((quantity) => buy({ channel: 'WEB' }, 'CHAIN', quantity)),
  );
  const sold = answers
    .map((answer, n) => (answer.__typename === 'SaleCommitSuccess' ? quantities[n]! : 0))
    .reduce((sum, quantity) => sum + quantity, 0);
  // Exactly: stock that is left would have been sold to one of the fourteen who wanted only one.
  expect(sold).toBe(7);
  await eventually(async () => {
    const onHand = 7 - sold;
    expect(await level('CHAIN')).toEqual({ onHand, committed: 0, moved: onHand, live: 0 });
    return true;
  });
  expect(await nothingHalf()).toEqual({ half: 0, unsettled: 0 });
});

it('keeps a piece in a basket for its buyer and says who has it; a void gives it back', async () => {
  await shop.product({ sku: 'RING', tracking: 'SERIAL', serial: 'R-1' });
  const saleId = (await shop.saleOpen({ channel: 'WEB', currencyCode: 'EUR' }))['sale'].id;
  await shop.saleLineAdd({ saleId, sku: 'RING', serial: 'R-1' });
  const other = (await shop.saleOpen({ channel: 'PHONE', currencyCode: 'EUR' }))['sale'].id;
  const refused = await shop.saleLineAdd({ saleId: other, serial: 'R-1' });
  expect(refused).toMatchObject({ __typename: 'UnitNotAvailable' });
  await shop.saleVoid({ saleId, reason: 'changed their mind' });
  const added = await shop.saleLineAdd({ saleId: other, serial: 'R-1' });
  expect(added.__typename).toBe('SaleLineAddSuccess');
  const paid = await shop.saleCommit({ saleId: other, tenders: [card('100')] });
  expect(paid['sale'].lines).toMatchObject([
    { serial: 'R-1', serialUnit: { id: expect.any(String) } },
  ]);
});

it('sells a named piece only where it stands, in a basket and in one call', async () => {
  await shop.product({ sku: 'PEARL', tracking: 'SERIAL', serial: 'P-1' });
  const place = { channel: 'PHONE', currencyCode: 'EUR', locationCode: 'GM' };
  const elsewhere = {
    code: 'UNIT_NOT_AVAILABLE',
    message: 'The PEARL (PEARL), serial P-1 is at HQ.',
  };
  const line = { sku: 'PEARL', serial: 'P-1' };
  const saleId = (await shop.saleOpen(place))['sale'].id;
  expect(await shop.saleLineAdd({ saleId, ...line })).toMatchObject(elsewhere);
  const paid = { lines: [line], tenders: [card('100')] };
  const lost = await shop.saleRecord({ ...place, externalId: 'P-1', ...paid });
  expect(lost).toMatchObject({ __typename: 'SaleClaimLost', sale: { status: 'VOIDED' } });
  expect(lost['reasons']).toMatchObject([elsewhere]);
  expect(await level('PEARL')).toEqual({ onHand: 1, committed: 0, moved: 1, live: 0 });
  const there = { ...place, locationCode: 'HQ', externalId: 'P-2', ...paid };
  expect((await shop.saleRecord(there)).__typename).toBe('SaleRecordSuccess');
  await shop.saleVoid({ saleId, reason: 'elsewhere' });
});

it('claims afresh for a basket whose hold has expired, or says that somebody else has it now', async () => {
  await shop.product({ sku: 'WATCH', tracking: 'SERIAL', serial: 'W-1' });
  const slow = (await shop.saleOpen({ channel: 'WEB', currencyCode: 'EUR' }))['sale'].id;
  await shop.saleLineAdd({ saleId: slow, sku: 'WATCH', serial: 'W-1' });
  await shop.rows(
    'inventory',
    `UPDATE hold SET expires_at = now() - interval '1 second' WHERE reference_id = $1`,
    [slow],
  );
  const quick = await buy({ channel: 'WEB' }, 'WATCH');
  expect(quick.__typename).toBe('SaleCommitSuccess');
  const lost = await shop.saleCommit({ saleId: slow, tenders: [cash('100')] });
  expect(lost).toMatchObject({
    __typename: 'SaleClaimLost',
    message: expect.stringContaining('The WATCH'),
    reasons: [{ sku: 'WATCH', requested: 1, available: 0 }],
    sale: { status: 'VOIDED' },
  });
});

it('takes a line out of the basket and its stock is free at once', async () => {
  await shop.product({ sku: 'PIN', tracking: 'QUANTITY', quantity: 1 });
  const saleId = (await shop.saleOpen({ channel: 'WEB', currencyCode: 'EUR' }))['sale'].id;
  const added = await shop.saleLineAdd({ saleId, sku: 'PIN' });
  await shop.saleLineRemove({ saleId, lineId: added['line'].id });
  expect((await buy({ channel: 'WEB' }, 'PIN')).__typename).toBe('SaleCommitSuccess');
});
