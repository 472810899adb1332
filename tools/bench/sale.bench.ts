import type { Bench, BenchOptions, Figures } from './bench.ts';
import { withSystem } from './bench-system.ts';
import { createSkus } from './catalogue.ts';
import { inWords } from './cpu.ts';
import { salePathNames, salePaths, type SalePathName } from './sale/paths.ts';
import { createSaleLoad, medianRow, type SaleRow } from './sale/sale-load.ts';

const clients = 8;
const figureOf = {
  ...{ basket: 'cpuMsPerSale', two: 'cpuMsTwoCalls', one: 'cpuMsOneCall' },
  ...{ five: 'cpuMsFiveLines', back: 'cpuMsWithReturn' },
} as const;

/**
 * Paid sales through the gateway, by every path that a sale can take: in turns on one system, so
 * that what the machine does to one path it does to the others. `--grid 1` adds one hot SKU and other
 * numbers of clients.
 */
export const saleBench: Bench = {
  help: 'CPU of a paid sale by path, split by process [--path basket|two|one|five|back --rounds 3 --seconds 6 --skus 1000 --grid 0]',
  async run(options) {
    const paths = pathsOf(options);
    const skuCount = options.number('skus', 1000);
    const seconds = options.number('seconds', 6);
    const rounds = options.number('rounds', 3);
    const hasGrid = options.number('grid', 0) > 0;
    return withSystem(async (bench) => {
      const skus = await createSkus(bench.shop, skuCount);
      const sales = await createSaleLoad(bench);
      const measured = async (part: string[], path: SalePathName, count = clients) => {
        const row = await sales.run({ path, skus: part, clients: count, seconds });
        report(options, row);
        return row;
      };
      for (const path of paths) {
        options.say(`path ${path}: ${salePaths[path].calls}`);
        await sales.run({ path, skus, clients, seconds });
      }
      const idleCpuMsPerS = await sales.measureIdle();
      options.say(`at rest: ${idleCpuMsPerS} CPU-ms a second`);
      const rows: SaleRow[] = [];
      for (let round = 0; round < rounds; round += 1)
        for (const path of paths) rows.push(await measured(skus, path));
      const grid: SaleRow[] = [];
      if (hasGrid)
        for (const path of paths)
          for (const part of [skus.slice(0, 1), skus])
            for (const count of [1, 8, 32]) grid.push(await measured(part, path, count));
      await bench.assertSound();
      const headline = `${skuCount} SKUs, ${clients} clients, median of ${rounds}`;
      return { ...figures(options, { paths, rows }), idleCpuMsPerS, headline, grid };
    });
  },
};

function pathsOf(options: BenchOptions): SalePathName[] {
  const path = options.oneOf('path', salePathNames);
  return path ? [path] : salePathNames;
}

function figures(
  options: BenchOptions,
  { paths, rows }: { paths: SalePathName[]; rows: SaleRow[] },
): Figures {
  const medians = paths.map((path) => medianRow(rows.filter((row) => row.path === path)));
  options.say('medians:');
  for (const row of medians) report(options, row);
  const [first] = medians;
  return {
    ...Object.fromEntries(medians.map((row) => [figureOf[row.path], row.cpuMsPerSale])),
    salesPerS: first!.perSecond,
    p99Ms: first!.p99Ms,
    path: first!.path,
    medians,
  };
}

function report({ say }: BenchOptions, row: SaleRow): void {
  say(
    `${row.path}, ${row.skus} SKU(s), ${row.clients} client(s): ${row.perSecond} sales/s, ` +
      `p50 ${row.p50Ms} ms, p95 ${row.p95Ms}, p99 ${row.p99Ms}; ${row.cpuMsPerSale} CPU-ms a sale, ` +
      `${row.cpuMsAboveIdle} above idle (${inWords(row.cpuMsBy)})`,
  );
}
