import type { ServiceDeps } from '@onecount/service';
import type { CatalogConfig } from './config.ts';
import { createFolderStore, type FileStore } from './media/file-store.ts';
import { createReads, type Reads } from './reads.ts';
import { createInventoryClient, type InventoryClient } from './stock-command/inventory.client.ts';
import {
  createStockCommandService,
  type StockCommandService,
} from './stock-command/stock-command.service.ts';
import { createUploadStore, type UploadStore } from './upload/upload.store.ts';

export type CatalogDeps = ServiceDeps<CatalogConfig> & {
  reads: Reads;
  inventory: InventoryClient;
  stock: StockCommandService;
  /** Files on their way in. */
  store: UploadStore;
  /** What is kept: pictures. */
  files: FileStore;
};

// Shorter than the time productCreate waits, so that its answer can say what came of the call.
const inventoryTimeoutMs = 4_000;

/** What the nouns of this app share. */
export async function share(deps: ServiceDeps<CatalogConfig>): Promise<CatalogDeps> {
  const { config, db, log, client } = deps;
  const store = createUploadStore(config.UPLOAD_DIR);
  await store.removeAbandoned();
  const files = await fileStore(config);
  const inventory = createInventoryClient(client('inventory', { timeoutMs: inventoryTimeoutMs }));
  const stock = createStockCommandService({ db, inventory, log });
  return { ...deps, reads: createReads(db), inventory, stock, store, files };
}

// Imported where it is used: the SDK of the store is memory that most do not need.
async function fileStore(config: CatalogConfig): Promise<FileStore> {
  if (config.MEDIA_S3_BUCKET === undefined) return createFolderStore(config.MEDIA_DIR);
  const { createS3Store } = await import('./media/s3-store.ts');
  return createS3Store(config);
}
