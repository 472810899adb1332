import { randomUUID } from 'node:crypto';
import { failpointNames } from '@onecount/failpoint';
import { eventually } from '@onecount/testing';
import { card, operationsOf, type Result } from './pos.harness.ts';
import { startProcesses } from './pos-process.ts';
import { startShop, type Shop } from './shop.harness.ts';

// A pos process dies by SIGKILL at every step of an exchange, against the real inventory; another one takes over. Both documents
// are there, or neither.

let shop: Shop;
let processes: Awaited<ReturnType<typeof startProcesses>>;
let pos: Awaited<ReturnType<typeof start>>;
let registerId: string;

beforeAll(async () => {
  // The process under test does everything: the one of the harness never sweeps.
  shop = await startShop({ SWEEP_INTERVAL_MS: '3600000' });
  for (const sku of ['RING-54', 'RING-56'])
    await shop.product({ sku, tracking: 'QUANTITY', quantity: 100 });
  const till = { locationCode: 'HQ', registerName: 'Till 1' };
  registerId = (await shop.registerOpen(till))['register'].id;
  processes = await startProcesses(shop);
  pos = await start();
});
afterAll(async () => {
  await processes?.stop();
  await shop?.stop();
});

async function start() {
  const { exited, graphql } = await processes.start();
  return { exited, ...operationsOf(graphql) };
}

const onHand = async (sku: string) =>
  (
    await shop.rows<{ n: number }>(
      'inventory',
      `SELECT sum(l.on_hand)::int AS n FROM level l JOIN stock_item i ON i.id = l.stock_item_id WHERE i.sku = $1`,
      [sku],
    )
  )[0]!.n;

async function basketOf(sku: string): Promise<string> {
  const till = { channel: 'COUNTER', registerId, currencyCode: 'EUR' };
  return (await shop.saleOpen({ ...till, lines: [{ sku }] }))['sale'].id;
}

/** A ring that was sold, and a basket with the one to have instead. */
async function exchanging(sku = 'RING-56') {
  const bought = await basketOf('RING-54');
  const sold = await shop.saleCommit({ saleId: bought, tenders: [card('100')] });
  const sale = sold['sale'] as Result;
  const saleId = await basketOf(sku);
  const input = {
    ...{ saleId, returnedSaleId: sale['id'], reason: 'WRONG_SIZE', idempotencyKey: randomUUID() },
    returnedLines: [{ lineId: sale['lines'][0].id }],
  };
  const stateOf = async () =>
    (
      await shop.rows(
        'pos',
        `SELECT s.status, s.settle_after IS NULL AS settled,
                (SELECT count(*)::int FROM sale_return r WHERE r.sale_id = $2) AS returns,
                (SELECT returned_quantity FROM sale_line l WHERE l.sale_id = $2) AS back,
                (SELECT refunded_minor::int FROM sale_tender t WHERE t.sale_id = $2) AS refunded,
                (SELECT count(*)::int FROM outbox o WHERE o.type = 'pos.sale-returned' AND o.aggregate_id = $2::text) AS events
           FROM sale s WHERE s.id = $1::uuid`,
        [saleId, sale['id']],
      )
    )[0];
  const becomes = (state: object) =>
    eventually(async () => {
      expect(await stateOf()).toEqual(state);
      return true;
    });
  return { input, becomes };
}

const whole = { settled: true, returns: 1, back: 1, refunded: 10_000, events: 1 };
const none = { settled: true, returns: 0, back: 0, refunded: 0, events: 0 };
const pointsOf = (prefix: string) => failpointNames.filter((name) => name.startsWith(prefix));

it.each([
  ...pointsOf('exchange.intent.'),
  ...pointsOf('sale.claim.'),
  ...pointsOf('exchange.commit.'),
  ...pointsOf('sale.commit.'),
])(
  'dies at %s while exchanging: both documents, once, and the same key finds them',
  async (point) => {
    const before = [await onHand('RING-54'), await onHand('RING-56')] as const;
    const { input, becomes } = await exchanging();
    await processes.arm(point);
    await expect(pos.saleExchange(input)).rejects.toThrow();
    await pos.exited;
    pos = await start();
    // Before the intent nothing was written: then it is the repetition that exchanges.
    if (point !== 'exchange.intent.before-commit') await becomes({ status: 'COMMITTED', ...whole });
    const answer = await pos.saleExchange(input);
    expect(answer.__typename).toBe('SaleExchangeSuccess');
    expect(await pos.saleExchange(input)).toEqual(answer);
    await becomes({ status: 'COMMITTED', ...whole });
    await eventually(async () => {
      expect([await onHand('RING-54'), await onHand('RING-56')]).toEqual([
        before[0],
        before[1] - 1,
      ]);
      return true;
    });
  },
);

it.each([...pointsOf('exchange.void.'), ...pointsOf('sale.void.'), ...pointsOf('sale.release.')])(
  'dies at %s when the stock is refused: neither document, and nothing came back',
  async (point) => {
    const sku = `GONE-${randomUUID()}`;
    await shop.product({ sku, tracking: 'QUANTITY', quantity: 1 });
    const { input, becomes } = await exchanging(sku);
    await shop.rows(
      'inventory',
      `UPDATE hold SET expires_at = now() - interval '1 second' WHERE stock_item_id = (SELECT id FROM stock_item WHERE sku = $1)`,
      [sku],
    );
    const rival = { channel: 'WEB', currencyCode: 'EUR', lines: [{ sku }] };
    expect((await shop.saleOpen(rival)).__typename).toBe('SaleOpenSuccess');
    await processes.arm(point);
    await expect(pos.saleExchange(input)).rejects.toThrow();
    await pos.exited;
    pos = await start();
    await becomes({ status: 'VOIDED', ...none });
    expect((await pos.saleExchange(input)).__typename).toBe('SaleClaimLost');
    await becomes({ status: 'VOIDED', ...none });
  },
);
