// A process of its own that runs one import, for a test to kill or to weigh: node import-child.ts <options as JSON>
import { appendFileSync, writeFileSync } from 'node:fs';
import { createDatabase } from '@onecount/db';
import { createLogger } from '@onecount/telemetry';
import { createImportRunner } from '../src/product-import/import-runner.ts';
import { createInventoryClient } from '../src/stock-command/inventory.client.ts';
import { createStockCommandService } from '../src/stock-command/stock-command.service.ts';
import { createUploadStore } from '../src/upload/upload.store.ts';
import { definition } from '../src/service.ts';
import { inventoryStub } from './inventory-stub.ts';

type Options = { url: string; uploadDir: string; receiptsFile?: string; memoryFile?: string };
const { url, uploadDir, receiptsFile, memoryFile } = JSON.parse(process.argv[2] ?? '') as Options;

const db = await createDatabase({
  url,
  applicationName: 'import child',
  poolMax: 4,
  entities: definition.entities,
  onPoolError: () => undefined,
});
const stub = inventoryStub();
const client = createInventoryClient({
  // What inventory received outlives the process that told it, so it is written down here.
  async call<Data>(caller: never, operation: { name: string; query: string }, variables: never) {
    const answer = await stub.client.call<Data>(caller, operation, variables);
    if (receiptsFile && operation.name === 'CatalogOpeningStockReceive') {
      appendFileSync(receiptsFile, `${JSON.stringify((variables as { input: object }).input)}\n`);
    }
    return answer;
  },
});
const log = createLogger({ service: 'catalog', level: 'warn' });
const runner = createImportRunner({
  db,
  store: createUploadStore(uploadDir),
  stock: createStockCommandService({ db, inventory: client, log }),
  log,
  leaseSeconds: 2,
  timeoutFactor: 1,
});
const rssMbBefore = process.memoryUsage().rss / 1e6;
while (!(await runner.runNext(new AbortController().signal)));
await db.close();
const rssMbMax = process.resourceUsage().maxRSS / 1e3;
if (memoryFile) writeFileSync(memoryFile, JSON.stringify({ rssMbBefore, rssMbMax }));
