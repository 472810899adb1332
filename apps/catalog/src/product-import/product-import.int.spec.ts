import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@onecount/testing';
import { tenantA, tenantB, type Catalog } from '../../test/catalog.ts';
import { idOfHQ } from '../../test/inventory-stub.ts';
import { csvOf, type Cells } from '../../test/csv.ts';
import {
  finishedReport,
  imported,
  importReport,
  startImport,
  startImporter,
  upload,
} from '../../test/import.ts';
import { startCatalog } from '../../test/catalog.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startImporter();
});
afterAll(() => catalog.stop());
beforeEach(() => {
  catalog.inventory.isDown = false;
});

const unique = (prefix: string) => `${prefix}-${randomUUID().slice(0, 8)}`;

function simple(handle: string, change: Cells = {}): Cells {
  return {
    Handle: handle,
    Title: `Title of ${handle}`,
    'Variant SKU': handle.toUpperCase(),
    'Variant Price': '10.00',
    'Variant Inventory Qty': '3',
    ...change,
  };
}

const productBy = async (handle: string) => {
  const query = `query ($handle: String!) { product(handle: $handle) {
    id version title status vendor { name } tags options { name values } media { url position }
    variantsTotal variants { nodes { id sku title tracking price { amount currencyCode } compareAtPrice { amount }
      barcode weightGrams image { url } } } } }`;
  return (await catalog.graphql(query, { handle })).data.product;
};

describe('an import', () => {
  it('brings the sample file in, with its stock', async () => {
    const file = await readFile(join(import.meta.dirname, '../../../../examples/products.csv'));
    const report = await imported(catalog, file);
    expect(report).toMatchObject({
      status: 'COMPLETED',
      failure: null,
      progress: { rowsTotal: 16, rowsRead: 16, productsTotal: 5, productsDone: 5 },
      totals: {
        productsCreated: 5,
        productsUpdated: 0,
        productsRefused: 0,
        rowsImported: 16,
        rowsRefused: 0,
        variantsImported: 15,
        unitsRequested: 66,
        unitsReceived: 66,
        stockPending: 0,
        rowErrors: 0,
      },
      rowErrors: { nodes: [] },
    });
    expect(report.progress['bytesRead']).toBe(report.progress['bytesTotal']);
    expect(report.columnsIgnored).toContain('Variant Fulfillment Service');
    expect(await productBy('galaxy-v-neck')).toMatchObject({
      status: 'ACTIVE',
      vendor: { name: 'Nexus' },
      variants: { nodes: [{ sku: 'NEXGALVNE-RED-S', title: 'Red / S' }, {}, {}, {}, {}, {}] },
    });
    expect(catalog.inventory.unitsTotal()).toBe(66);
    expect(catalog.inventory.items.get('RESIZE')?.tracking).toBe('NONE');
    expect(catalog.inventory.unitsOf('BROOCH-1890')).toBe(1);
    await eventually(async () => {
      const files = await readdir(catalog.uploadDir, { recursive: true });
      return files.every((name) => !name.endsWith('.csv'));
    });
  });

  it('refuses the products whose rows are wrong, row by row, and goes on with the others', async () => {
    const [good, bad, last] = [unique('good'), unique('bad'), unique('last')];
    await imported(catalog, csvOf([simple('owner-of-sku', { 'Variant SKU': 'OWNED' })]));
    const taker = unique('taker');
    const report = await imported(
      catalog,
      csvOf([
        simple(good),
        simple(bad, { 'Variant Price': '1.2.3', 'Variant Inventory Qty': '-2' }),
        simple('owner-of-sku'),
        simple(taker, { 'Variant SKU': 'OWNED' }),
        simple('', {}),
        simple(last),
      ]),
      { repeatedSku: 'REFUSE' },
    );
    expect(report).toMatchObject({
      status: 'COMPLETED',
      totals: {
        productsCreated: 2,
        productsRefused: 4,
        rowsImported: 2,
        rowsRefused: 4,
        unitsReceived: 6,
        rowErrors: 4,
        rowWarnings: 0,
      },
    });
    const found = report.rowErrors.nodes.map(({ row, column, code }) => [row, column, code]);
    expect(found).toEqual([
      [3, 'Variant Price', 'BAD_PRICE'],
      [4, 'Handle', 'HANDLE_EXISTS'],
      [5, 'Variant SKU', 'SKU_TAKEN'],
      [6, 'Handle', 'MISSING_HANDLE'],
    ]);
    expect(await productBy(bad)).toBeNull();
    expect(await productBy(taker)).toBeNull();
    expect(await productBy(last)).not.toBeNull();
  });

  it('warns, row by row, of what comes in otherwise than it stands in the file', async () => {
    const [oversold, tee] = [unique('oversold'), unique('tee')];
    const size = (value: string): Cells => ({ 'Option1 Name': 'Size', 'Option1 Value': value });
    const report = await imported(
      catalog,
      csvOf([
        simple(oversold, { 'Variant Inventory Qty': '-2' }),
        simple(tee, size('S')),
        simple(tee, size('M')),
      ]),
    );
    expect(report).toMatchObject({
      status: 'COMPLETED',
      totals: { productsCreated: 2, unitsReceived: 6, rowErrors: 0, rowWarnings: 2 },
    });
    const found = report.rowWarnings.nodes.map(({ row, column, value, code }) => ({
      ...{ row, column, value, code },
    }));
    expect(found).toEqual([
      { row: 2, column: 'Variant Inventory Qty', value: '-2', code: 'NEGATIVE_QUANTITY' },
      { row: 4, column: 'Variant SKU', value: tee.toUpperCase(), code: 'SKU_NUMBERED' },
    ]);
    expect((await productBy(tee)).variants.nodes.map(({ sku }: { sku: string }) => sku)).toEqual([
      tee.toUpperCase(),
      `${tee.toUpperCase()}-2`,
    ]);
  });

  it('reports an open quotation with its row and line, and goes on', async () => {
    const [before, behind] = [unique('before'), unique('behind')];
    const content = `Handle,Title,Variant Inventory Qty\n${before},"Two\nlines",1\ntorn,"Never\n${behind},Behind,1\n`;
    const report = await imported(catalog, content);
    expect(report).toMatchObject({
      status: 'COMPLETED',
      readAs: { encoding: 'utf-8', separator: ',' },
      totals: { productsCreated: 2, productsRefused: 1, rowErrors: 1 },
      rowErrors: { nodes: [{ row: 3, line: 4, handle: 'torn', code: 'QUOTE_NOT_CLOSED' }] },
    });
    expect(await productBy(behind)).toMatchObject({ title: 'Behind' });
  });

  it('fails as a whole, and writes nothing, when the file is of another kind', async () => {
    const report = await imported(catalog, 'PK\u0003\u0004 renamed');
    expect(report).toMatchObject({ status: 'FAILED', totals: { rowErrors: 1 } });
    expect(report.failure).toContain('zip archive');
  });

  it('reports at its row when inventory refuses the stock of a product', async () => {
    const [one, two] = [unique('unit'), unique('same-unit')];
    const serial = { 'Variant Inventory Qty': '', 'Stock Number': unique('NO') };
    const report = await imported(catalog, csvOf([simple(one, serial), simple(two, serial)]));
    expect(report).toMatchObject({
      status: 'COMPLETED',
      totals: { productsCreated: 2, unitsRequested: 2, unitsReceived: 1, rowErrors: 1 },
      rowErrors: { nodes: [{ code: 'STOCK_REFUSED' }] },
    });
  });
});

