import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cases } from '@onecount/testing';
import { startCatalog, type Catalog } from '../../test/catalog.ts';
import { importReport, startImport } from '../../test/import.ts';

let catalog: Catalog;
let folder: string;
beforeAll(async () => {
  catalog = await startCatalog({ uploadBytesMax: 20_000_000 });
  folder = await mkdtemp(join(tmpdir(), 'onecount-memory-'));
});
afterAll(async () => {
  await catalog.stop();
  await rm(folder, { recursive: true, force: true });
});

const perProduct = 20;
// Without a limit it is V8 that says when to collect: the heap of 10 MB grows by 200 MB of which little is in use. What
// an import of any size needs beside the modules is in here; the process ends by itself where it is not enough.
const heap = '--max-old-space-size=112';

function fileOf(megabytes: number): string {
  const lines = [
    'Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty',
  ];
  const text = 'word '.repeat(1_600);
  for (let bytes = 0, row = 0; bytes < megabytes * 1e6; row += 1) {
    const own = row % perProduct === 0 ? `Product ${row},<p>${text}</p>` : ',';
    const [product, size] = [Math.floor(row / perProduct), row % perProduct];
    const line = `${megabytes}-${product},${own},Size,S${size},${megabytes}-${row},10.50,3`;
    lines.push(line);
    bytes += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

// In a campaign 10 MB; in `npm test` enough to see that nothing is kept of what is done.
it.each(cases({ together: [0.5], alone: [0.5, 10] }))(
  'an import of %d MB takes no more memory than what is under way',
  async (megabytes) => {
    const importId = await startImport(catalog, fileOf(megabytes));
    const memoryFile = join(folder, 'memory.json');
    const options = { url: catalog.database.url, uploadDir: catalog.uploadDir, memoryFile };
    const script = join(import.meta.dirname, '../../test/import-child.ts');
    const child = spawn(process.execPath, [heap, script, JSON.stringify(options)], {
      stdio: 'inherit',
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await importReport(catalog, importId)).toMatchObject({
      status: 'COMPLETED',
      totals: { rowErrors: 0, productsRefused: 0 },
    });
    const { rssMbBefore, rssMbMax } = JSON.parse(await readFile(memoryFile, 'utf8')) as Memory;
    expect(rssMbMax - rssMbBefore).toBeLessThan(130);
  },
);

type Memory = { rssMbBefore: number; rssMbMax: number };
