import { join } from 'node:path';
import { startPostgres } from '@onecount/local-stack';
import { Pool } from 'undici';
import type { Bench, BenchOptions } from './bench.ts';
import { temporaryHome } from '../temporary-home.ts';
import { deployedEnv } from './bench-system.ts';
import { startServer } from './child.ts';
import { undone } from './cleanup.ts';
import { cpuBetween, perOperation, readCpu } from './cpu.ts';
import { runLoad } from './load.ts';
import { skuOf, createStockedDatabase } from './scale/stocked-database.ts';

const perPage = 100;
const places = 5;
const source = `query Page($after: String) { stockItems(first: ${perPage}, after: $after) { nodes {
  id sku title levels { location { code } onHand committed available } } } }`;

/** A page of 100 items with their levels at five locations, anywhere in the list, from the subgraph's HTTP. */
export const levelPageBench: Bench = {
  help: 'a page of 100 items with 5 levels each from inventory [--items 20000 --clients 1 --seconds 10]',
  async run(options) {
    const items = options.number('items', 20_000);
    const home = await temporaryHome('bench');
    return undone(home.remove, async () => {
      const postgres = await startPostgres({
        dataDir: join(home.path, 'postgres'),
        password: 'bench',
      });
      return undone(
        () => postgres.stop(),
        async () => {
          const size = { items, movements: items * places * 2, places };
          const more = { poolMax: 2, say: options.say };
          const stocked = await createStockedDatabase(postgres.adminUrl(), 'page', {
            ...size,
            ...more,
          });
          await stocked.db.close();
          return measure({ databaseUrl: stocked.url, items, postgres: postgres.pid() }, options);
        },
      );
    });
  },
};

type Subject = { databaseUrl: string; items: number; postgres: number };

async function measure({ databaseUrl, items, postgres }: Subject, options: BenchOptions) {
  const server = await startServer(join(import.meta.dirname, 'level-page/subgraph.ts'), {
    ...deployedEnv,
    DATABASE_URL: databaseUrl,
    EVENT_LOG_URL: databaseUrl,
    INTERNAL_TRUSTED_KEYS: '{"keys":[]}',
  });
  const clients = options.number('clients', 1);
  const pool = new Pool(new URL(server.url).origin, { connections: clients });
  const ask = () => page(pool, Math.floor(Math.random() * (items - perPage)));
  try {
    await runLoad({ clients, seconds: 3 }, ask);
    const pids = { inventory: server.pid, postgres };
    const before = readCpu(pids);
    const result = await runLoad({ clients, seconds: options.number('seconds', 10) }, ask);
    const cpuMsBy = perOperation(cpuBetween(before, readCpu(pids)), result.operations);
    const { p50Ms, p99Ms, operations: pages } = result;
    return { p50Ms, p99Ms, pages, items, clients, cpuMsBy };
  } finally {
    await pool.close();
    await server.stop();
  }
}

async function page(pool: Pool, from: number): Promise<void> {
  const after = Buffer.from(JSON.stringify([skuOf(from)])).toString('base64url');
  const { body } = await pool.request({
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer bench' },
    body: JSON.stringify({ query: source, variables: { after } }),
  });
  const text = await body.text();
  const levels = text.split('"available"').length - 1;
  if (levels !== perPage * places) throw new Error(`${levels} levels: ${text.slice(0, 500)}`);
}
