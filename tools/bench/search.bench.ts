import { join } from 'node:path';
import { createDatabase, type Database } from '@onecount/db';
import {
  createServiceDatabase,
  databaseUrl,
  migrateService,
  provisionDatabases,
  rolesOf,
  startPostgres,
  tenantA,
} from '@onecount/local-stack';
import pg from 'pg';
import { searchProducts } from '../../apps/catalog/src/search/search.service.ts';
import { placeOf, sortOf } from '../../apps/catalog/src/search/search.ts';
import { variantsByCode, variantsBySku } from '../../apps/catalog/src/variant/variant.sql.ts';
import { temporaryHome } from '../temporary-home.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { undone } from './cleanup.ts';
import { round, summary } from './load.ts';
import {
  barcodeOf,
  generateCatalogue,
  queriesFor,
  skuOf,
  variantsPerProduct,
} from './search/generated-catalogue.ts';

type Catalogue = { db: Database; products: number };
const passwordOf = (role: string): string => `bench-${role}`;
const smallRows = 1_000;

/** The catalog's own reads, as its resolvers ask them, on two databases in turn: a noisy moment meets both. */
export const searchBench: Bench = {
  help: 'exact and text look-ups among 1,000 and many variants [--rows 1000000 --rounds 2000]',
  async run(options) {
    const home = await temporaryHome('bench');
    return undone(home.remove, async () => {
      const dataDir = join(home.path, 'postgres');
      const postgres = await startPostgres({ dataDir, password: 'bench' });
      return undone(
        () => postgres.stop(),
        async () => {
          const rows = options.number('rows', 1_000_000);
          const small = await catalogueOf(postgres.adminUrl(), { rows: smallRows, options });
          const large = await catalogueOf(postgres.adminUrl(), { rows, options });
          const figures = await measure({ small, large }, options.number('rounds', 2_000));
          await Promise.all([small.db.close(), large.db.close()]);
          return { ...figures, rows };
        },
      );
    });
  },
};

async function catalogueOf(
  adminUrl: string,
  { rows, options }: { rows: number; options: BenchOptions },
): Promise<Catalogue> {
  const roles = { ...rolesOf('catalog'), database: `bench_search_${rows}` };
  await provisionDatabases({ adminUrl, services: ['catalog'], passwordOf, isRolesOnly: true });
  await asAdmin(adminUrl, (client) => createServiceDatabase(client, roles));
  const urlFor = (role: string) => databaseUrl(adminUrl, role, passwordOf(role), roles.database);
  await migrateService('catalog', { ownerUrl: urlFor(roles.ownerRole), role: roles.role });
  const own = new URL(adminUrl);
  own.pathname = `/${roles.database}`;
  const products = await asAdmin(own.href, (client) =>
    generateCatalogue(client, { variants: rows, say: options.say }),
  );
  const db = await createDatabase({
    url: urlFor(roles.role),
    applicationName: 'bench search',
    poolMax: 2,
    onPoolError: (err) => options.say(err.message),
  });
  return { db, products };
}

async function asAdmin<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function measure({ small, large }: Record<'small' | 'large', Catalogue>, rounds: number) {
  const times = { code: [] as number[], codeSmall: [] as number[], text: [] as number[] };
  for (let round = -100; round < rounds; round += 1) {
    const [codeSmall, code] = [await timed(() => lookUp(small)), await timed(() => lookUp(large))];
    const text = await timed(() => find(large, round));
    if (round < 0) continue;
    times.code.push(code);
    times.codeSmall.push(codeSmall);
    times.text.push(text);
  }
  const [code, codeSmall, text] = [times.code, times.codeSmall, times.text].map(summary);
  return {
    codeP99Ratio: round(code!.p99Ms / codeSmall!.p99Ms),
    textP99Ms: text!.p99Ms,
    codeP99Ms: code!.p99Ms,
    codeP99MsAtThousand: codeSmall!.p99Ms,
    textP50Ms: text!.p50Ms,
  };
}

/** By barcode, as a public shop does, or by SKU. */
async function lookUp({ db, products }: Catalogue): Promise<void> {
  const [n, v] = [whole(products), whole(variantsPerProduct)];
  const found = await db.readOne(tenantA, (tx) =>
    v % 2 === 0
      ? variantsByCode(tx, false, [barcodeOf(n, v)])
      : variantsBySku(tx, false, [skuOf(n, v)]),
  );
  if (found[0]?.sku !== skuOf(n, v)) throw new Error(`${skuOf(n, v)} was not found`);
}

async function find({ db, products }: Catalogue, round: number): Promise<void> {
  const queries = queriesFor(whole(products));
  const query = queries[Math.abs(round) % queries.length]!;
  const sort = sortOf(undefined);
  const page = { sort, place: placeOf(sort, undefined), limit: 21 };
  const found = await db.read(tenantA, (tx) =>
    searchProducts(tx, { query, filter: {}, isPublic: false }, page),
  );
  if (found.length === 0) throw new Error(`nothing was found by ${query}`);
}

const whole = (below: number): number => Math.floor(Math.random() * below);

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
