import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createImportApi, type ImportState } from '../import/api.ts';
import { temporaryHome } from '../temporary-home.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { withSystem, type BenchSystem } from './bench-system.ts';
import { undone } from './cleanup.ts';
import { cpuBetween, inWords, rssMb } from './cpu.ts';
import { writeProductFile } from './import/product-file.ts';
import { round } from './load.ts';

const lookEveryMs = 200;
/** A million rows are 170 MB. */
const settings = { UPLOAD_BYTES_MAX: String(1024 ** 3) };

/**
 * A file of products is uploaded and imported through the gateway, opening stock included. The time goes from the upload to
 * the end of the import, the memory is the catalog's highest above what it had before.
 */
export const importBench: Bench = {
  help: 'a file of products with opening stock [--rows 100000 --perProduct 20]',
  async run(options) {
    const folder = await temporaryHome('bench-file');
    return undone(folder.remove, () =>
      withSystem((bench) => measure(bench, { folder: folder.path, options }), settings),
    );
  },
};

async function measure(
  { system, drained, cpu }: BenchSystem,
  { folder, options }: { folder: string; options: BenchOptions },
) {
  const rows = options.number('rows', 100_000);
  const perProduct = options.number('perProduct', 20);
  const path = join(folder, 'products.csv');
  const sizeBytes = await writeProductFile(path, { rows, perProduct });
  await drained();
  const api = createImportApi({ graphqlUrl: system.graphqlUrl, token: system.tokens.owner });
  const pid = system.services['catalog'].pid()!;
  const before = { at: performance.now(), cpu: cpu(), rssMb: rssMb(pid) };
  const spent = () => inWords(cpuBetween(before.cpu, cpu()));
  const upload = await api.createUpload({ filename: 'products.csv', sizeBytes });
  await api.put(upload, { path, sizeBytes }, () => undefined);
  const id = await api.start({
    ...{ uploadId: upload.id, locationCode: 'HQ', currencyCode: 'USD' },
  });
  const { state, rssMbMax } = await followed(() => api.state(id), pid);
  const seconds = (performance.now() - before.at) / 1000;
  const rssGrowthMb = Math.round(rssMbMax - before.rssMb);
  options.say(`${round(seconds)} s, ${rssGrowthMb} MB; CPU-ms: ${spent()}`);
  await drained();
  options.say(`CPU-ms when everything is applied everywhere: ${spent()}`);
  const drainedSeconds = (performance.now() - before.at) / 1000;
  assertWhole(state, rows);
  return {
    ...{ variants: state.totals.variantsImported, products: state.totals.productsCreated },
    ...{ seconds: round(seconds), variantsPerSecond: Math.round(rows / seconds) },
    ...{ rssGrowthMb, drainedSeconds: round(drainedSeconds) },
    ...{ fileMb: round(sizeBytes / 1e6), unitsReceived: state.totals.unitsReceived },
  };
}

async function followed(stateOf: () => Promise<ImportState>, pid: number) {
  for (let rssMbMax = 0; ; await delay(lookEveryMs)) {
    const state = await stateOf();
    rssMbMax = Math.max(rssMbMax, rssMb(pid));
    if (state.status !== 'QUEUED' && state.status !== 'RUNNING') return { state, rssMbMax };
  }
}

function assertWhole({ status, failure, totals }: ImportState, rows: number): void {
  if (status === 'COMPLETED' && totals.variantsImported === rows && totals.rowErrors === 0) return;
  throw new Error(`the import is not whole: ${JSON.stringify({ status, failure, totals })}`);
}
