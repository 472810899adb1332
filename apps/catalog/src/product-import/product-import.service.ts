import { uuidv7, type Database, type IdempotencyKeyReused, type Tx } from '@onecount/db';
import { isCurrencyCode } from '@onecount/money';
import {
  invalidInput,
  isUuid,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type { InventoryClient } from '../stock-command/inventory.client.ts';
import { unknownLocation } from '../stock-command/location.ts';
import { lockUpload } from '../upload/upload.sql.ts';
import { uploadNotReady } from './product-import.errors.ts';
import { insertProductImport, productImportOfUpload } from './product-import.sql.ts';

export type ProductImportService = ReturnType<typeof createProductImportService>;

export type ImportRequest = {
  idempotencyKey: string;
  uploadId: string;
  locationCode: string;
  currencyCode: string;
  overwriteExisting: boolean;
};

type StartRefusal =
  ReturnType<typeof uploadNotReady> | InvalidInput | NotFound | IdempotencyKeyReused;

export function createProductImportService(deps: {
  db: Database;
  inventory: Pick<InventoryClient, 'hasLocation'>;
  /** Tells the worker of this process that there is something to do. */
  wake(): void;
}) {
  const { db, inventory, wake } = deps;
  return {
    /** Queues the import of an uploaded file; answers its id. */
    async start(tenantId: string, request: ImportRequest): Promise<string | StartRefusal> {
      const { uploadId, currencyCode } = request;
      const locationCode = request.locationCode.trim();
      if (!isCurrencyCode(currencyCode)) {
        return invalidInput(
          'currencyCode',
          `${currencyCode} is no ISO 4217 currency.`,
          currencyCode,
        );
      }
      if (!isUuid(uploadId)) return notFound('Upload', uploadId);
      const unknown = await unknownLocation(inventory, tenantId, [locationCode]);
      if (unknown !== undefined) return notFound('Location', unknown);
      const command = { operation: 'productImportStart', input: request, afterCommit: [wake] };
      return db.command({ tenantId }, command, (tx) =>
        queueImport(tx, { ...request, locationCode }),
      );
    },
  };
}

async function queueImport(tx: Tx, request: ImportRequest): Promise<string | StartRefusal> {
  const { uploadId } = request;
  // The lock makes two starts over one upload wait for each other; the second then sees the first.
  const upload = await lockUpload(tx, uploadId);
  if (upload === undefined) return notFound('Upload', uploadId);
  if (upload.status !== 'RECEIVED') return uploadNotReady('UPLOAD_NOT_RECEIVED', uploadId);
  if ((await productImportOfUpload(tx, uploadId)) !== undefined) {
    return uploadNotReady('UPLOAD_ALREADY_IMPORTED', uploadId);
  }
  const id = uuidv7();
  await insertProductImport(tx, {
    id,
    uploadId,
    filename: upload.filename,
    locationCode: request.locationCode,
    currencyCode: request.currencyCode,
    overwriteExisting: request.overwriteExisting,
    bytesTotal: upload.sizeBytes ?? 0,
  });
  return id;
}