describe('overwriteExisting', () => {
  it('brings no removed variant back: its SKU is taken, and the product stays as it is', async () => {
    const handle = unique('ring');
    const row = (size: string): Cells => ({
      ...simple(handle),
      ...{ 'Option1 Name': 'Size', 'Option1 Value': size, 'Variant SKU': `${handle}-${size}` },
      ...{ 'Variant Inventory Qty': '' },
    });
    const content = csvOf([row('6'), { ...row('7'), Title: '' }]);
    await imported(catalog, content);
    const { version, variants } = await productBy(handle);
    const removal = { id: variants.nodes[0].id, productVersion: version };
    expect(await catalog.mutate('variantRemove', removal)).toMatchObject({
      __typename: 'VariantRemoveSuccess',
    });
    const report = await imported(catalog, content, { overwriteExisting: true });
    expect(report.rowErrors.nodes).toMatchObject([{ code: 'SKU_TAKEN', value: `${handle}-6` }]);
    expect(await productBy(handle)).toMatchObject({ version: version + 1, variantsTotal: 1 });
  });

  it('changes what the file says, adds variants, and never touches stock that is there', async () => {
    const handle = unique('ring');
    const row = (size: string, change: Cells = {}): Cells => ({
      ...simple(handle),
      'Option1 Name': 'Size',
      'Option1 Value': size,
      'Variant SKU': `${handle}-${size}`,
      Vendor: 'First vendor',
      'Image Src': 'https://x.test/1.jpg',
      ...change,
    });
    await imported(catalog, csvOf([row('6'), { ...row('7'), Title: '' }]));
    const change = { 'Variant Price': '12.50', Title: 'New title', Vendor: '', Status: 'archived' };
    const report = await imported(
      catalog,
      csvOf([
        row('7', { ...change, 'Variant Inventory Qty': '99' }),
        row('8', { Title: '', 'Image Src': 'https://x.test/2.jpg' }),
      ]),
      { overwriteExisting: true },
    );
    expect(report).toMatchObject({
      status: 'COMPLETED',
      totals: { productsUpdated: 1, productsCreated: 0, rowErrors: 0 },
    });
    expect(await productBy(handle)).toMatchObject({
      version: 2,
      title: 'New title',
      status: 'ARCHIVED',
      vendor: { name: 'First vendor' },
      options: [{ name: 'Size', values: ['6', '7', '8'] }],
      media: [{ url: 'https://x.test/1.jpg' }, { url: 'https://x.test/2.jpg', position: 2 }],
      variants: {
        nodes: [
          { sku: `${handle}-6`, price: { amount: '10.00' } },
          { sku: `${handle}-7`, price: { amount: '12.50' } },
          { sku: `${handle}-8`, price: { amount: '10.00' } },
        ],
      },
    });
    const units = ['6', '7', '8'].map((size) => catalog.inventory.unitsOf(`${handle}-${size}`));
    expect(units).toEqual([3, 3, 3]);
  });

  it('refuses to change options, SKUs and what a SKU stands for', async () => {
    const handle = unique('band');
    const row = (change: Cells): Cells => ({
      ...simple(handle),
      'Option1 Name': 'Size',
      'Option1 Value': '6',
      'Variant SKU': `${handle}-6`,
      ...change,
    });
    await imported(
      catalog,
      csvOf([row({}), row({ Title: '', 'Option1 Value': '7', 'Variant SKU': `${handle}-7` })]),
    );
    const cases: [Cells, object][] = [
      [{ 'Option1 Name': 'Colour' }, { column: 'Option1 Name', code: 'OPTIONS_DIFFER' }],
      [{ 'Variant SKU': 'OTHER' }, { column: 'Variant SKU', code: 'INVALID', value: 'OTHER' }],
      [{ 'Option1 Value': '7' }, { column: 'Option1 Value', code: 'INVALID' }],
    ];
    for (const [change, error] of cases) {
      const content = csvOf([row(change)]);
      const report = await imported(catalog, content, { overwriteExisting: true });
      expect(report).toMatchObject({
        totals: { productsUpdated: 0 },
        rowErrors: { nodes: [error] },
      });
    }
    expect((await productBy(handle)).version).toBe(1);
  });
});

