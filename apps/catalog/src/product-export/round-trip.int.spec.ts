import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../../test/catalog.ts';
import { imported, startImporter } from '../../test/import.ts';
import { png } from '../../test/pictures.ts';

let [catalog, other]: Catalog[] = [];
beforeAll(async () => {
  catalog = await startImporter({ uploadBytesMax: 10_000_000 });
  other = await startImporter({ uploadBytesMax: 10_000_000 });
});
afterAll(() => Promise.all([catalog?.stop(), other?.stop()]));

const numbered = (word: string, total: number) =>
  Array.from({ length: total }, (_, index) => `${word}${index + 1}`);

/** A product of as many variants as one may have, with a picture of the shop's own, reviewed and published. */
async function publishLargest(of: Catalog): Promise<string> {
  const { product, variantsTotal, inventoryTotal } = await of.mutate('productCreate', {
    ...{ title: 'Größter Ring', vendor: 'Nexus', category: 'Jewellery > Rings' },
    ...{
      productType: 'Ring',
      descriptionHtml: '<p>Every size.</p>',
      skuPattern: 'GR-{Metal:4}-{Size:3}',
    },
    options: [
      { name: 'Metal', values: numbered('M', 32) },
      { name: 'Size', values: numbered('S', 64) },
    ],
    defaults: {
      price: { amount: '1299.00', currencyCode: 'EUR' },
      openingStock: [{ locationCode: 'HQ', quantity: 2 }],
    },
  });
  expect([variantsTotal, inventoryTotal]).toEqual([2_048, 4_096]);
  const { upload } = await of.mutate('stagedUploadCreate', {
    ...{ filename: 'ring.png', purpose: 'PICTURE' },
  });
  await fetch(of.reachable(upload.url), { method: 'PUT', body: new Uint8Array(await png()) });
  const pictures = [{ uploadId: upload.id, alt: 'All sizes' }];
  const { media } = await of.mutate('mediaAttach', { productId: product.id, pictures });
  const query = 'query ($id: ID!) { productReview(id: $id) { isReady items { severity } } }';
  const { productReview } = (await of.graphql(query, { id: product.id })).data;
  expect(productReview.isReady).toBe(true);
  const published = await of.ask('productPublish', '__typename', {
    ...{ id: product.id, version: 2, status: 'ACTIVE' },
  });
  expect(published).toEqual({ __typename: 'ProductPublishSuccess' });
  return media[0].url as string;
}

async function exported(of: Catalog): Promise<string> {
  const query = '{ productExport(format: ONECOUNT_CSV) { url } }';
  const { data } = await of.graphql(query);
  return (await fetch(of.reachable(data.productExport.url))).text();
}

const versionsOf = (of: Catalog) =>
  of.db.read('01900000-0000-7000-8000-00000000000a', (tx) =>
    tx.query('SELECT handle, version FROM product ORDER BY handle'),
  );

it('the sample and the largest product are created, reviewed, published, exported and imported unchanged', async () => {
  const sample = join(import.meta.dirname, '../../../../examples/products.csv');
  await imported(catalog!, await readFile(sample));
  const pictureUrl = await publishLargest(catalog!);
  const before = await versionsOf(catalog!);
  const text = await exported(catalog!);
  // The picture is where anybody can fetch it.
  expect(text).toContain(pictureUrl);
  expect((await fetch(catalog!.reachable(pictureUrl))).status).toBe(200);

  const again = await imported(catalog!, text, { overwriteExisting: true });
  expect(again.totals).toMatchObject({
    ...{ productsUnchanged: 6, productsUpdated: 0, productsCreated: 0 },
    ...{ rowErrors: 0, variantsImported: 15 + 2_048 },
  });
  expect(await versionsOf(catalog!)).toEqual(before);

  const elsewhere = await imported(other!, text);
  expect(elsewhere.totals).toMatchObject({ productsCreated: 6, rowErrors: 0 });
  expect(await exported(other!)).toBe(text);
});
