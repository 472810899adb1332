import { sample, type Outcome, type Piece } from '@onecount/testing';
import type { Tenant } from '../support/test-system.ts';
import { isSold, raceForOnePiece, raceForQuantity, waysOf } from '../support/race.ts';

const { numRuns: rounds } = sample({ runs: 60, full: 200 });
const { numRuns: recordRounds } = sample({ runs: 20, full: 200 });
const { numRuns: quantityRounds } = sample({ runs: 4, full: 10 });

/** Nothing is left of as many races but what was sold. */
const allSold = (pieces: number) => ({
  ...{ pending: 0, holds: 0, on_hand: 0 },
  ...{ movements: pieces, sold_units: pieces, events: pieces, receipts: pieces },
});

const refusals = (outcomes: Outcome[]) => outcomes.filter((outcome) => !isSold(outcome));

function expectNamesPiece(outcome: Outcome, piece: Piece): void {
  expect(outcome.__typename).toMatch(
    /^(InsufficientStock|UnitNotAvailable|SaleClaimLost|SaleLinesRefused)$/,
  );
  expect(JSON.stringify(outcome)).toContain(piece.sku);
}

export function saleRaceTests(tenant: () => Tenant): void {
  test(`20 buyers, one piece, ${rounds} rounds: one sale, nineteen refusals that name the piece`, async () => {
    const registerId = await tenant().shop.openRegister();
    for (let round = 0; round < rounds; round++) {
      const { piece, outcomes } = await raceForOnePiece(tenant().shop, { registerId, buyers: 20 });
      const refused = refusals(outcomes);
      expect(outcomes).toHaveLength(20);
      expect(refused).toHaveLength(19);
      for (const outcome of refused) expectNamesPiece(outcome, piece);
    }
    expect(await tenant().host.violations()).toEqual([]);
    expect(await leftOvers(tenant())).toEqual(allSold(rounds));
  });

  test.each(['records', 'mixed'] as const)(
    `20 buyers, one piece, ${recordRounds} rounds by %s: one sale, however it is bought`,
    async (ways) => {
      const registerId = await tenant().shop.openRegister();
      const before = await leftOvers(tenant());
      for (let round = 0; round < recordRounds; round++) {
        const { piece, outcomes } = await raceForOnePiece(tenant().shop, {
          ...{ registerId, buyers: 20, ways: waysOf[ways] },
        });
        const refused = refusals(outcomes);
        expect(refused).toHaveLength(19);
        for (const outcome of refused) expectNamesPiece(outcome, piece);
      }
      expect(await tenant().host.violations()).toEqual([]);
      expect(await leftOvers(tenant())).toEqual(allSold(before['movements']! + recordRounds));
    },
  );

  test.each(['baskets', 'mixed'] as const)(
    '40 buyers of 1 to 3 units and a stock of 7, by %s: never below zero, the sum is exact',
    async (ways) => {
      const registerId = await tenant().shop.openRegister();
      for (let round = 0; round < quantityRounds; round++) {
        const { piece, bought } = await raceForQuantity(tenant().shop, {
          registerId,
          buyers: 40,
          stock: 7,
          ways: waysOf[ways],
        });
        await tenant().host.drained();
        const [level] = await tenant().host.sources.rows<{ on_hand: number; committed: number }>(
          'inventory',
          `SELECT l.on_hand, l.committed FROM level l JOIN stock_item i
         ON i.tenant_id = l.tenant_id AND i.id = l.stock_item_id WHERE i.tenant_id = $1 AND i.sku = $2`,
          [tenant().tenantId, piece.sku],
        );
        // A buyer of 3 may be refused while 1 is left, so the rest is what no refused buyer would have taken.
        expect(level).toEqual({ on_hand: 7 - bought, committed: 0 });
        expect(bought).toBe(7);
      }
      expect(await tenant().host.violations()).toEqual([]);
    },
  );
}

async function leftOvers({ tenantId, host }: Tenant): Promise<Record<string, number>> {
  const [stock] = await host.sources.rows(
    'inventory',
    `SELECT (SELECT count(*) FROM hold WHERE tenant_id = $1 AND status = 'LIVE') AS holds,
            (SELECT sum(on_hand) FROM level WHERE tenant_id = $1) AS on_hand,
            (SELECT count(*) FROM movement WHERE tenant_id = $1 AND reason = 'SALE') AS movements,
            (SELECT count(*) FROM serial_unit WHERE tenant_id = $1 AND status = 'SOLD') AS sold_units`,
    [tenantId],
  );
  const [sales] = await host.sources.rows(
    'pos',
    `SELECT (SELECT count(*) FROM sale WHERE tenant_id = $1 AND status = 'PENDING') AS pending,
            (SELECT count(*) FROM outbox WHERE tenant_id = $1 AND type = 'pos.sale-committed') AS events,
            (SELECT count(DISTINCT receipt_number) FROM sale WHERE tenant_id = $1) AS receipts`,
    [tenantId],
  );
  return { ...stock, ...sales } as Record<string, number>;
}
