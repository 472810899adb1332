import type { EventHandler } from '@onecount/messaging';
import type { ServiceDefinition, ServiceDeps, ServiceParts } from '@onecount/service';
import { categoryResolvers } from './category/category.resolvers.ts';
import type { CatalogConfig } from './config.ts';
import { saleCommitted } from './consumers/sale-committed.ts';
import { stockItemChanged } from './consumers/stock-item-changed.ts';
import { createImportRunner } from './product-import/import-runner.ts';
import { createImportWorker } from './product-import/import-worker.ts';
import { productImportResolvers } from './product-import/product-import.resolvers.ts';
import { createProductImportService } from './product-import/product-import.service.ts';
import { MediaEntity, ProductEntity, ProductOptionEntity } from './product/product.entity.ts';
import { productResolvers } from './product/product.resolvers.ts';
import { createProductService } from './product/product.service.ts';
import { createReads } from './reads.ts';
import { typeDefs } from './schema.ts';
import { createInventoryClient } from './stock-command/inventory.client.ts';
import { createStockCommandService } from './stock-command/stock-command.service.ts';
import { createStockCommandWorker } from './stock-command/stock-command.worker.ts';
import { uploadResolvers } from './upload/upload.resolvers.ts';
import { uploadRoutes } from './upload/upload.routes.ts';
import { createUploadService } from './upload/upload.service.ts';
import { createUploadStore } from './upload/upload.store.ts';
import { variantResolvers } from './variant/variant.resolvers.ts';
import { VariantEntity } from './variant/variant.entity.ts';
import { vendorResolvers } from './vendor/vendor.resolvers.ts';

// Shorter than the time productCreate waits, so that its answer can say what came of the call.
const inventoryTimeoutMs = 4_000;
const pollMs = 1_000;

export const definition: ServiceDefinition<CatalogConfig> = {
  name: 'catalog',
  typeDefs,
  entities: [ProductEntity, ProductOptionEntity, MediaEntity, VariantEntity],
  start,
};

async function start({
  config,
  db,
  log,
  client,
}: ServiceDeps<CatalogConfig>): Promise<ServiceParts> {
  const secret = config.UPLOAD_SIGNING_SECRET;
  const bytesMax = config.UPLOAD_BYTES_MAX;
  const store = createUploadStore(config.UPLOAD_DIR);
  await store.removeAbandoned();
  const inventory = createInventoryClient(client('inventory', { timeoutMs: inventoryTimeoutMs }));
  const stock = createStockCommandService({ db, inventory, log });
  const reads = createReads(db);
  const leaseSeconds = config.IMPORT_LEASE_SECONDS;
  const runner = createImportRunner({ db, store, stock, log, leaseSeconds });
  const importWorker = createImportWorker({ runner, log, pollMs });
  const wake = () => importWorker.wake();
  const imports = createProductImportService({ db, inventory, wake });
  const uploads = createUploadService({ db, publicUrl: config.PUBLIC_URL, secret, bytesMax });
  const products = createProductService({ db, stock });
  return {
    resolvers: merged(
      productResolvers({ db, products, reads }),
      variantResolvers({ db, reads }),
      vendorResolvers({ db }),
      categoryResolvers({ db }),
      uploadResolvers({ uploads }),
      productImportResolvers({ db, imports, reads }),
    ),
    handlers: [saleCommitted, stockItemChanged] as EventHandler[],
    background: [createStockCommandWorker({ stock, log, pollMs }), importWorker],
    routes: uploadRoutes({ db, store, secret, bytesMax, log }),
  };
}

type ResolverPart = Record<string, object>;

/** One map of resolvers: parts add their fields to Query and Mutation. */
function merged(...parts: ResolverPart[]): ResolverPart {
  const all: ResolverPart = {};
  for (const part of parts) {
    for (const [type, fields] of Object.entries(part)) all[type] = { ...all[type], ...fields };
  }
  return all;
}