describe('starting', () => {
  const start = (input: object, caller = {}) =>
    catalog.mutate(
      'productImportStart',
      { locationCode: 'HQ', currencyCode: 'USD', ...input },
      caller,
    );

  it('needs a file, a known location and a currency', async () => {
    const { upload: waiting } = await catalog.mutate('stagedUploadCreate', { filename: 'x.csv' });
    const { uploadId } = await upload(catalog, csvOf([simple(unique('start'))]));
    expect(await start({ uploadId: waiting.id })).toMatchObject({ code: 'UPLOAD_NOT_RECEIVED' });
    expect(await start({ uploadId, locationCode: 'XX' })).toMatchObject({
      kind: 'Location',
      id: 'XX',
    });
    const location = { locationId: idOfHQ, locationCode: null };
    expect(await start({ uploadId, locationId: idOfHQ })).toMatchObject({ field: 'locationId' });
    expect(await start({ uploadId, locationCode: null })).toMatchObject({ field: 'locationId' });
    const unknown = { ...location, locationId: randomUUID() };
    expect(await start({ uploadId, ...unknown })).toMatchObject({ kind: 'Location' });
    const byId = await upload(catalog, csvOf([simple(unique('by-id'))]));
    const started = await start({ uploadId: byId.uploadId, ...location });
    const report = await finishedReport(catalog, started.productImport.id);
    expect(report.totals['productsCreated']).toBe(1);
    expect(await start({ uploadId, currencyCode: 'XXX' })).toMatchObject({ field: 'currencyCode' });
    expect(await start({ uploadId: randomUUID() })).toMatchObject({ kind: 'Upload' });
    expect(await start({ uploadId: 'x' })).toMatchObject({ kind: 'Upload' });
    expect(await start({ uploadId }, { tenantId: tenantB })).toMatchObject({ kind: 'Upload' });
  });

  it('happens once per key and once per upload', async () => {
    const { uploadId } = await upload(catalog, csvOf([simple(unique('once'))]));
    const idempotencyKey = randomUUID();
    const [one, two] = await Promise.all([
      start({ uploadId, idempotencyKey }),
      start({ uploadId, idempotencyKey }),
    ]);
    expect(one.productImport.id).toBe(two.productImport.id);
    expect(await start({ uploadId })).toMatchObject({ code: 'UPLOAD_ALREADY_IMPORTED' });
    expect(await start({ uploadId, idempotencyKey, locationCode: 'GM' })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
    });
    const report = await finishedReport(catalog, one.productImport.id);
    expect(report.totals['productsCreated']).toBe(1);
    const other = await catalog.graphql(
      'query ($id: ID!) { productImport(id: $id) { id } productImports { nodes { id } } }',
      { id: one.productImport.id },
      { tenantId: tenantB },
    );
    expect(other.data).toEqual({ productImport: null, productImports: { nodes: [] } });
  });
});

