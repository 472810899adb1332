import { uuidv7, type Database, type KeyHolder, type Tx } from '@onecount/db';
import { isCurrencyCode } from '@onecount/money';
import { invalidInput, isRefusal, isUuid, notFound, type NotFound } from '@onecount/refusal';
import type { ProductImportStartInput } from '../generated/resolver-types.ts';
import { textRefusal } from '../product/product.input.ts';
import type { InventoryClient } from '../stock-command/inventory.client.ts';
import { locationCodeOf, unknownLocation } from '../stock-command/location.ts';
import { lockUpload } from '../upload/upload.sql.ts';
import { uploadNotReady } from './product-import.errors.ts';
import {
  insertProductImport,
  productImportById,
  productImportOfUpload,
  type NewProductImport,
} from './product-import.sql.ts';

export type ProductImportService = ReturnType<typeof createProductImportService>;

type Asked = Pick<
  NewProductImport,
  'uploadId' | 'locationCode' | 'currencyCode' | 'overwriteExisting' | 'repeatedSku'
>;
type StartRefusal = ReturnType<typeof uploadNotReady> | NotFound;

export function createProductImportService(deps: {
  db: Database;
  inventory: Pick<InventoryClient, 'locationCode'>;
  /** Wakes the worker of this process: there is something to do. */
  wake(): void;
}) {
  const { db, inventory, wake } = deps;
  return {
    /** Queues the import of an uploaded file. */
    async start(caller: KeyHolder, input: ProductImportStartInput) {
      const refusal = textRefusal(input);
      if (refusal) return refusal;
      const { idempotencyKey, uploadId, currencyCode } = input;
      if (!isCurrencyCode(currencyCode)) {
        return invalidInput(
          'currencyCode',
          `${currencyCode} is no ISO 4217 currency.`,
          currencyCode,
        );
      }
      if (!isUuid(uploadId)) return notFound('Upload', uploadId);
      const named = await locationCodeOf(inventory, caller.tenantId, input);
      if (isRefusal(named)) return named;
      const locationCode = named.trim();
      if (locationCode === '')
        return invalidInput('locationId', 'Give locationId or locationCode.');
      const unknown = await unknownLocation(inventory, caller.tenantId, [locationCode]);
      const overwriteExisting = input.overwriteExisting ?? false;
      const repeatedSku = input.repeatedSku ?? 'NUMBER';
      const asked = {
        uploadId,
        // As it was written, or the code of the id: the key covers it.
        locationCode: input.locationId ? locationCode : input.locationCode!,
        ...{ currencyCode, overwriteExisting, repeatedSku },
      };
      return db.command(
        caller,
        {
          operation: 'productImportStart',
          input: { idempotencyKey, ...asked },
          afterCommit: [wake],
          // The file may be on its way.
          passing: ['UploadNotReady'],
        },
        async (tx) =>
          unknown === undefined
            ? queueImport(tx, { ...asked, locationCode })
            : notFound('Location', unknown),
        started,
      );
    },
  };
}

async function started(tx: Tx, id: string) {
  const productImport = await productImportById(tx, id);
  if (productImport === undefined) throw new Error(`import ${id} was started and is gone`);
  return { __typename: 'ProductImportStartSuccess' as const, productImport };
}

/** Answers the import's id. */
async function queueImport(tx: Tx, asked: Asked): Promise<string | StartRefusal> {
  const { uploadId } = asked;
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
    ...asked,
    filename: upload.filename,
    bytesTotal: upload.sizeBytes ?? 0,
  });
  return id;
}
