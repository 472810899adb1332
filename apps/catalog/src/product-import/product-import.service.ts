import { uuidv7, type Database, type KeyHolder, type Tx } from '@onecount/db';
import { isCurrencyCode } from '@onecount/money';
import {
  invalidInput,
  isRefusal,
  isUuid,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type {
  ProductImportCancelInput,
  ProductImportMappingSaveInput,
  ProductImportStartInput,
} from '../generated/resolver-types.ts';
import { textRefusal } from '../product/product.input.ts';
import type { InventoryClient } from '../stock-command/inventory.client.ts';
import { locationCodeOf, unknownLocation } from '../stock-command/location.ts';
import { lockUpload } from '../upload/upload.sql.ts';
import { mappedColumns, mappingView } from './import-mapping.ts';
import { mappingNamed, saveMappingRow } from './import-mapping.sql.ts';
import type { MappedColumn } from './product-import.ts';
import { uploadNotReady } from '../upload/upload.errors.ts';
import {
  cancelImport,
  insertProductImport,
  productImportById,
  productImportOfUpload,
  type NewProductImport,
} from './product-import.sql.ts';

export type ProductImportService = ReturnType<typeof createProductImportService>;

type Asked = Pick<
  NewProductImport,
  | 'uploadId'
  | 'locationCode'
  | 'currencyCode'
  | 'overwriteExisting'
  | 'repeatedSku'
  | 'isDryRun'
  | 'existingStock'
  | 'warningsRefused'
  | 'columnMapping'
>;
type StartRefusal = ReturnType<typeof uploadNotReady> | NotFound;

export function createProductImportService(deps: {
  db: Database;
  inventory: Pick<InventoryClient, 'locationCode'>;
  /** Wakes the worker of this process: there is something to do. */
  wake(): void;
}) {
  const { db, inventory, wake } = deps;
  async function mappingOfInput(
    tenantId: string,
    { columnMapping, mappingName }: ProductImportStartInput,
  ): Promise<MappedColumn[] | InvalidInput | NotFound> {
    if (columnMapping && mappingName) {
      return invalidInput('mappingName', 'Give columnMapping or mappingName, not both.');
    }
    if (columnMapping?.length) return mappedColumns('columnMapping', columnMapping);
    if (!mappingName) return [];
    const saved = await db.read(tenantId, (tx) => mappingNamed(tx, mappingName.trim()));
    return saved?.columns ?? notFound('ProductImportMapping', mappingName);
  }

  return {
    async cancel(caller: KeyHolder, input: ProductImportCancelInput) {
      const refusal = textRefusal(input);
      if (refusal) return refusal;
      const { id } = input;
      if (!isUuid(id)) return notFound('ProductImport', id);
      return db.command(
        caller,
        { operation: 'productImportCancel', input },
        async (tx) => {
          if ((await productImportById(tx, id)) === undefined) return notFound('ProductImport', id);
          await cancelImport(tx, id);
          return id;
        },
        async (tx, cancelled) => ({
          __typename: 'ProductImportCancelSuccess' as const,
          productImport: (await productImportById(tx, cancelled))!,
        }),
      );
    },

    async saveMapping(caller: KeyHolder, input: ProductImportMappingSaveInput) {
      const refusal = textRefusal(input);
      if (refusal) return refusal;
      const name = input.name.trim();
      if (name === '' || name.length > 100) {
        return invalidInput('name', 'A mapping has a name of 1 to 100 characters.', input.name);
      }
      const columns = mappedColumns('columns', input.columns);
      if (isRefusal(columns)) return columns;
      return db.command(
        caller,
        { operation: 'productImportMappingSave', input },
        async (tx) => {
          await saveMappingRow(tx, { name, columns });
          return name;
        },
        async (tx, saved) => ({
          __typename: 'ProductImportMappingSaveSuccess' as const,
          mapping: mappingView((await mappingNamed(tx, saved))!),
        }),
      );
    },

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
      const columnMapping = await mappingOfInput(caller.tenantId, input);
      if (isRefusal(columnMapping)) return columnMapping;
      const asked = {
        uploadId,
        // As it was written, or the code of the id: the key covers it.
        locationCode: input.locationId ? locationCode : input.locationCode!,
        currencyCode,
        ...settingsOf(input),
        columnMapping,
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

const settingsOf = (input: ProductImportStartInput) => ({
  overwriteExisting: input.overwriteExisting ?? false,
  repeatedSku: input.repeatedSku ?? ('NUMBER' as const),
  isDryRun: input.dryRun ?? false,
  existingStock: input.existingStock ?? ('KEEP' as const),
  warningsRefused: input.warningsRefused ?? [],
});

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
