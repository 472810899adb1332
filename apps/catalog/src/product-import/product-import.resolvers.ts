import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import type {
  MutationResolvers,
  ProductImportResolvers,
  QueryResolvers,
} from '../generated/resolver-types.ts';
import type { Reads } from '../reads.ts';
import type { ProductImportService } from './product-import.service.ts';
import { productImportById, productImportPage } from './product-import.sql.ts';
import type { ImportRows } from './import-rows.routes.ts';
import { mappingPage } from './import-mapping.sql.ts';
import { mappingView } from './import-mapping.ts';
import { paceOf } from './product-import.ts';
import { rowErrorPage, type RowSeverity } from './row-error.sql.ts';

const rowNotesDefault = 50;

export function productImportResolvers(deps: {
  db: Database;
  imports: ProductImportService;
  reads: Reads;
  rows: ImportRows;
}) {
  const { db, imports, reads, rows: rowFiles } = deps;

  const Query: Pick<QueryResolvers, 'productImport' | 'productImports' | 'productImportMappings'> =
    {
      async productImport(_, { id }, { caller }) {
        if (!isUuid(id)) return null;
        return db.read(caller.tenantId, (tx) => productImportById(tx, id));
      },
      async productImportMappings(_, args, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const [afterName] = decodeCursor(after, ['text']) ?? [];
        const rows = await db.read(caller.tenantId, (tx) => mappingPage(tx, { afterName, limit }));
        return connectionFrom(rows.map(mappingView), {
          first,
          after,
          cursorOf: ({ name }) => name,
        });
      },
      async productImports(_, args, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const [afterId] = decodeCursor(after, ['uuid']) ?? [];
        const rows = await db.read(caller.tenantId, (tx) =>
          productImportPage(tx, { afterId, limit }),
        );
        return connectionFrom(rows, { first, after, cursorOf: ({ id }) => id });
      },
    };

  const Mutation: Pick<
    MutationResolvers,
    'productImportStart' | 'productImportCancel' | 'productImportMappingSave'
  > = {
    productImportStart: (_, { input }, { caller }) => imports.start(caller, input),
    productImportCancel: (_, { input }, { caller }) => imports.cancel(caller, input),
    productImportMappingSave: (_, { input }, { caller }) => imports.saveMapping(caller, input),
  };

  const ProductImport: ProductImportResolvers = {
    dryRun: ({ isDryRun }) => isDryRun,
    readAs: ({ format, encoding, separator }) =>
      format === null || encoding === null ? null : { format, encoding, separator },
    progress: (row) => ({
      bytesTotal: row.bytesTotal,
      bytesRead: row.bytesRead,
      rowsTotal: row.rowsTotal,
      rowsRead: row.rowsRead,
      productsTotal: row.productsTotal,
      productsDone:
        row.productsCreated + row.productsUpdated + row.productsUnchanged + row.productsRefused,
      ...paceOf(row),
    }),
    async totals(row, _, context) {
      const stock = await reads.importStock(context, row.id);
      return {
        productsCreated: row.productsCreated,
        productsUpdated: row.productsUpdated,
        productsUnchanged: row.productsUnchanged,
        productsRefused: row.productsRefused,
        rowsImported: row.rowsImported,
        rowsRefused: row.rowsRefused,
        variantsImported: row.variantsImported,
        unitsRequested: row.unitsRequested,
        unitsReceived: stock?.received ?? 0,
        stockPending: stock?.pending ?? 0,
        rowErrors: row.rowErrorsTotal,
        rowWarnings: row.rowWarningsTotal,
      };
    },
    async rowsFile({ id: importId, rowErrorsTotal, rowWarningsTotal }, { severity }, { caller }) {
      const total = severity === 'ERROR' ? rowErrorsTotal : rowWarningsTotal;
      return total === 0 ? null : rowFiles.address(caller.tenantId, { importId, severity });
    },
    rowErrors: ({ id }, args, { caller }) =>
      rowNotes(caller.tenantId, { id, severity: 'ERROR' }, args),
    rowWarnings: ({ id }, args, { caller }) =>
      rowNotes(caller.tenantId, { id, severity: 'WARNING' }, args),
  };

  async function rowNotes(
    tenantId: string,
    of: { id: string; severity: RowSeverity },
    args: Parameters<typeof pageArgs>[0],
  ) {
    const { first, limit, after } = pageArgs(args, rowNotesDefault);
    const [afterRow, afterId] = decodeCursor(after, ['integer', 'uuid']) ?? [];
    const rows = await db.read(tenantId, (tx) =>
      rowErrorPage(tx, of.id, {
        severity: of.severity,
        afterRow: afterRow === undefined ? undefined : Number(afterRow),
        afterId,
        limit,
      }),
    );
    return connectionFrom(rows, { first, after, cursorOf: ({ row, id }) => [row, id] });
  }

  return { Query, Mutation, ProductImport };
}
