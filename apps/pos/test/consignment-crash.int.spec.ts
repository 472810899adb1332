import { randomUUID } from 'node:crypto';
import { eventually } from '@onecount/testing';
import { consignmentsOf } from './consignment.harness.ts';
import { customersOf } from './customer.harness.ts';
import { startProcesses } from './pos-process.ts';
import { startShop, type Shop } from './shop.harness.ts';

// A pos process dies by SIGKILL while a piece goes back to its owner; another one takes over.

let shop: Shop;
let processes: Awaited<ReturnType<typeof startProcesses>>;
beforeAll(async () => {
  // The process under test does everything: the one of the harness never sweeps.
  shop = await startShop({ SWEEP_INTERVAL_MS: '3600000' });
  processes = await startProcesses(shop);
});
afterEach(() => processes.endAll());
afterAll(async () => {
  await processes?.stop();
  await shop?.stop();
});

async function consigned(serial: string) {
  const sku = `PIECE-${serial}`;
  await shop.product({ sku, tracking: 'SERIAL', serial });
  const { id: ownerId } = (await customersOf(shop).create({ name: 'Ada Keller' }))['customer'];
  const consign = consignmentsOf(shop);
  const terms = { ownerId, currencyCode: 'EUR', ownerSharePercent: '60' };
  const agreementId = (await consign.open(terms))['agreement'].id as string;
  const pieceId = (await consign.add({ agreementId, sku, serial }))['piece'].id as string;
  return { sku, serial, pieceId };
}

const pieceOf = async (id: string) => {
  const [row] = await shop.rows(
    'pos',
    `SELECT p.returning_quantity AS returning, p.returned_quantity AS returned, array_agg(r.status) AS returns
       FROM consignment_piece p JOIN consignment_return r ON r.piece_id = p.id WHERE p.id = $1 GROUP BY 1, 2`,
    [id],
  );
  return row;
};

it.each(['consignment-return.after-commit', 'consignment-return.after-answer'] as const)(
  'dies at %s: the piece has left once, and the same key says so',
  async (point) => {
    const { pieceId } = await consigned(point);
    const input = { pieceId, idempotencyKey: randomUUID() };
    const first = await processes.start();
    await processes.arm(point);
    await expect(consignmentsOf(first).giveBack(input)).rejects.toThrow();
    await first.exited;
    expect(await pieceOf(pieceId)).toEqual({ returning: 1, returned: 0, returns: ['PENDING'] });
    const second = await processes.start();
    await eventually(async () => {
      expect(await pieceOf(pieceId)).toEqual({ returning: 0, returned: 1, returns: ['RETURNED'] });
      return true;
    });
    const again = await consignmentsOf(second).giveBack(input);
    expect(again['consignmentReturn']).toMatchObject({ status: 'RETURNED' });
    const moved = await shop.rows(
      'inventory',
      'SELECT quantity FROM movement WHERE reference_id = $1',
      [again['consignmentReturn'].id],
    );
    expect(moved).toEqual([{ quantity: -1 }]);
  },
);

it('dies while the piece is in a basket: it stays, and can be sold', async () => {
  const { sku, serial, pieceId } = await consigned('held');
  const lines = [{ sku, serial }];
  await shop.saleOpen({ channel: 'WEB', currencyCode: 'EUR', lines });
  const first = await processes.start();
  await processes.arm('consignment-return.after-answer');
  const input = { pieceId, idempotencyKey: randomUUID() };
  await expect(consignmentsOf(first).giveBack(input)).rejects.toThrow();
  await first.exited;
  const second = await processes.start();
  await eventually(async () => {
    expect(await pieceOf(pieceId)).toEqual({ returning: 0, returned: 0, returns: ['REFUSED'] });
    return true;
  });
  expect((await consignmentsOf(second).giveBack(input)).__typename).toBe('ConsignmentPieceStays');
});
