import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createImportApi } from '../import/api.ts';
import { importFile } from '../import/import-file.ts';
import { expectEqual } from './expectation.ts';
import type { Graph } from './graph.ts';
import type { Stage } from './stage.ts';

type Found = { handle: string; variantsTotal: number } | null;

/** Imports the sample file, unless every product of it stands already. */
export async function importSample(
  of: { graphqlUrl: string; token: string; file: string; location: string },
  { owner, stage }: { owner: Graph; stage: Stage },
): Promise<void> {
  const file = basename(of.file);
  const handles = await handlesIn(of.file);
  if (!(await productsOf(owner, handles)).includes(null)) {
    stage.step(`${file} was imported before`);
  } else {
    stage.step(`${file} is imported at ${of.location}`);
    await runImport(of, stage);
  }
  const products = await productsOf(owner, handles);
  expectEqual(
    `products of ${file}`,
    products.map((product) => product?.handle),
    handles,
  );
  const variants = products.reduce((sum, product) => sum + (product?.variantsTotal ?? 0), 0);
  stage.fact('catalog', `${products.length} products, ${variants} variants: ${handles.join(', ')}`);
}

async function runImport(
  of: { graphqlUrl: string; token: string; file: string; location: string },
  stage: Stage,
): Promise<void> {
  const silent = { show: () => undefined, end: () => undefined };
  // Overwriting: a product that somebody left here before is no reason to stop.
  const how = { currency: 'USD', isOverwriting: true, isDryRun: false };
  const request = { file: of.file, location: of.location, ...how };
  const { state } = await importFile(createImportApi(of), request, silent);
  const { productsCreated, productsUpdated, unitsReceived, unitsRequested, rowErrors } =
    state.totals;
  expectEqual(
    'the import',
    { status: state.status, failure: state.failure, rowErrors, unitsReceived },
    { status: 'COMPLETED', failure: null, rowErrors: 0, unitsReceived: unitsRequested },
  );
  stage.fact('products', `${productsCreated} created, ${productsUpdated} updated`);
  stage.fact('stock', `${unitsReceived} of ${unitsRequested} units received`);
}

// The handle is the first cell of its line, and never quoted in this file; a line that goes on inside a
// quoted cell does not look like one.
async function handlesIn(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').slice(1);
  return [...new Set(lines.flatMap((line) => /^([a-z0-9][a-z0-9-]*),/.exec(line)?.[1] ?? []))];
}

async function productsOf(owner: Graph, handles: string[]): Promise<Found[]> {
  const asked = handles.map(
    (handle, at) => `p${at}: product(handle: ${JSON.stringify(handle)}) { handle variantsTotal }`,
  );
  const data = await owner.query<Record<string, Found>>(`query DemoSample { ${asked.join(' ')} }`);
  return handles.map((_, at) => data[`p${at}`] ?? null);
}
