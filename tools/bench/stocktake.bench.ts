import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createDatabase, type Database } from '@onecount/db';
import { tenantA } from '@onecount/local-stack';
import { isRefusal, type Refusal } from '@onecount/refusal';
import { createStocktakeScanService } from '../../apps/inventory/src/documents/stocktake/stocktake-scan.service.ts';
import { createStocktakeService } from '../../apps/inventory/src/documents/stocktake/stocktake.service.ts';
import { analyze } from './analyze.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { withSystem, type BenchSystem } from './bench-system.ts';
import { createSkus } from './catalogue.ts';
import { round, summary } from './load.ts';
import { countedAt, fillCountedStock } from './stocktake/counted-stock.ts';

const caller = {
  tenantId: tenantA,
  subject: 'bench',
  scopes: new Set(['stock:write']),
  issuer: 'gateway',
};
const soldSkus = 500;
const batchSize = 10_000;
/** Sales run from before the count until after the posting. */
const leadMs = 2_000;

/**
 * Everything at HQ is counted and posted while people buy through the gateway what is counted. Of the counted
 * lines --differing percent differ, those of the sold SKUs among them as of all: these are what a sale waits for.
 * The posting runs in this process, so that it is the database's time and not the gateway's.
 */
export const stocktakeBench: Bench = {
  help: 'a count posted while sales go on [--lines 100000 --differing 2 --sales 50]',
  async run(options) {
    return withSystem(async (bench) => {
      const url = bench.system.databases['inventory']!.url;
      const db = await createDatabase({
        url,
        applicationName: 'bench',
        poolMax: 4,
        onPoolError: (err) => options.say(err.message),
      });
      try {
        return await measure(bench, { db, url, options });
      } finally {
        await db.close();
      }
    });
  },
};

type Setup = { db: Database; url: string; options: BenchOptions };

async function measure(bench: BenchSystem, { db, url, options }: Setup) {
  const lines = options.number('lines', 100_000);
  const skus = await createSkus(bench.shop, Math.min(soldSkus, lines));
  await fillCountedStock(url, { tenantId: tenantA, items: lines - skus.length });
  await bench.drained();
  await analyze(bench.system.postgres.adminUrl(bench.system.databases['inventory']!.database));
  const sales = await startSales(bench, { skus, perSecond: options.number('sales', 50) });
  const soldFrom = performance.now();
  const reviewed = await countAll(db, { url, differing: options.number('differing', 2) });
  options.say(`reviewed ${lines} lines in ${reviewed.reviewS} s`);
  await delay(leadMs);
  const startedAt = performance.now();
  const posted = done(
    await createStocktakeService({ db }).post(caller, {
      stocktakeId: reviewed.stocktakeId,
      idempotencyKey: randomUUID(),
    }),
  );
  const postS = round((performance.now() - startedAt) / 1000);
  await delay(leadMs);
  const soldS = (performance.now() - soldFrom) / 1000;
  const sold = await sales.stop();
  for (const refusal of sold.refusals.slice(0, 3)) options.say(refusal);
  await assertLedger(bench);
  return {
    postS,
    salesRefused: sold.refusals.length,
    lines,
    movements: posted.movements,
    reviewS: reviewed.reviewS,
    salesPerS: round(sold.latencies.length / soldS),
    saleP50Ms: summary(sold.latencies).p50Ms,
    saleMaxMs: round(Math.max(...sold.latencies)),
  };
}

async function countAll(db: Database, of: { url: string; differing: number }) {
  const stocktakes = createStocktakeService({ db });
  const counted = await countedAt(of.url, tenantA);
  const key = () => ({ idempotencyKey: randomUUID() });
  const { locationId } = counted[0]!;
  const { stocktakeId } = done(await stocktakes.create(caller, { locationId, ...key() }));
  const step = 100 / of.differing;
  for (let from = 0; from < counted.length; from += batchSize) {
    const scannedAt = new Date().toISOString();
    const scans = counted.slice(from, from + batchSize).map(({ sku, onHand }, index) => ({
      code: sku,
      // Spread evenly: the sold SKUs stand together.
      quantity: Math.floor((index + 1) / step) > Math.floor(index / step) ? onHand - 1 : onHand,
      scannedAt,
    }));
    const batch = { stocktakeId, device: 'bench', batchKey: String(from), scans, ...key() };
    done(await createStocktakeScanService({ db }).scan(caller, batch));
  }
  const startedAt = performance.now();
  done(await stocktakes.review(caller, { stocktakeId, ...key() }));
  return { stocktakeId, reviewS: round((performance.now() - startedAt) / 1000) };
}

/** An even stream, however long a sale takes: a stall of stock shows as a queue and not as fewer sales. */
async function startSales(bench: BenchSystem, of: { skus: string[]; perSecond: number }) {
  const registerIds: string[] = [];
  for (let n = 0; n < 20; n += 1) registerIds.push(await bench.shop.openRegister());
  const latencies: number[] = [];
  const refusals: string[] = [];
  const underWay = new Set<Promise<void>>();
  let turn = 0;
  const buy = async (): Promise<void> => {
    turn += 1;
    const startedAt = performance.now();
    const registerId = registerIds[turn % registerIds.length];
    const sku = of.skus[(turn * 7919) % of.skus.length]!;
    try {
      const sold = await bench.shop.buy({ channel: 'COUNTER', registerId, sku });
      if (sold.__typename === 'SaleCommitSuccess') latencies.push(performance.now() - startedAt);
      else refusals.push(JSON.stringify(sold));
    } catch (err) {
      refusals.push(String(err));
    }
  };
  const timer = setInterval(() => {
    const sale: Promise<void> = buy().finally(() => underWay.delete(sale));
    underWay.add(sale);
  }, 1000 / of.perSecond);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      return { latencies, refusals };
    },
  };
}

// Not of the other services' copies: the items that were filled in below the services were never published.
async function assertLedger({ sources }: BenchSystem): Promise<void> {
  const wrong = await sources.rows(
    'inventory',
    `SELECT l.stock_item_id FROM level l
     JOIN (SELECT m.stock_item_id, m.location_id, sum(m.quantity) AS moved FROM movement m WHERE m.tenant_id = $1 GROUP BY 1, 2) m
       ON m.stock_item_id = l.stock_item_id AND m.location_id = l.location_id
     WHERE l.tenant_id = $1 AND l.on_hand <> m.moved LIMIT 5`,
    [tenantA],
  );
  if (wrong.length > 0)
    throw new Error(`levels differ from their movements: ${JSON.stringify(wrong)}`);
}

function done<T extends object>(result: T): Exclude<T, Refusal> {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result as Exclude<T, Refusal>;
}
