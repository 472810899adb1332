import type { ColumnMapping, Columns, Field, ImportFormat } from './csv-columns.ts';
import type { RepeatedSku } from './csv-product.ts';
import type { CodeKeys } from './import-codes.ts';

export type ProductImportStatus = 'QUEUED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';
export type ExistingStock = 'KEEP' | 'SET';
export type MappedColumn = { column: string; field: Field };

export type ProductImportRow = {
  tenantId: string;
  id: string;
  uploadId: string;
  filename: string;
  locationCode: string;
  currencyCode: string;
  overwriteExisting: boolean;
  status: ProductImportStatus;
  failure: string | null;
  bytesTotal: number;
  bytesRead: number;
  rowsTotal: number | null;
  rowsRead: number;
  rowsImported: number;
  rowsRefused: number;
  productsTotal: number | null;
  productsCreated: number;
  productsUpdated: number;
  productsUnchanged: number;
  productsRefused: number;
  variantsImported: number;
  unitsRequested: number;
  rowErrorsTotal: number;
  rowWarningsTotal: number;
  repeatedSku: RepeatedSku;
  isDryRun: boolean;
  existingStock: ExistingStock;
  warningsRefused: string[];
  columnMapping: MappedColumn[];
  /** How the file was read; null before. */
  format: ImportFormat | null;
  encoding: string | null;
  separator: string | null;
  columnsIgnored: string[];
  failures: number;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Since a worker first took it, until it ended or now. */
  secondsRunning: number | null;
};

export type Lease = { importId: string; owner: string };

/** An import under way, held by this process. */
export type ImportJob = {
  row: ProductImportRow;
  lease: Lease;
  columns: Columns;
  /** What a dry run has given away; undefined in an import that writes. */
  claimed?: CodeKeys;
};

/** What the end of one group adds to its import. */
export type GroupResult = {
  groupKey: string;
  outcome: 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'REFUSED' | 'LIST';
  productId: string | null;
  productsUpdated: number;
  rowsImported: number;
  rowsRefused: number;
  variants: number;
  units: number;
  rowErrors: number;
  rowWarnings: number;
};

export function mappingOf(columns: readonly MappedColumn[]): ColumnMapping {
  return new Map(columns.map(({ column, field }) => [column.trim().toLowerCase(), field]));
}

/** Rows a second since the first, and how long the rest takes at this rate. */
export function paceOf({
  rowsRead,
  rowsTotal,
  secondsRunning,
  finishedAt,
}: Pick<ProductImportRow, 'rowsRead' | 'rowsTotal' | 'secondsRunning' | 'finishedAt'>) {
  if (secondsRunning === null || secondsRunning <= 0 || rowsRead === 0) {
    return { rowsPerSecond: null, secondsLeft: null };
  }
  const rowsPerSecond = rowsRead / secondsRunning;
  const isOver = rowsTotal === null || finishedAt !== null;
  const left = isOver ? null : Math.ceil((rowsTotal - rowsRead) / rowsPerSecond);
  return { rowsPerSecond: Math.round(rowsPerSecond * 10) / 10, secondsLeft: left };
}