describe('an import whose process is killed', () => {
  it('goes on where it stopped: no product twice, no stock twice, exact totals', async () => {
    const killed = await startCatalog();
    try {
      const total = 240;
      const rows = Array.from({ length: total }, (_, index) =>
        simple(`item-${index}`, {
          Vendor: `Vendor ${index % 7}`,
          ...(index % 10 === 3 ? { 'Variant Price': 'broken' } : {}),
        }),
      );
      const importId = await startImport(killed, csvOf(rows));
      const receiptsFile = join(killed.uploadDir, 'receipts.jsonl');
      for (const until of [40, 110, 170]) await runUntilKilled(killed, { until, receiptsFile });

      for (const task of killed.background) await task.start();
      const report = await finishedReport(killed, importId);
      const good = total * 0.9;
      expect(report).toMatchObject({
        status: 'COMPLETED',
        progress: { rowsRead: total, productsDone: total },
        totals: {
          productsCreated: good,
          productsRefused: total - good,
          rowsImported: good,
          rowsRefused: total - good,
          unitsReceived: good * 3,
          stockPending: 0,
          rowErrors: total - good,
        },
      });
      await killed.db.read(tenantA, async (tx) => {
        const [counts] = await tx.query(
          `SELECT (SELECT count(*) FROM product)::integer AS products,
                  (SELECT count(*) FROM outbox)::integer AS events,
                  (SELECT count(*) FROM stock_command WHERE status = 'DELIVERED')::integer AS delivered`,
        );
        expect(counts).toEqual({ products: good, events: good, delivered: good });
      });
      expect(await unitsBySku(killed, receiptsFile)).toEqual(
        new Map(
          rows.flatMap((row, index) =>
            index % 10 === 3 ? [] : [[row['Variant SKU'] as string, 3] as const],
          ),
        ),
      );
    } finally {
      await killed.stop();
    }
  });

  async function runUntilKilled(
    killed: Catalog,
    { until, receiptsFile }: { until: number; receiptsFile: string },
  ): Promise<void> {
    const options = { url: killed.database.url, uploadDir: killed.uploadDir, receiptsFile };
    const script = join(import.meta.dirname, '../../test/import-child.ts');
    const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: 'inherit' });
    const exited = once(child, 'exit');
    await eventually(
      async () => {
        const [row] = await killed.db.read(tenantA, (tx) =>
          tx.query<{ done: number }>('SELECT count(*)::integer AS done FROM product_import_group'),
        );
        return (row?.done ?? 0) >= until;
      },
      { intervalMs: 5 },
    );
    child.kill('SIGKILL');
    expect(await exited).toEqual([null, 'SIGKILL']);
  }

  // What inventory has: each idempotency key counts once, whichever process sent it and how often.
  async function unitsBySku(killed: Catalog, receiptsFile: string): Promise<Map<string, number>> {
    const receipts = new Map(killed.inventory.receipts);
    for (const line of (await readFile(receiptsFile, 'utf8')).split('\n').filter(Boolean)) {
      const { idempotencyKey, lines } = JSON.parse(line) as {
        idempotencyKey: string;
        lines: { sku: string; quantity: number }[];
      };
      receipts.set(idempotencyKey, lines as never);
    }
    const units = new Map<string, number>();
    for (const { sku, quantity } of [...receipts.values()].flat()) {
      units.set(sku, (units.get(sku) ?? 0) + quantity);
    }
    return new Map([...units].sort(([a], [b]) => Number(a.slice(5)) - Number(b.slice(5))));
  }
});

describe('progress', () => {
  it('can be asked for while the import runs, and waits for inventory a while', async () => {
    catalog.inventory.isDown = true;
    const id = await startImport(catalog, csvOf([simple(unique('waits'))]));
    const waiting = await eventually(async () => {
      const report = await importReport(catalog, id);
      return report.progress['productsDone'] === 1 ? report : undefined;
    });
    expect(waiting).toMatchObject({
      status: 'RUNNING',
      totals: { stockPending: 1, unitsReceived: 0 },
    });
    catalog.inventory.isDown = false;
    expect(await finishedReport(catalog, id)).toMatchObject({
      status: 'COMPLETED',
      totals: { stockPending: 0, unitsReceived: 3 },
    });
  });
});
