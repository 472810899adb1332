import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startPostgres, tenantA } from '@onecount/local-stack';
import {
  selectStockAtPage,
  selectStockTotals,
} from '../../apps/inventory/src/maintenance/balance/balance.sql.ts';
import { createHoldService } from '../../apps/inventory/src/kernel/hold/hold.service.ts';
import { explained } from '../../apps/inventory/src/kernel/stock-item/explain.ts';
import { selectExplanation } from '../../apps/inventory/src/kernel/stock-item/explain.sql.ts';
import { readStockItems } from '../../apps/inventory/src/kernel/stock-item/stock-item.sql.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { temporaryHome } from '../temporary-home.ts';
import { undone } from './cleanup.ts';
import { round, runLoad, summary } from './load.ts';
import { skuOf, createStockedDatabase, type StockedDatabase } from './scale/stocked-database.ts';

const poolMax = 10;
const clients = 4;
const smallItems = 1_000;

/**
 * The same operations on two databases of one server, in turns: a shop of 1,000 items and one of a million with
 * ten million movements, both with their real schema. Every operation takes an item at random.
 */
export const scaleBench: Bench = {
  help: 'p99 of hold and explain with many items against 1,000 [--items 1000000 --movements 10000000 --seconds 5 --turns 4]',
  async run(options) {
    const items = options.number('items', 1_000_000);
    const movements = options.number('movements', items * 10);
    const home = await temporaryHome('bench');
    return undone(home.remove, async () => {
      const dataDir = join(home.path, 'postgres');
      const postgres = await startPostgres({ dataDir, password: 'bench' });
      return undone(
        () => postgres.stop(),
        async () => {
          const { say } = options;
          const more = { poolMax, say };
          const perItem = Math.max(1, Math.round(movements / items));
          const small = { items: smallItems, movements: smallItems * perItem, ...more };
          const databases = [
            await createStockedDatabase(postgres.adminUrl(), 'small', small),
            await createStockedDatabase(postgres.adminUrl(), 'large', {
              items,
              movements,
              ...more,
            }),
          ];
          try {
            return await measure(databases, options);
          } finally {
            await Promise.all(databases.map(({ db }) => db.close()));
          }
        },
      );
    });
  },
};

type Operation = (stocked: StockedDatabase) => Promise<void>;

async function measure([small, large]: StockedDatabase[], options: BenchOptions) {
  const hold = await inTurns([small!, large!], options, holdOn());
  const explain = await inTurns([small!, large!], options, explainOn);
  const totals = await inTurns([large!], options, totalsOn);
  const page = await inTurns([large!], options, pageOn);
  return {
    holdP99Ratio: round(hold[1]!.p99Ms / hold[0]!.p99Ms),
    explainP99Ratio: round(explain[1]!.p99Ms / explain[0]!.p99Ms),
    stockAtMs: Math.max(totals[0]!.p99Ms, page[0]!.p99Ms),
    items: large!.items,
    movements: large!.movements,
    rows: { hold, explain, stockTotalsAt: totals, stockAtPage: page },
  };
}

/** A, B, A, B: what the machine does to one it does to the other. */
async function inTurns(databases: StockedDatabase[], options: BenchOptions, operation: Operation) {
  const latencies = databases.map((): number[] => []);
  const turn = async (index: number, seconds: number): Promise<void> => {
    await runLoad({ clients, seconds }, async () => {
      const begunAt = performance.now();
      await operation(databases[index]!);
      latencies[index]!.push(performance.now() - begunAt);
    });
  };
  for (const index of databases.keys()) await turn(index, 2);
  for (const each of latencies) each.length = 0;
  for (let n = 0; n < options.number('turns', 4); n += 1)
    for (const index of databases.keys()) await turn(index, options.number('seconds', 5));
  return latencies.map(summary);
}

const randomSku = ({ items }: StockedDatabase): string =>
  skuOf(1 + Math.floor(Math.random() * items));

function holdOn(): Operation {
  const caller = { tenantId: tenantA, subject: 'bench', scopes: new Set(['stock:write']) };
  const input = { quantity: 1, kind: 'SOFT' as const, holdSeconds: 900, purpose: 'BASKET' };
  const services = new Map<StockedDatabase, ReturnType<typeof createHoldService>>();
  return async (stocked) => {
    const holds = services.get(stocked) ?? createHoldService({ db: stocked.db, inFlightMax: 6 });
    services.set(stocked, holds);
    const asked = { ...input, sku: randomSku(stocked), idempotencyKey: randomUUID() };
    const outcome = await holds.create(caller, asked);
    if (!('hold' in outcome)) throw new Error(JSON.stringify(outcome));
  };
}

const explainOn: Operation = async (stocked) => {
  const [item] = await readStockItems(stocked.db, tenantA, { skus: [randomSku(stocked)] });
  const of = { stockItemId: item!.id, locationId: null, at: null };
  const facts = await stocked.db.read(tenantA, (tx) => selectExplanation(tx, of));
  if (!facts.every((each) => explained(each).isConsistent)) throw new Error(JSON.stringify(facts));
};

/** Some instant of the year. */
const someInstant = (): string =>
  new Date(Date.now() - 60_000 - Math.random() * 360 * 86_400_000).toISOString();

const totalsOn: Operation = async ({ db }) => {
  const of = { at: someInstant(), locationId: null };
  const totals = await db.read(tenantA, (tx) => selectStockTotals(tx, of));
  if (totals.length !== 5) throw new Error(JSON.stringify(totals));
};

const pageOn: Operation = async ({ db }) => {
  const page = { at: someInstant(), locationId: null, after: undefined, limit: 101 };
  const rows = await db.read(tenantA, (tx) => selectStockAtPage(tx, page));
  if (rows.length !== 101) throw new Error(`${rows.length} rows`);
};
