import type { RepeatedSku } from './csv-product.ts';

export type ProductImportStatus = 'QUEUED' | 'RUNNING' | 'COMPLETED' | 'FAILED';

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
  productsRefused: number;
  variantsImported: number;
  unitsRequested: number;
  rowErrorsTotal: number;
  rowWarningsTotal: number;
  repeatedSku: RepeatedSku;
  /** How the file was read; null before. */
  encoding: string | null;
  separator: string | null;
  columnsIgnored: string[];
  failures: number;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
};

/** What the end of one group adds to its import. */
export type GroupResult = {
  groupKey: string;
  outcome: 'CREATED' | 'UPDATED' | 'REFUSED';
  productId: string | null;
  rows: number;
  rowsRead: number;
  bytesRead: number;
  variants: number;
  units: number;
  rowErrors: number;
  rowWarnings: number;
};
