import { randomUUID } from 'node:crypto';
import { eventually } from '@onecount/testing';
import { startCatalog, type Catalog } from './catalog.ts';

export type ImportReport = {
  status: string;
  failure: string | null;
  columnsIgnored: string[];
  readAs: { format: string; encoding: string; separator: string | null } | null;
  progress: Record<string, number>;
  totals: Record<string, number>;
  rowErrors: { nodes: Record<string, unknown>[] };
  rowWarnings: { nodes: Record<string, unknown>[] };
};

const report = `query ($id: ID!) { productImport(id: $id) {
  id status failure columnsIgnored filename locationCode dryRun readAs { format encoding separator }
  progress { bytesTotal bytesRead rowsTotal rowsRead productsTotal productsDone rowsPerSecond secondsLeft }
  totals { productsCreated productsUpdated productsUnchanged productsRefused rowsImported rowsRefused variantsImported
    unitsRequested unitsReceived stockPending rowErrors rowWarnings }
  rowErrors(first: 100) { nodes { row line column value handle code message } }
  rowWarnings(first: 100) { nodes { row line column value handle code message } } } }`;

/** Puts a file at a fresh upload address; answers the upload's id and the HTTP status. */
export async function upload(
  catalog: Catalog,
  content: string | Buffer,
  caller: { tenantId?: string } = {},
): Promise<{ uploadId: string; status: number }> {
  const input = { filename: 'products.csv' };
  const { upload: place } = await catalog.mutate('stagedUploadCreate', input, caller);
  const headers = Object.fromEntries(
    place.headers.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );
  const url = catalog.reachable(place.url);
  const response = await fetch(url, { method: place.method, headers, body: content });
  return { uploadId: place.id as string, status: response.status };
}

export async function startImport(
  catalog: Catalog,
  content: string | Buffer,
  options: object = {},
): Promise<string> {
  const { uploadId } = await upload(catalog, content);
  const answer = await catalog.mutate('productImportStart', {
    idempotencyKey: randomUUID(),
    uploadId,
    locationCode: 'HQ',
    currencyCode: 'USD',
    ...options,
  });
  if (!answer.productImport) throw new Error(JSON.stringify(answer));
  return answer.productImport.id as string;
}

export async function importReport(catalog: Catalog, id: string): Promise<ImportReport> {
  const { data, errors } = await catalog.graphql(report, { id });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.productImport as ImportReport;
}

export function finishedReport(catalog: Catalog, id: string): Promise<ImportReport> {
  return eventually(async () => {
    const found = await importReport(catalog, id);
    return ['QUEUED', 'RUNNING'].includes(found.status) ? undefined : found;
  });
}

/** Uploads, imports and waits for the end. */
export async function imported(
  catalog: Catalog,
  content: string | Buffer,
  options: object = {},
): Promise<ImportReport> {
  return finishedReport(catalog, await startImport(catalog, content, options));
}

/** A catalog whose workers run. */
export async function startImporter(options: { uploadBytesMax?: number } = {}): Promise<Catalog> {
  const catalog = await startCatalog(options);
  for (const task of catalog.background) await task.start();
  return catalog;
}
